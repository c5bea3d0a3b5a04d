"use client";

import { useSyncExternalStore } from "react";
import { agoWords } from "./format/durations.ts";
import { timeWords, utcWords } from "./format/times.ts";

export interface TimeProps {
  /** ms since the epoch. */
  readonly atMs: number;
  /** `ago` says how long ago and keeps saying it right. */
  readonly as?: "time" | "ago";
  readonly className?: string;
}

/** A moment in the viewer's zone, UTC on hover. The server does not know the zone, so it renders UTC and the browser corrects it. */
export function Time({ atMs, as = "time", className }: TimeProps) {
  const nowMs = useNow(as === "ago" ? 10_000 : 60_000);
  const text = nowMs === null ? utcWords(atMs).slice(0, 16) : as === "ago" ? agoWords(nowMs - atMs) : timeWords(atMs, nowMs);
  return (
    <time dateTime={new Date(atMs).toISOString()} title={utcWords(atMs)} className={className ?? "figures whitespace-nowrap"}>
      {text}
    </time>
  );
}

/** The time of the browser's clock, renewed every so often; null on the server and in the first render. */
export function useNow(everyMs: number): number | null {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(ticker.subscribe, ticker.read, () => null);
}

interface Ticker {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number;
}

/** One timer for each interval, however many times are on the page. */
const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const known = tickers.get(everyMs);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  let nowMs = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    nowMs = Date.now();
    for (const listener of listeners) listener();
  };
  const ticker: Ticker = {
    read: () => nowMs,
    subscribe: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) {
        nowMs = Date.now();
        timer = setInterval(tick, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
  tickers.set(everyMs, ticker);
  return ticker;
}
