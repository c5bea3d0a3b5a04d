import {
  checkGraph,
  createMemoryCheckpointStore,
  createMemorySink,
  createPipelineRun,
  type JsonObject,
  type LogicalPlan,
  parsePipeline,
  planGraph,
  type RunEvent,
  type SourceConnector,
} from "@millrace/engine";
import { createSimulatedClock, RandomSource } from "@millrace/engine/testing";
import { catalogue } from "@millrace/nodes";
import { describe, expect, it } from "vitest";
import { compareRows } from "./compare-rows.ts";

const before = [
  { as: "n", fn: "count" },
  { as: "total", fn: "sum", argument: "v" },
  { as: "kinds", fn: "count_distinct", argument: "kind" },
] as const;
/** The same in another order, with two more between them: one in typed columns, one that is written as it likes. */
const after = [
  { as: "lowest", fn: "min", argument: "v" },
  before[2],
  { as: "newest", fn: "last", argument: "kind" },
  before[0],
  before[1],
] as const;
const added = ["lowest", "newest"];

const operators: Readonly<Record<string, { readonly type: string; readonly params: JsonObject; readonly version?: number }>> = {
  "a tumbling window": { type: "tumbling-window", params: { keyBy: ["k"], size: "10s" } },
  "a hopping window": { type: "hopping-window", params: { keyBy: ["k"], size: "20s", slide: "5s" } },
  "a session window": { type: "session-window", params: { keyBy: ["k"], gap: "2s" } },
  "a window by count": { type: "count-window", params: { keyBy: ["k"], size: 7, slide: 7 } },
  "a look back": { type: "look-back", params: { keyBy: ["k"], range: "8s" } },
};

const lines = makeLines(600);
const half = 300;

/** About four records a second, out of order by less than three, in silences now and then. */
function makeLines(count: number): readonly string[] {
  const random = new RandomSource(7);
  let at = 1_000_000;
  return Array.from({ length: count }, (_, id) => {
    at += random.below(500) + (random.chance(0.05) ? 4000 : 0);
    const row = { id, at: at - random.below(2500), k: `k${random.below(5)}`, v: random.below(100), kind: `kind ${random.below(6)}` };
    return JSON.stringify(row);
  });
}

function planOf(operator: (typeof operators)[string], aggregates: readonly JsonObject[]): LogicalPlan {
  const fields = [
    { name: "id", type: "bigint" },
    { name: "at", type: "timestamp" },
    { name: "k", type: "string" },
    { name: "v", type: "bigint" },
    { name: "kind", type: "string" },
  ];
  const pipeline = {
    id: "p",
    name: "P",
    nodes: {
      read: { type: "file-source", version: 1, params: { path: "in", fields, timeField: "at", disorder: "3s" } },
      per_key: { type: operator.type, version: operator.version ?? 1, params: { ...operator.params, aggregates } },
      out: { type: "file-sink", version: 1, params: { path: "out" } },
    },
    edges: [
      { from: "per_key.out", to: "out.in" },
      { from: "read.out", to: "per_key.in" },
    ],
  };
  const parsed = parsePipeline(JSON.stringify({ formatVersion: 1, pipeline }), catalogue);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  const { checked, diagnostics } = checkGraph(parsed.value.pipeline, catalogue);
  if (checked === null) throw new Error(diagnostics[0].message);
  const plan = planGraph(checked);
  if (!plan.ok) throw new Error(plan.diagnostics[0].message);
  return plan.value;
}

interface Ran {
  readonly rows: readonly JsonObject[];
  readonly events: readonly RunEvent[];
}

/** Runs plans one after the other over the lines, each but the last stopped without a drain when it has read its share. */
async function run(...plans: readonly LogicalPlan[]): Promise<Ran> {
  const [store, sink, events] = [createMemoryCheckpointStore(), createMemorySink(), [] as RunEvent[]];
  for (const [i, plan] of plans.entries()) {
    const until = Math.round((lines.length * (i + 1)) / plans.length);
    const source: SourceConnector = {
      async open({ position, clock }) {
        let at = typeof position === "number" ? position : 0;
        return {
          async poll() {
            if (at >= lines.length) return { kind: "end" };
            if (at >= until) {
              running.stop({ drain: false });
              await clock.sleep(1);
              return { kind: "idle" };
            }
            const part = lines.slice(at, Math.min(until, at + 25));
            at += part.length;
            return { kind: "bytes", split: "file", bytes: new TextEncoder().encode(`${part.join("\n")}\n`), firstLine: at };
          },
          position: () => at,
          async close() {},
        };
      },
    };
    const running = createPipelineRun({
      plan,
      graphHash: "g",
      checkpointIntervalMs: 1000,
      connectors: { sources: new Map([["file", source]]), sinks: new Map([["file", sink]]) },
      store,
      clock: createSimulatedClock(0),
      startFrom: "latest",
      onEvent: (event) => events.push(event),
    });
    expect(await running.run()).toBe(i === plans.length - 1 ? "finished" : "stopped");
    expect(running.metrics().unaccounted).toBe(0);
  }
  return { rows: sink.rows("out:sink"), events };
}

const without = (row: JsonObject): JsonObject => Object.fromEntries(Object.entries(row).filter(([name]) => !added.includes(name)));

describe.each(Object.entries(operators))("%s to which results are added while it runs", (_, operator) => {
  const [old, now] = [planOf(operator, before), planOf(operator, after)];

  it("keeps those that there are, as if it had not been stopped", async () => {
    const straight = await run(old);
    const edited = await run(old, now);
    expect(edited.events.flatMap((event) => (event.kind === "state-migrated" ? [event.reason] : []))).toEqual([
      '"lowest" and "newest" start empty and hold only what comes from now on; the other results are kept',
    ]);
    expect(edited.events.some((event) => event.kind === "state-discarded")).toBe(false);
    expect(compareRows(edited.rows.map(without), straight.rows)).toEqual({ missing: [], extra: [] });
  });

  it("has the added ones whole for what began after the edit", async () => {
    const straight = await run(now);
    const edited = await run(old, now);
    // What the oldest window or range that was open at the edit can still hold.
    const fromMs = JSON.parse(lines[half]).at + 40_000;
    const isLater = (row: JsonObject, i: number, all: readonly JsonObject[]): boolean => {
      const at = row.window_start ?? row.at;
      // Windows by count have no time: the last quarter began long after.
      return at === undefined ? i > all.length * 0.75 : Number(at) > fromMs;
    };
    const later = (rows: readonly JsonObject[]) => rows.filter(isLater);
    expect(later(straight.rows).length).toBeGreaterThan(10);
    expect(compareRows(later(edited.rows), later(straight.rows))).toEqual({ missing: [], extra: [] });
  });

  it("goes on from checkpoints of its new form, also across a second edit back and forth", async () => {
    const straight = await run(old);
    const edited = await run(old, now, now, now);
    expect(edited.events.filter((event) => event.kind === "state-migrated")).toHaveLength(1);
    expect(compareRows(edited.rows.map(without), straight.rows)).toEqual({ missing: [], extra: [] });
    const back = await run(now, old);
    expect(back.events.some((event) => event.kind === "state-discarded" && event.reason.includes("results"))).toBe(true);
  });
});
