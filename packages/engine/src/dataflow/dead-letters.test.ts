import { expect, it } from "vitest";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { ConnectorError } from "../connector/connector-error.ts";
import { createMemorySink, type MemorySink } from "../connector/memory-sink.ts";
import type { SinkConnector } from "../connector/sink-port.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { countingPlan, createSlowSource } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";
import { deadLettersSinkId } from "./dead-letter-stage.ts";

const batches = 30;

/** Every batch is a good row and a broken one. */
const source = createSlowSource(batches, (at) => [{ position: `record ${at}`, reason: "it is broken", raw: `{"n":${at}` }]);

/** Fails for good at its `failures`-th deliveries: with or without having taken it before. */
function failing(sink: SinkConnector, failAt: readonly number[], afterEffect: boolean): SinkConnector {
  let calls = 0;
  return {
    guarantee: "exactly-once",
    async open(context) {
      const writer = await sink.open(context);
      return {
        delivered: () => writer.delivered(),
        async deliver(delivery) {
          const fails = failAt.includes(++calls);
          if (!fails || afterEffect) await writer.deliver(delivery);
          if (fails) throw new ConnectorError("GONE", "the process dies here", { retryable: false });
        },
        close: () => writer.close(),
      };
    },
  };
}

function lettersOf(sink: MemorySink): unknown[] {
  return sink.rows(deadLettersSinkId).map(({ position }) => position);
}

it.each([false, true])(
  "dead letters are told once, with the checkpoint they belong to, whatever dies (after the effect: %s)",
  async (afterEffect) => {
    const rows = createMemorySink();
    const letters = createMemorySink();
    const store = createMemoryCheckpointStore();
    const deadLetters = failing(letters, [2, 4, 5], afterEffect);
    let failures = 0;
    for (;;) {
      const run = createPipelineRun({
        plan: countingPlan(),
        graphHash: "g",
        checkpointIntervalMs: 50,
        connectors: { sources: new Map([["memory", source]]), sinks: new Map([["memory", rows]]), deadLetters },
        store,
        clock: createSimulatedClock(0),
        startFrom: "latest",
      });
      const failure: unknown = await run.run().then(
        () => null,
        (cause: unknown) => cause,
      );
      if (failure === null) break;
      expect(failure).toMatchObject({ code: "GONE" });
      failures++;
    }
    expect(failures).toBe(3);
    expect(lettersOf(letters)).toEqual(Array.from({ length: batches }, (_, i) => `record ${i}`));
    expect(letters.rows(deadLettersSinkId)[0]).toMatchObject({ node: "rows", reason: "it is broken", raw: '{"n":0' });
  },
);

it("what a sink gives up on is told with the next checkpoint", async () => {
  const letters = createMemorySink();
  const rows = createMemorySink();
  const told: DeadLetter = { position: "checkpoint 1", reason: "refused", raw: "{}" };
  const run = createPipelineRun({
    plan: countingPlan(),
    graphHash: "g",
    checkpointIntervalMs: 50,
    connectors: { sources: new Map([["memory", source]]), sinks: new Map([["memory", rows]]), deadLetters: letters },
    store: createMemoryCheckpointStore(),
    clock: createSimulatedClock(0),
    startFrom: "latest",
    onEvent: (event) => {
      if (event.kind === "delivered" && event.checkpoint === 1 && event.sink === "result:sink") run.addDeadLetters("result", [told]);
    },
  });
  await run.run();
  const found = letters.rows(deadLettersSinkId).filter(({ node }) => node === "result");
  expect(found).toMatchObject([{ position: "checkpoint 1", reason: "refused" }]);
});
