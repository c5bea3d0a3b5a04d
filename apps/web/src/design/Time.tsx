"use client";

import { useEffect, useState } from "react";
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
  const [nowMs, setNowMs] = useState<number | null>(null);
  useEffect(() => {
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
