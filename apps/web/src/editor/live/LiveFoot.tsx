"use client";

import type { NodeMetrics } from "@millrace/protocol";
import { memo, useEffect, useRef } from "react";
import { countWords, rateWords } from "../../design/format/numbers.ts";
import { useLiveMetrics } from "./live-metrics.ts";

export interface LiveFootProps {
  readonly slug: string;
  readonly hasInput: boolean;
  readonly hasOutput: boolean;
  /** Windows show their watermark. */
  readonly showsWatermark: boolean;
}

/**
 * The live line of a card: in → out rates, late records, the watermark of a window. Numbers are written straight
 * into the page, past React: they change several times a second on every card.
 */
export const LiveFoot = memo(function LiveFoot({ slug, hasInput, hasOutput, showsWatermark }: LiveFootProps) {
  const metrics = useLiveMetrics();
  const rates = useRef<HTMLSpanElement>(null);
  const note = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (metrics === null) return;
    return metrics.subscribeNode(slug, (numbers) => {
      write(rates.current, ratesText(numbers, hasInput, hasOutput));
      const side = noteOf(numbers, showsWatermark);
      write(note.current, side.text);
      if (note.current !== null && note.current.title !== side.title) note.current.title = side.title;
      note.current?.toggleAttribute("data-late", side.isLate);
    });
  }, [metrics, slug, hasInput, hasOutput, showsWatermark]);

  return (
    <div className="node-card-foot figures">
      <span ref={rates}>{"\u2013"}</span>
      <span ref={note} className="node-card-note" />
    </div>
  );
});

function write(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

function ratesText(numbers: NodeMetrics, hasInput: boolean, hasOutput: boolean): string {
  if (!hasInput) return `${rateWords(numbers.outPerSecond)} out`;
  if (!hasOutput) return `${rateWords(numbers.inPerSecond)} in`;
  return `${rateWords(numbers.inPerSecond)} \u2192 ${rateWords(numbers.outPerSecond)}`;
}

function noteOf(
  numbers: NodeMetrics,
  showsWatermark: boolean,
): { readonly text: string; readonly title: string; readonly isLate: boolean } {
  if (numbers.late > 0) {
    return { text: `${countWords(numbers.late)} late`, title: "Records that came after the watermark had passed them", isLate: true };
  }
  if (!showsWatermark) return { text: "", title: "", isLate: false };
  if (numbers.watermarkMs === null)
    return { text: "waiting", title: "No watermark yet: nothing can be closed before records arrive", isLate: false };
  const time = new Date(numbers.watermarkMs);
  const clock = Number.isNaN(time.getTime()) ? "end" : time.toLocaleTimeString(undefined, { hour12: false });
  const utc = Number.isNaN(time.getTime()) ? "" : ` (${time.toISOString()})`;
  return { text: clock, title: `Watermark ${clock}: no earlier record is expected${utc}`, isLate: false };
}
