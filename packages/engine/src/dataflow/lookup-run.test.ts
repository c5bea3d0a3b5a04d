import { describe, expect, it } from "vitest";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { ConnectorError } from "../connector/connector-error.ts";
import type { LookupAnswer, LookupConnector, LookupKey } from "../connector/lookup-port.ts";
import { createMemoryLookup } from "../connector/memory-lookup.ts";
import { createMemorySink } from "../connector/memory-sink.ts";
import { createMemorySource } from "../connector/memory-source.ts";
import type { LogicalPlan } from "../plan/logical-plan.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";
import { lookupPlan } from "./lookup-plan.fixture.ts";
import type { PipelineRun, RunEvent } from "./pipeline-run.ts";

const names = ["a", "b", "c", "d", "e", "f"];
const rows = Array.from({ length: 60 }, (_, i) => ({ key: names[i % 6], n: i, _time: i * 20 }));
/** Ten rows of each key in twelve windows of five: one of each key but one. */
const countOf = (sink: ReturnType<typeof createMemorySink>) => {
  const counts = new Map<unknown, number>();
  for (const { label, count } of sink.rows("result:sink")) counts.set(label, (counts.get(label) ?? 0) + Number(count));
  return Object.fromEntries(counts);
};
const everything = Object.fromEntries(names.map((name) => [name.toUpperCase(), 10]));

interface Seen {
  calls: LookupKey[][];
  underWay: number;
  most: number;
  aborted: number;
}

/** Answers with capitals, after `delayMs`; `outcome` may say otherwise for a call. */
function labels(seen: Seen, delayMs: number, outcome?: (call: number, key: LookupKey) => LookupAnswer | "hang" | Error): LookupConnector {
  return {
    async open({ clock }) {
      return {
        maxKeys: 2,
        async lookup(keys, signal) {
          const call = seen.calls.push([...keys]);
          seen.underWay += keys.length;
          seen.most = Math.max(seen.most, seen.underWay);
          await clock.sleep(delayMs);
          seen.underWay -= keys.length;
          const answers: LookupAnswer[] = [];
          for (const key of keys) {
            const answer = outcome?.(call, key) ?? { kind: "row", values: [String(key[0]).toUpperCase()] };
            if (answer instanceof Error) throw answer;
            if (answer === "hang") {
              return new Promise(() => {
                signal.addEventListener("abort", () => seen.aborted++);
              });
            }
            answers.push(answer);
          }
          return answers;
        },
        async close() {},
      };
    },
  };
}

function seenNothing(): Seen {
  return { calls: [], underWay: 0, most: 0, aborted: 0 };
}

function start(parts: {
  readonly lookup: LookupConnector;
  readonly plan?: LogicalPlan;
  readonly store?: CheckpointStore;
  readonly sink?: ReturnType<typeof createMemorySink>;
  readonly onEvent?: (event: RunEvent, run: PipelineRun) => void;
}) {
  const sink = parts.sink ?? createMemorySink();
  const events: RunEvent[] = [];
  const run: PipelineRun = createPipelineRun({
    plan: parts.plan ?? lookupPlan(),
    graphHash: "h",
    checkpointIntervalMs: 10,
    connectors: {
      sources: new Map([["memory", createMemorySource({ rows }, { batchRows: 5 })]]),
      sinks: new Map([["memory", sink]]),
      lookups: new Map([["labels", parts.lookup]]),
    },
    store: parts.store ?? createMemoryCheckpointStore(),
    clock: createSimulatedClock(1_000_000),
    startFrom: "latest",
    onEvent: (event) => {
      events.push(event);
      parts.onEvent?.(event, run);
    },
  });
  return { run, sink, events };
}

describe("a run with a lookup", () => {
  it.each(["ordered", "unordered"] as const)("%s: every record gets its answer before windows behind it close", async (order) => {
    const seen = seenNothing();
    const { run, sink } = start({ lookup: labels(seen, 7), plan: lookupPlan({ order }) });
    await expect(run.run()).resolves.toBe("finished");
    expect(countOf(sink)).toEqual(everything);
    expect(seen.most).toBeLessThanOrEqual(4);
    expect(run.metrics()).toMatchObject({ unaccounted: 0, nodes: { labels: { recordsIn: 60, recordsOut: 60, deadLettered: 0 } } });
  });

  it("reads no source while as many questions are open as may be", async () => {
    const seen = seenNothing();
    let most = 0;
    const { run } = start({
      lookup: labels(seen, 50),
      plan: lookupPlan({ capacity: 2 }),
      onEvent: (_event, run) => {
        most = Math.max(most, run.metrics().nodes.labels.counters.waiting);
      },
    });
    await run.run();
    // Two questions are open after the first batch of five; one more batch may come when one of them is answered.
    expect(most).toBeLessThanOrEqual(10);
    expect(seen.most).toBe(2);
    expect(run.metrics().nodes.rows.backPressuredMs).toBeGreaterThan(1000);
  });

  it("gives up on what takes too long, asks again, and lets the record fail in the end", async () => {
    const seen = seenNothing();
    const lookup = labels(seen, 1, (_call, key) => (key[0] === "c" ? "hang" : { kind: "row", values: [String(key[0]).toUpperCase()] }));
    const { run, sink, events } = start({
      lookup,
      plan: lookupPlan({ cache: { ttlMs: 1e9, missingTtlMs: 0, maxEntries: 10, inState: false } }),
    });
    await run.run();
    const { C, ...others } = everything;
    expect(countOf(sink)).toMatchObject({ A: 10, E: 10 });
    const lost = sink.rows("lost:sink");
    expect(lost.filter(({ key }) => key === "c")).toHaveLength(C);
    expect(lost[0].dead_letter_reason).toBe("no answer within 1000 ms (tried 3 times)");
    expect(seen.aborted).toBeGreaterThanOrEqual(3);
    expect(Object.keys(others)).toHaveLength(5);
    const told = events.flatMap((event) => (event.kind === "dead-letters" ? event.letters : []));
    expect(told).toHaveLength(lost.length);
    expect(told[0]).toMatchObject({ reason: "no answer within 1000 ms (tried 3 times)", raw: expect.stringMatching(/"key":"[cd]"/) });
  });

  it("goes on when a failure that can pass has passed, and ends where asking again cannot help", async () => {
    const away = new ConnectorError("AWAY", "the server restarts", { retryable: true });
    const seen = seenNothing();
    const passing = start({ lookup: labels(seen, 1, (call) => (call < 3 ? away : { kind: "row", values: ["x"] })) });
    await passing.run.run();
    expect(countOf(passing.sink)).toEqual({ x: 60 });
    const gone = new ConnectorError("COLUMN_MISSING", "there is no such column", { retryable: false });
    const failing = start({ lookup: labels(seenNothing(), 1, () => gone) });
    await expect(failing.run.run()).rejects.toMatchObject({ code: "COLUMN_MISSING", node: "labels", retryable: false });
  });

  it("asks again after a restart for what waited at the checkpoint, and counts nothing twice", async () => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    for (let stops = 0; ; stops++) {
      const { run } = start({
        lookup: labels(seenNothing(), 30),
        store,
        sink,
        onEvent: (event, run) => {
          const waiting = run.metrics().nodes.labels.counters.waiting;
          if (event.kind === "checkpoint-committed" && waiting > 0) run.stop({ drain: false });
        },
      });
      if ((await run.run()) === "finished") {
        expect(stops).toBeGreaterThan(3);
        break;
      }
    }
    expect(countOf(sink)).toEqual(everything);
  });

  it("waits for answers when it is drained", async () => {
    const { run, sink } = start({
      lookup: labels(seenNothing(), 30),
      onEvent: (event, run) => {
        if (event.kind === "checkpoint-committed" && event.checkpoint === 2) run.stop({ drain: true });
      },
    });
    await expect(run.run()).resolves.toBe("stopped");
    const { recordsIn, recordsOut } = run.metrics().nodes.labels;
    expect(recordsOut).toBe(recordsIn);
    expect(sink.rows("result:sink").reduce((sum, { count }) => sum + Number(count), 0)).toBe(recordsIn);
  });

  it("says which connector a host lacks", async () => {
    const { run } = start({ lookup: createMemoryLookup(), plan: lookupPlan({ connector: "elsewhere" }) });
    await expect(run.run()).rejects.toMatchObject({ code: "CONNECTOR_UNKNOWN", node: "labels" });
  });
});

it("a table in memory answers by typed keys, and a row that does not fit fails alone", async () => {
  const plan = lookupPlan({
    options: {
      rows: [
        { id: "a", label: "Ann" },
        { id: "b", label: 7 },
        { id: "a", label: "Anna" },
      ],
    },
  });
  const { run, sink } = start({ lookup: createMemoryLookup(), plan });
  await run.run();
  expect(countOf(sink)).toEqual({ Anna: 10, null: 40 });
  expect(sink.rows("lost:sink")[0]).toMatchObject({ key: "b", dead_letter_reason: expect.stringContaining("label is declared string") });
});
