"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTRPC } from "../../../client/trpc.ts";
import { CategoryIcon } from "../../../design/CategoryIcon.tsx";
import { durationWords } from "../../../design/format/durations.ts";
import { bytesWords, countWords, rateWords, shareWords } from "../../../design/format/numbers.ts";
import { Select } from "../../../design/Select.tsx";
import { LiveNodeNumber } from "../../../live/LiveNumber.tsx";
import type { LiveStore } from "../../../live/live-store.ts";
import type { RunNode } from "../read-deployed.ts";
import { byteSteps, countSteps, durationSteps } from "./axis-steps.ts";
import { NodeCounters } from "./NodeCounters.tsx";
import { NodeHistory } from "./node-history.ts";
import { TimeChart } from "./TimeChart.tsx";

export interface NodeChartsProps {
  readonly deploymentId: string;
  readonly store: LiveStore | null;
  readonly nodes: readonly RunNode[];
  /** Slug of the node that is shown. */
  readonly node: string;
  readonly onNodeChange: (slug: string) => void;
}

/** The last five minutes of one node. */
export function NodeCharts({ deploymentId, store, nodes, node: slug, onNodeChange }: NodeChartsProps) {
  const node = nodes.find((candidate) => candidate.slug === slug);
  const { history, subscribe } = useNodeHistory(deploymentId, store, slug);
  const { atS, inPerSecond, outPerSecond, lagS, stateBytes, late } = history.columns;
  const rates = [
    ...(node?.hasInput === false ? [] : [{ label: "in", color: "var(--series-1)", column: inPerSecond }]),
    ...(node?.hasOutput === false
      ? []
      : [
          {
            label: "out",
            color: `var(--series-${node?.hasInput === false ? 1 : 2})`,
            column: outPerSecond,
            dashed: node?.hasInput !== false,
          },
        ]),
  ];
  return (
    <aside
      aria-label="Charts of a node"
      className="flex w-96 shrink-0 flex-col gap-4 overflow-y-auto border-l border-line bg-surface-1 p-4 max-lg:w-80 max-md:w-full max-md:border-t max-md:border-l-0"
    >
      <div className="flex items-end gap-2">
        {node !== undefined && <CategoryIcon category={node.category} icon={node.icon} size={32} />}
        <Select
          label="Node"
          hideLabel
          value={slug}
          onValueChange={onNodeChange}
          options={nodes.map((one) => ({ value: one.slug, label: one.label }))}
          className="flex-1"
        />
      </div>
      <NodeNumbers store={store} slug={slug} />
      <NodeCounters store={store} slug={slug} />
      <TimeChart
        key={`rates ${slug}`}
        title="Records per second"
        series={rates}
        data={[atS, ...rates.map((rate) => rate.column)]}
        words={rateWords}
        steps={countSteps}
        subscribe={subscribe}
        group={deploymentId}
      />
      <TimeChart
        title="Watermark lag"
        series={[lagSeries]}
        data={[atS, lagS]}
        words={lagWords}
        steps={durationSteps}
        subscribe={subscribe}
        group={deploymentId}
      />
      <TimeChart
        title="State"
        series={[stateSeries]}
        data={[atS, stateBytes]}
        words={bytesWords}
        steps={byteSteps}
        subscribe={subscribe}
        group={deploymentId}
      />
      <TimeChart
        title="Late records"
        series={[lateSeries]}
        data={[atS, late]}
        words={countWords}
        steps={countSteps}
        subscribe={subscribe}
        group={deploymentId}
      />
    </aside>
  );
}

const lagSeries = { label: "behind", color: "var(--series-1)" };
const stateSeries = { label: "size", color: "var(--series-1)" };
const lateSeries = { label: "in all", color: "var(--series-1)" };

/** Negative when event time is simulated and runs ahead of the clock. */
function lagWords(seconds: number): string {
  return seconds === 0 ? "0" : durationWords(seconds * 1000);
}

/** The node's history: from the server what was before, from the live store what comes. */
function useNodeHistory(deploymentId: string, store: LiveStore | null, slug: string) {
  const trpc = useTRPC();
  const { data: past } = useQuery(
    trpc.metrics.recent.queryOptions({ deploymentId, node: slug }, { staleTime: 0, gcTime: 0, refetchOnWindowFocus: false }),
  );
  const source = useMemo(() => {
    const history = new NodeHistory();
    past?.atMs.forEach((atMs, i) => {
      history.add(atMs, {
        inPerSecond: past.inPerSecond[i] ?? 0,
        outPerSecond: past.outPerSecond[i] ?? 0,
        watermarkMs: past.watermarkMs[i] ?? null,
        stateBytes: past.stateBytes[i] ?? 0,
        stateKeys: past.stateKeys[i] ?? 0,
        late: past.late[i] ?? 0,
      });
    });
    const listeners = new Set<() => void>();
    const subscribe = (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    return { history, listeners, subscribe };
  }, [past]);
  useEffect(
    () =>
      store?.subscribeNode(slug, (metrics, frame) => {
        source.history.add(frame.atMs, metrics);
        for (const listener of source.listeners) listener();
      }),
    [store, slug, source],
  );
  return source;
}

function NodeNumbers({ store, slug }: { readonly store: LiveStore | null; readonly slug: string }) {
  return (
    <dl className="grid grid-cols-3 gap-x-3 gap-y-2 text-12">
      <NodeNumber label="In, total" store={store} slug={slug} read={(metrics) => countWords(metrics.recordsIn)} />
      <NodeNumber label="Out, total" store={store} slug={slug} read={(metrics) => countWords(metrics.recordsOut)} />
      <NodeNumber label="Keys in state" store={store} slug={slug} read={(metrics) => countWords(metrics.stateKeys)} />
      <NodeNumber label="Busy" store={store} slug={slug} read={(metrics) => shareWords(metrics.busy)} />
      <NodeNumber label="Back-pressured" store={store} slug={slug} read={(metrics) => shareWords(metrics.backPressured)} />
      <NodeNumber label="Dead letters" store={store} slug={slug} read={(metrics) => countWords(metrics.deadLettered)} />
    </dl>
  );
}

interface NodeNumberProps {
  readonly label: string;
  readonly store: LiveStore | null;
  readonly slug: string;
  readonly read: Parameters<typeof LiveNodeNumber>[0]["read"];
}

function NodeNumber({ label, ...number }: NodeNumberProps) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-ink-3">{label}</dt>
      <dd className="text-13 font-medium text-ink">
        <LiveNodeNumber {...number} />
      </dd>
    </div>
  );
}
