import type { Curve, Growth } from "./growth.ts";

const width = 740;
const height = 340;
const frame = { left: 64, right: 196, top: 56, bottom: 52 };
const plotWidth = width - frame.left - frame.right;
const plotHeight = height - frame.top - frame.bottom;

/** Colours of the curves, in light and in dark; 3:1 against both grounds. */
const style = `
  svg { font: 12px ui-sans-serif, system-ui, sans-serif; }
  .ground { fill: #ffffff; } .grid { stroke: #e3e6ea; } .axis { stroke: #8a929c; }
  .ink { fill: #1d2329; } .soft { fill: #5b636d; } .title { font-size: 14px; font-weight: 600; }
  .c0 { stroke: #1f6fb2; } .c1 { stroke: #b4561a; } .d0 { fill: #1f6fb2; } .d1 { fill: #b4561a; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #14181d; } .grid { stroke: #2a3038; } .axis { stroke: #6d7681; }
    .ink { fill: #e8ebee; } .soft { fill: #a3abb5; }
    .c0 { stroke: #6db3ec; } .c1 { stroke: #eb9a5f; } .d0 { fill: #6db3ec; } .d1 { fill: #eb9a5f; }
  }`;

/** An SVG of curves of cost over what grows, on a logarithmic axis from 1, 10, 100 … on; cost begins at zero. */
export function linePlot({ title, of, curves }: Growth): string {
  const points = curves.flatMap((curve) => curve.points);
  const top = roundUp(Math.max(...points.map(({ nsPerRecord }) => nsPerRecord)));
  const from = Math.floor(Math.log10(Math.min(...points.map(({ at }) => at))));
  const to = Math.ceil(Math.log10(Math.max(...points.map(({ at }) => at))));
  const x = (at: number): number => frame.left + ((Math.log10(at) - from) / (to - from)) * plotWidth;
  const y = (ns: number): number => frame.top + (1 - ns / top) * plotHeight;
  const ends = labelHeights(curves.map((curve) => y(last(curve).nsPerRecord)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="6"/>`,
    text(frame.left, 26, title, "ink title"),
    text(frame.left, 44, "ns of CPU per record", "soft"),
    ...[0, 1, 2, 3, 4].map((i) => gridLine(y((top / 4) * i), (top / 4) * i)),
    ...Array.from({ length: to - from + 1 }, (_, i) => tick(x(10 ** (from + i)), 10 ** (from + i))),
    text(frame.left + plotWidth / 2, height - 12, of, "soft", "middle"),
    ...curves.flatMap((curve, i) => [
      `<polyline class="c${i}" fill="none" stroke-width="2" stroke-linejoin="round" points="${curve.points.map(({ at, nsPerRecord }) => `${number(x(at))},${number(y(nsPerRecord))}`).join(" ")}"/>`,
      ...curve.points.map(({ at, nsPerRecord }) => `<circle class="d${i}" cx="${number(x(at))}" cy="${number(y(nsPerRecord))}" r="3.5"/>`),
      text(x(last(curve).at) + 10, ends[i] + 4, `${curve.name}, ${last(curve).nsPerRecord.toFixed(0)} ns`, "ink"),
    ]),
    "</svg>\n",
  ].join("\n");
}

function last({ points }: Curve): Curve["points"][number] {
  return points[points.length - 1];
}

/** Moves labels apart that would lie over each other. */
function labelHeights(heights: readonly number[]): readonly number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
  const moved = [...heights];
  for (let i = 1; i < order.length; i++) moved[order[i]] = Math.max(moved[order[i]], moved[order[i - 1]] + 16);
  return moved;
}

function gridLine(y: number, ns: number): string {
  return `<line class="${ns === 0 ? "axis" : "grid"}" x1="${frame.left}" x2="${frame.left + plotWidth}" y1="${number(y)}" y2="${number(y)}"/>${text(frame.left - 8, y + 4, ns.toFixed(0), "soft", "end")}`;
}

function tick(x: number, at: number): string {
  const bottom = frame.top + plotHeight;
  return `<line class="axis" x1="${number(x)}" x2="${number(x)}" y1="${bottom}" y2="${bottom + 4}"/>${text(x, bottom + 18, at.toLocaleString("en"), "soft", "middle")}`;
}

function text(x: number, y: number, content: string, className: string, anchor = "start"): string {
  return `<text class="${className}" x="${number(x)}" y="${number(y)}" text-anchor="${anchor}">${content}</text>`;
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The next of 4, 8, 20, 40, 80, 200 …, so that quarters of it are round. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [0.4, 0.8, 1.2, 2, 4, 8, 12, 20].map((factor) => factor * power).find((candidate) => candidate >= value) ?? value;
}
