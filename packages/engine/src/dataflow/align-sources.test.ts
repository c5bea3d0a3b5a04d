import { describe, expect, it } from "vitest";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { createMemorySink } from "../connector/memory-sink.ts";
import type { SourceConnector } from "../connector/source-port.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import type { Alignment } from "../time/watermark.ts";
import { bigintType } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";
import { alignSources } from "./align-sources.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";

const alignment: Alignment = { group: "", maxDriftMs: 100 };
const member = (leastWatermark: number, own: Alignment | null = alignment) => {
  const limits: number[] = [];
  return { alignment: own, leastWatermark, holdBeyond: (limit: number) => void limits.push(limit), limits };
};

describe("sources of one group", () => {
  it("may be their drift ahead of the least, each its own", () => {
    const [slow, fast, loose] = [member(1000), member(5000), member(9000, { group: "", maxDriftMs: 2000 })];
    alignSources([slow, fast, loose]);
    expect([slow.limits, fast.limits, loose.limits]).toEqual([[1100], [1100], [3000]]);
  });

  it("wait for no other group, and not for what is in none, has ended or had no record yet", () => {
    const [own, other, none] = [member(1000), member(5, { group: "b", maxDriftMs: 1 }), member(1, null)];
    const empty = member(Number.POSITIVE_INFINITY);
    alignSources([own, other, none, empty]);
    expect([own.limits, other.limits, none.limits, empty.limits]).toEqual([[1100], [6], [], [1100]]);
  });
});

const fields = [
  { name: "source", type: bigintType },
  { name: "at", type: bigintType },
];
const type: StreamType = { fields, time: "event", timeField: "at", changelog: "append", key: [] };

/** Two sources, of records `{source, at}`, into one sink. */
function plan(drift: Alignment | null, idleTimeoutMs: number | null = null): LogicalPlan {
  const sources = [0, 1].map(
    (i): PlanStep => ({
      id: `s${i}:source`,
      node: `s${i}`,
      operator: {
        op: "source",
        connector: "steps",
        options: { source: i },
        format: { kind: "columns" },
        fields,
        timeField: "at",
        watermark: { kind: "bounded", disorderMs: 0, idleTimeoutMs, nullTime: "drop", ...(drift === null ? {} : { alignment: drift }) },
        pace: null,
      },
      inputs: [],
      outputs: { out: type },
      liveFields: { out: [true, true] },
    }),
  );
  const inputs = sources.map(({ id }) => ({ operator: id, port: "out" }));
  const union: PlanStep = {
    id: "u:union",
    node: "u",
    operator: { op: "union", inputs },
    inputs: [type, type],
    outputs: { out: type },
    liveFields: { out: [true, true] },
  };
  const sink: PlanStep = {
    id: "k:sink",
    node: "k",
    operator: { op: "sink", input: { operator: union.id, port: "out" }, connector: "memory", options: {}, format: { kind: "json" } },
    inputs: [type],
    outputs: {},
    liveFields: {},
  };
  return { pipelineId: "p", steps: [...sources, union, sink], edges: [] };
}

/** What a source brings, by its splits: times, or "wait" for a poll that brings nothing. A poll brings one record. */
type Script = readonly Readonly<Record<string, readonly (number | "wait")[]>>[];

/** All splits begin; then, of those that are not paused, the first that is not done goes on. */
function steps(script: Script, pausable = true): SourceConnector {
  return {
    async open({ options, position }) {
      const own = Number(options.source);
      const at = new Map<string, number>(
        Object.entries(typeof position === "object" && position !== null ? position : {}).map(([name, to]) => [name, Number(to)]),
      );
      let paused: ReadonlySet<string> = new Set();
      const lists = Object.entries(script[own]);
      const pause = (splits: ReadonlySet<string>): void => {
        paused = splits;
      };
      const left = ([name, list]: readonly [string, readonly unknown[]]) => (at.get(name) ?? 0) < list.length;
      return {
        async poll() {
          if (!lists.some(left)) return { kind: "end" };
          const open = lists.filter((entry) => left(entry) && !(pausable && paused.has(entry[0])));
          const next = open.find(([name]) => !at.has(name)) ?? open.at(0);
          if (next === undefined) return { kind: "idle" };
          const [name, list] = next;
          const time = list[at.get(name) ?? 0];
          at.set(name, (at.get(name) ?? 0) + 1);
          if (time === "wait") return { kind: "idle" };
          const builder = createBatchBuilder(fields, {});
          builder.appendRow([own, time], time);
          return { kind: "batch", split: name, batch: builder.build(), deadLetters: [] };
        },
        position: () => Object.fromEntries(at),
        splits: () => lists.map(([name]) => name),
        ended: () => lists.filter((entry) => !left(entry)).map(([name]) => name),
        ...(pausable ? { pause } : {}),
        async close() {},
      };
    },
  };
}

interface Options {
  readonly idleTimeoutMs?: number;
  readonly pausable?: boolean;
  /** Stops at each of these checkpoints, and goes on from it. */
  readonly stopAt?: readonly number[];
}

/** The records in the order in which they went on, as `[source, at]`. */
async function orderOf(script: Script, drift: Alignment | null, { idleTimeoutMs, pausable = true, stopAt = [] }: Options = {}) {
  const store = createMemoryCheckpointStore();
  const sink = createMemorySink();
  const stops = new Set(stopAt);
  for (let outcome = ""; outcome !== "finished"; ) {
    const run = createPipelineRun({
      plan: plan(drift, idleTimeoutMs ?? null),
      graphHash: "h",
      checkpointIntervalMs: 0,
      connectors: { sources: new Map([["steps", steps(script, pausable)]]), sinks: new Map([["memory", sink]]) },
      store,
      clock: createSimulatedClock(),
      startFrom: "latest",
      onEvent: (event) => {
        if (event.kind === "checkpoint-committed" && stops.delete(event.checkpoint)) run.stop({ drain: false });
      },
    });
    outcome = await run.run();
  }
  return sink.rows("k:sink").map((row) => [Number(row.source), Number(row.at)] as const);
}

/** The furthest that a record was ahead of the newest one of the other side before it, once both have begun. */
function furthest(order: readonly (readonly [side: number | string, at: number])[]): number {
  const newest = new Map<number | string, number>();
  let most = 0;
  for (const [side, at] of order) {
    for (const [other, reached] of newest) if (other !== side && newest.has(side)) most = Math.max(most, at - reached);
    newest.set(side, Math.max(newest.get(side) ?? 0, at));
  }
  return most;
}

const range = (from: number, to: number, step: number) => Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
const waits = (count: number) => Array.from({ length: count }, () => "wait" as const);

describe("a run with aligned sources", () => {
  // The first source has many records a step of time, and waits between them; the second runs ahead.
  const script: Script = [{ a: range(0, 1000, 50).flatMap((at) => [at, "wait" as const, "wait" as const]) }, { b: range(0, 1000, 10) }];
  const all = 120;

  it("lets none go further ahead than the drift and a batch; without alignment it does", async () => {
    const free = await orderOf(script, null);
    const aligned = await orderOf(script, alignment);
    expect([free.length, aligned.length]).toEqual([all, all]);
    // A step of the first source is 50.
    expect(furthest(aligned)).toBeLessThanOrEqual(alignment.maxDriftMs + 50);
    expect(furthest(aligned)).toBeLessThan(furthest(free));
  });

  it("brings every record once when it is stopped again and again while one waits, and keeps to the drift", async () => {
    const aligned = await orderOf(script, alignment, { stopAt: range(2, 60, 3) });
    const sorted = (order: readonly (readonly [number, number])[]) => order.map(([own, at]) => own * 10_000 + at).sort((a, b) => a - b);
    expect(sorted(aligned)).toEqual(sorted(await orderOf(script, null)));
  });

  it("pauses one split of a source for the other, and goes on when that one has ended", async () => {
    const splits: Script = [{ greedy: range(0, 2000, 10), slow: range(0, 500, 10) }, {}];
    const order = await orderOf(splits, alignment);
    expect(order).toHaveLength(250);
    const free = await orderOf(splits, null);
    expect(free.map(([, at]) => at).slice(0, 201)).toEqual([0, ...range(0, 2000, 10)]);
    const [atOf490] = order.flatMap(([, at], i) => (at === 490 ? [i] : [])).slice(-1);
    expect(Math.max(...order.slice(0, atOf490).map(([, at]) => at))).toBeLessThanOrEqual(490 + alignment.maxDriftMs + 10);
  });

  it("does not wait for a split that is idle", async () => {
    const splits: Script = [{ a: range(0, 1000, 10), b: [0, ...waits(1)] }, { c: [0, ...waits(200), 5000] }];
    const order = await orderOf(splits, alignment, { idleTimeoutMs: 300 });
    expect(order).toHaveLength(103);
  });

  it("reads a source that cannot pause single splits on, rather than stand still", async () => {
    const splits: Script = [{ greedy: range(0, 2000, 10), slow: range(0, 500, 10) }, {}];
    expect(await orderOf(splits, alignment, { pausable: false })).toHaveLength(250);
  });
});
