"use client";

import type { DeploymentStatus, MetricsFrame } from "@millrace/protocol";
import type { ReactNode } from "react";
import { agoWords, durationWords } from "../../design/format/durations.ts";
import { countWords, rateWords } from "../../design/format/numbers.ts";
import { useNow } from "../../design/Time.tsx";
import { LiveNumber } from "../../live/LiveNumber.tsx";
import type { LiveStore } from "../../live/live-store.ts";
import { hasEnded, type ObservedState } from "../../live/observe-deployment.ts";
import { pipelineRates } from "../../live/pipeline-rates.ts";

export interface RunNumbersProps {
  readonly store: LiveStore | null;
  readonly status: DeploymentStatus | null;
  readonly state: ObservedState;
  readonly version: number;
}

/** The strip of numbers under the bar. */
export function RunNumbers({ store, status, state, version }: RunNumbersProps) {
  return (
    <dl className="grid shrink-0 grid-cols-[repeat(9,minmax(0,1fr))] border-b border-line bg-surface-1 max-lg:grid-cols-[repeat(5,minmax(0,1fr))] max-md:grid-cols-3">
      <Item label="Version" meaning="The deployed version; the draft may be ahead of it.">
        {version}
      </Item>
      <Item label="Uptime" meaning="Since the runtime started it, or restarted it.">
        <Uptime status={status} state={state} />
      </Item>
      <Item label="In" meaning="Records a second out of the sources.">
        <LiveNumber store={store} read={(frame) => rateWords(pipelineRates(frame).inPerSecond)} />
      </Item>
      <Item label="Out" meaning="Records a second into the sinks.">
        <LiveNumber store={store} read={(frame) => rateWords(pipelineRates(frame).outPerSecond)} />
      </Item>
      <Item
        label="Watermark lag"
        meaning="How far the watermark is behind the clock; negative when event time is simulated and runs ahead."
      >
        <LiveNumber store={store} read={lagWords} />
      </Item>
      <Item label="Late" meaning="Records that came after the watermark had passed them, in all.">
        <LiveNumber store={store} read={(frame) => countWords(pipelineRates(frame).late)} />
      </Item>
      <Item label="Dead letters" meaning="Records that could not be used, in all.">
        <LiveNumber store={store} read={(frame) => countWords(pipelineRates(frame).deadLettered)} />
      </Item>
      <Item label="Checkpoint" meaning="How old the newest committed checkpoint is.">
        <LiveNumber store={store} read={checkpointWords} />
      </Item>
      <Item label="Restarts" meaning="How often it failed and started again.">
        {status === null ? "–" : countWords(status.restarts)}
      </Item>
    </dl>
  );
}

function Item({ label, meaning, children }: { readonly label: string; readonly meaning: string; readonly children: ReactNode }) {
  return (
    <div title={meaning} className="flex min-w-0 flex-col gap-0.5 px-4 py-2.5 max-xl:px-3">
      <dt className="truncate text-12 text-ink-3">{label}</dt>
      <dd className="figures truncate text-14 font-semibold text-ink">{children}</dd>
    </div>
  );
}

function Uptime({ status, state }: { readonly status: DeploymentStatus | null; readonly state: ObservedState }) {
  const nowMs = useNow(1000);
  if (status === null || nowMs === null || state === "NO_OWNER" || hasEnded(status.state)) return "–";
  return durationWords(Math.max(0, nowMs - status.startedAtMs));
}

/** `4.2 s`; negative when simulated time runs ahead of the clock. */
function lagWords(frame: MetricsFrame): string {
  const { watermarkMs } = pipelineRates(frame);
  if (watermarkMs === null) return "no watermark yet";
  return watermarkMs >= endOfTimeMs ? "end of input" : durationWords(frame.atMs - watermarkMs);
}

/** Watermarks beyond any date mean that the input has ended. */
const endOfTimeMs = 8e15;

function checkpointWords({ checkpoint }: MetricsFrame): string {
  return checkpoint.ageMs === null ? "none yet" : agoWords(checkpoint.ageMs);
}
