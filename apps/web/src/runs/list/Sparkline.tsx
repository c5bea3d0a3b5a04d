"use client";

import { useEffect, useRef } from "react";
import type { LiveStore } from "../../live/live-store.ts";
import { historySeconds, type RateHistory } from "../../live/rate-history.ts";

const width = 72;
const height = 20;

export interface SparklineProps {
  readonly store: LiveStore;
  readonly history: RateHistory;
  readonly direction: "in" | "out";
}

/** The last minute of a rate as a line. The number beside it says it in words, so it is hidden from readers. */
export function Sparkline({ store, history, direction }: SparklineProps) {
  const line = useRef<SVGPathElement>(null);
  useEffect(() => {
    let drawn = 0;
    const draw = (): void => line.current?.setAttribute("d", sparkPath(direction === "in" ? history.inPerSecond : history.outPerSecond));
    draw();
    return store.subscribeFrame((frame) => {
      history.addFrame(frame);
      const second = Math.floor(frame.atMs / 1000);
      if (second !== drawn) draw();
      drawn = second;
    });
  }, [store, history, direction]);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" className="shrink-0 text-accent max-lg:hidden">
      <path ref={line} fill="none" stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}

/** The line through the values, scaled to the greatest of them; along the bottom when all are zero. */
export function sparkPath(values: Float64Array): string {
  let max = 0;
  for (const value of values) max = Math.max(max, value);
  const stepX = (width - 2) / (historySeconds - 1);
  let path = "";
  for (let i = 0; i < values.length; i++) {
    const y = height - 2 - (max === 0 ? 0 : ((values[i] ?? 0) / max) * (height - 4));
    path += `${i === 0 ? "M" : "L"}${(1 + i * stepX).toFixed(1)} ${y.toFixed(1)}`;
  }
  return path;
}
