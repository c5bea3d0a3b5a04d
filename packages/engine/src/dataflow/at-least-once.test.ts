import { expect, it } from "vitest";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { ConnectorError } from "../connector/connector-error.ts";
import type { SinkConnector } from "../connector/sink-port.ts";
import type { SourceConnector } from "../connector/source-port.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import type { Clock } from "../time/clock.ts";
import { countedFields, countingPlan, createSlowSource } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";

const batches = 40;
/** Windows of 100 ms that end within the input. */
const windows = (batches * 20) / 100;

const source = createSlowSource(batches);

interface Recorded {
  readonly connector: SinkConnector;
  readonly starts: number[];
  /** Rows of each write. */
  readonly writes: number[];
}

/** Takes rows at once. `fails(call)`: how a call ends. */
function recordingSink(fails: (call: number) => "no" | "passing" | "for-good" = () => "no"): Recorded {
  const starts: number[] = [];
  const writes: number[] = [];
  let calls = 0;
  let writing = false;
  const connector: SinkConnector = {
    guarantee: "exactly-once",
    async open() {
      return {
        delivered: async () => null,
        async deliver({ records }) {
          if (records > 0) throw new Error("rows came with a checkpoint");
        },
        async writeNow({ bytes }) {
          expect(writing).toBe(false);
          writing = true;
          await Promise.resolve();
          writing = false;
          const failure = fails(++calls);
          if (failure !== "no") throw new ConnectorError("REFUSED", "not now", { retryable: failure === "passing" });
          const lines = new TextDecoder().decode(bytes).trim().split("\n");
          const taken = lines.map((line) => Number(JSON.parse(line).window_start));
          starts.push(...taken);
          writes.push(taken.length);
        },
        async close() {},
      };
    },
  };
  return { connector, starts, writes };
}

function runOver(
  sink: SinkConnector,
  clock: Clock = createSimulatedClock(0),
  store = createMemoryCheckpointStore(),
  checkpointIntervalMs = 60_000,
  from = source,
) {
  return createPipelineRun({
    plan: countingPlan(),
    graphHash: "g",
    checkpointIntervalMs,
    delivery: "at-least-once",
    connectors: { sources: new Map([["memory", from]]), sinks: new Map([["memory", sink]]) },
    store,
    clock,
    startFrom: "latest",
  });
}

const allStarts = Array.from({ length: windows }, (_, i) => i * 100);

it("rows reach the sink long before a checkpoint, in order and once while nothing fails", async () => {
  const sink = recordingSink();
  await runOver(sink.connector).run();
  expect(sink.starts).toEqual(allStarts);
  expect(sink.writes.length).toBeGreaterThan(2);
});

it("a write that fails for now is repeated before what follows it", async () => {
  const sink = recordingSink((call) => (call % 3 === 1 ? "passing" : "no"));
  await runOver(sink.connector).run();
  expect(sink.starts).toEqual(allStarts);
});

it("no checkpoint is ahead of the sink: after any failure nothing is missing, and only what no checkpoint held comes again", async () => {
  const store = createMemoryCheckpointStore();
  const clock = createSimulatedClock(0);
  let failures = 0;
  const sink = recordingSink((call) => ([2, 4, 7, 9].includes(call) ? "for-good" : "no"));
  for (;;) {
    const failure: unknown = await runOver(sink.connector, clock, store, 150)
      .run()
      .then(
        () => null,
        (cause: unknown) => cause,
      );
    if (failure === null) break;
    expect(failure).toMatchObject({ code: "REFUSED" });
    failures++;
  }
  expect(failures).toBe(4);
  expect([...new Set(sink.starts)].sort((a, b) => a - b)).toEqual(allStarts);
});

it("what a source has at hand together leaves in one write", async () => {
  const clock: Clock = { ...createSimulatedClock(0), sleep: () => new Promise((resolve) => setTimeout(resolve, 0)) };
  const written = Promise.withResolvers<void>();
  const sink = recordingSink(() => {
    written.resolve();
    return "no";
  });
  /** Rows of three windows and the first of a fourth, chunk by chunk without a wait; it ends when something has been written. */
  const atHand: SourceConnector = {
    async open() {
      let at = 0;
      return {
        async poll() {
          if (at === 4) await written.promise;
          if (at === 4) return { kind: "end" };
          const builder = createBatchBuilder(countedFields, {});
          builder.appendRow(["a", at], at * 100);
          at++;
          return { kind: "batch", split: "s", batch: builder.build(), deadLetters: [] };
        },
        position: () => at,
        async close() {},
      };
    },
  };
  await runOver(sink.connector, clock, createMemoryCheckpointStore(), 60_000, atHand).run();
  expect(sink.starts).toEqual([0, 100, 200, 300]);
  expect(sink.writes).toEqual([3, 1]);
});
