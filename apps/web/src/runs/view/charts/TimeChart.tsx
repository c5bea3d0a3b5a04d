"use client";

import { useEffect, useId, useRef } from "react";
import uPlot from "uplot";
import { clockWords } from "../../../design/format/times.ts";
import { onThemeChange } from "./chart-colors.ts";
import { type ChartSeries, chartOptions } from "./chart-options.ts";
import { windowS } from "./node-history.ts";
import "./time-chart.css";

export interface TimeChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** Writes a value of the chart with its unit. */
  readonly words: (value: number) => string;
  /** Distances between the ticks of the value axis, see `axis-steps.ts`. */
  readonly steps: readonly number[];
  /** Times (s) and a column for each series; the same arrays every time, grown in place. */
  readonly data: readonly [readonly number[], ...(readonly (readonly (number | null)[])[])];
  /** Calls back whenever the data has grown. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Charts of one group share their cursor. */
  readonly group: string;
}

/** Height of the plot with its axes, px. */
const heightPx = 84;

/**
 * Values over the last five minutes. Data goes straight to the canvas and the legend, past React. The canvas is an
 * image with a label; the newest values are in the legend, and a sentence for readers is renewed every five seconds.
 */
export function TimeChart({ title, series, words, steps, data, subscribe, group }: TimeChartProps) {
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<(HTMLSpanElement | null)[]>([]);
  const summary = useRef<HTMLParagraphElement>(null);
  const latest = useRef({ series, words, steps, data });
  latest.current = { series, words, steps, data };

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let plot: uPlot | null = null;
    let said = 0;
    const aligned = (): uPlot.AlignedData => latest.current.data as uPlot.AlignedData;

    const showAt = (index: number | null): void => {
      const { data: columns, words: write } = latest.current;
      columns.slice(1).forEach((column, i) => {
        const value = index === null ? column.at(-1) : column[index];
        setText(legend.current[i], value === null || value === undefined ? "–" : write(value));
      });
    };
    const build = (): void => {
      plot?.destroy();
      const { data: _data, ...look } = latest.current;
      const options = chartOptions({ ...look, host: element, height: heightPx, group, onCursor: showAt });
      plot = new uPlot(options, aligned(), element);
    };
    const draw = (): void => {
      if (plot === null) return;
      const end = latest.current.data[0].at(-1) ?? Date.now() / 1000;
      plot.batch(() => {
        plot?.setData(aligned(), false);
        plot?.setScale("x", { min: end - windowS, max: end });
      });
      if (plot.cursor.idx === null || plot.cursor.idx === undefined) showAt(null);
      if (end - said >= 5) setText(summary.current, summaryWords(title, latest.current));
      if (end - said >= 5) said = end;
    };
    build();
    draw();
    const resize = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: heightPx }));
    resize.observe(element);
    const endData = subscribe(draw);
    const endTheme = onThemeChange(() => {
      build();
      draw();
    });
    return () => {
      resize.disconnect();
      endData();
      endTheme();
      plot?.destroy();
    };
  }, [subscribe, group, title]);

  return (
    <figure className="flex flex-col gap-1">
      <figcaption id={id} className="flex items-baseline justify-between gap-3 text-12">
        <span className="font-medium text-ink-2">{title}</span>
        <span className="flex gap-3">
          {series.map((one, i) => (
            <span key={one.label} className="flex items-baseline gap-1.5 text-ink-3">
              <svg width="12" height="8" aria-hidden="true" className="self-center">
                <path d="M0 4h12" stroke={one.color} strokeWidth="2" strokeDasharray={one.dashed ? "3 2" : undefined} />
              </svg>
              {one.label}
              <span
                ref={(element) => {
                  legend.current[i] = element;
                }}
                className="figures min-w-12 text-right font-medium text-ink"
              >
                –
              </span>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={host} role="img" aria-labelledby={id} aria-describedby={`${id}-text`} className="time-chart h-21 w-full" />
      <p ref={summary} id={`${id}-text`} className="sr-only" />
    </figure>
  );
}

function setText(element: HTMLElement | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

/** The chart in a sentence: newest, least and greatest value of each series. */
function summaryWords(title: string, { series, words, data }: Pick<TimeChartProps, "series" | "words" | "data">): string {
  const parts = series.map((one, i) => {
    const column: readonly (number | null)[] = data[i + 1] ?? [];
    const values = column.filter((value) => value !== null);
    const now = values.at(-1);
    if (now === undefined) return `${one.label}: nothing yet`;
    const least = values.reduce((a, b) => Math.min(a, b), now);
    const greatest = values.reduce((a, b) => Math.max(a, b), now);
    return `${one.label}: now ${words(now)}, between ${words(least)} and ${words(greatest)}`;
  });
  const end = data[0].at(-1);
  return `${title} over the last five minutes${end === undefined ? "" : `, until ${clockWords(end * 1000)}`}. ${parts.join(". ")}.`;
}
