"use client";

import { rateWords } from "../../design/format/numbers.ts";
import { LiveNumber } from "../../live/LiveNumber.tsx";
import type { LiveStore } from "../../live/live-store.ts";
import { pipelineRates } from "../../live/pipeline-rates.ts";
import type { RateHistory } from "../../live/rate-history.ts";
import { Sparkline } from "./Sparkline.tsx";

export interface RateCellProps {
  readonly store: LiveStore;
  readonly history: RateHistory;
  readonly direction: "in" | "out";
}

/** A rate as it is now, with its last minute drawn beside it. */
export function RateCell({ store, history, direction }: RateCellProps) {
  return (
    <span className="flex items-center justify-end gap-2">
      <Sparkline store={store} history={history} direction={direction} />
      <LiveNumber
        store={store}
        className="w-14 text-right"
        read={(frame) => rateWords(direction === "in" ? pipelineRates(frame).inPerSecond : pipelineRates(frame).outPerSecond)}
      />
    </span>
  );
}
