import type uPlot from "uplot";
import { clockWords } from "../../../design/format/times.ts";
import { resolveColors } from "./chart-colors.ts";

export interface ChartSeries {
  readonly label: string;
  /** A token: `var(--series-1)`. */
  readonly color: string;
  readonly dashed?: boolean;
}

export interface ChartSetup {
  readonly host: HTMLElement;
  readonly height: number;
  readonly series: readonly ChartSeries[];
  readonly words: (value: number) => string;
  /** Distances between the ticks of the value axis, see `axis-steps.ts`. */
  readonly steps: readonly number[];
  readonly group: string;
  /** Index of the point under the cursor; null when it leaves. */
  readonly onCursor: (index: number | null) => void;
}

const axisWidth = 60;

/** Options of a chart in our look: no legend of its own, quiet grid, our words on the axes, a cursor shared by the group. */
export function chartOptions({ host, height, series, words, steps, group, onCursor }: ChartSetup): uPlot.Options {
  const colors = resolveColors({ text: "var(--ink-3)", grid: "var(--line)", surface: "var(--surface-1)" }, host);
  const lines = resolveColors(Object.fromEntries(series.map((one, i) => [String(i), one.color])), host);
  const font = `12px ${getComputedStyle(host).fontFamily}`;
  const axis = { stroke: colors.text, font, ticks: { show: false }, gap: 6 };
  return {
    width: Math.max(1, host.clientWidth),
    height,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    scales: { x: { time: false }, y: { range: (_plot, min, max) => valueRange(min, max) } },
    axes: [
      {
        ...axis,
        size: 20,
        space: 72,
        grid: { show: false },
        values: (_plot, splits) => splits.map((second) => clockWords(second * 1000).slice(0, 5)),
        incrs: [60, 120, 300],
      },
      {
        ...axis,
        size: axisWidth,
        space: 28,
        grid: { stroke: colors.grid, width: 1 },
        incrs: [...steps],
        values: (_plot, splits) => splits.map(words),
      },
    ],
    series: [
      {},
      ...series.map((one, i) => ({
        label: one.label,
        stroke: lines[String(i)] ?? colors.text,
        width: 1.5,
        points: { show: false },
        spanGaps: false,
        ...(one.dashed ? { dash: [4, 3] } : {}),
      })),
    ],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: group, setSeries: false },
      points: { size: 6, width: 1.5, fill: colors.surface },
    },
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

/** From zero (or the least, when that is below) to a little above the greatest, and never a flat range. */
export function valueRange(min: number | null, max: number | null): [number, number] {
  const low = Math.min(0, min ?? 0);
  const high = Math.max(0, max ?? 0);
  return low === high ? [0, 1] : [low * 1.1, high * 1.1];
}
