import { expect, it } from "vitest";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { createMemorySink, type MemorySink } from "../connector/memory-sink.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { countingPlan, createSlowSource } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";
import type { RunEvent, StartFrom } from "./pipeline-run.ts";

const batches = 200;

function world() {
  const store = createMemoryCheckpointStore();
  const events: RunEvent[] = [];
  const start = (sink: MemorySink, startFrom: StartFrom, onEvent: (event: RunEvent) => void = () => {}) =>
    createPipelineRun({
      plan: countingPlan(),
      graphHash: "g",
      checkpointIntervalMs: 200,
      connectors: { sources: new Map([["memory", createSlowSource(batches)]]), sinks: new Map([["memory", sink]]) },
      store,
      clock: createSimulatedClock(0),
      startFrom,
      onEvent: (event) => {
        events.push(event);
        onEvent(event);
      },
    });
  return { store, events, start };
}

const starts = (sink: MemorySink): number[] => sink.rows("result:sink").map((row) => Number(row.window_start));
const all = Array.from({ length: 40 }, (_, i) => i * 100);

it("a savepoint is kept, and a later run that starts from it does what came after it again, exactly so", async () => {
  const { events, start } = world();
  const first = createMemorySink();
  let asked = false;
  const run = start(first, "latest", (event) => {
    if (event.kind !== "checkpoint-committed" || event.checkpoint < 5 || asked) return;
    asked = true;
    run.savepoint("before the change");
  });
  await run.run();
  expect(starts(first)).toEqual(all);
  const kept = events.find((event) => event.kind === "savepoint");
  if (kept?.kind !== "savepoint") throw new Error("no savepoint was told of");
  expect(kept).toMatchObject({ name: "before the change" });
  expect(kept.checkpoint).toBeGreaterThan(5);

  await start(first, { checkpoint: kept.checkpoint }).run();
  const repeated = starts(first).slice(all.length);
  expect(repeated.length).toBeGreaterThan(0);
  expect(repeated.length).toBeLessThan(all.length);
  expect(repeated).toEqual(all.slice(-repeated.length));
});

it("a run that stops with a savepoint keeps its last checkpoint", async () => {
  const { events, store, start } = world();
  const sink = createMemorySink();
  const run = start(sink, "latest", (event) => {
    if (event.kind === "checkpoint-committed" && event.checkpoint === 3) run.stop({ drain: false, savepoint: "the end" });
  });
  expect(await run.run()).toBe("stopped");
  const kept = events.find((event) => event.kind === "savepoint");
  if (kept?.kind !== "savepoint") throw new Error("no savepoint was told of");
  expect((await store.readNewest())?.checkpoint).toBe(kept.checkpoint);
  await start(sink, "latest").run();
  expect(starts(sink)).toEqual(all);
  await expect(store.readManifest(kept.checkpoint)).resolves.toMatchObject({ checkpoint: kept.checkpoint });
});

it("a savepoint is taken even while nothing moves", async () => {
  const { events, start } = world();
  const sink = createMemorySink();
  await start(sink, "latest").run();
  const idle = start(sink, "latest", (event) => {
    if (event.kind === "restored") idle.stop({ drain: false, savepoint: "quiet" });
  });
  await idle.run();
  expect(events.some((event) => event.kind === "savepoint" && event.name === "quiet")).toBe(true);
});

it("says which checkpoint is gone, and which is the newest", async () => {
  const { store, start } = world();
  await start(createMemorySink(), "latest").run();
  const newest = (await store.readNewest())?.checkpoint;
  await expect(start(createMemorySink(), { checkpoint: 2 }).run()).rejects.toMatchObject({
    code: "CHECKPOINT_GONE",
    retryable: false,
    message: expect.stringMatching(new RegExp(`checkpoint 2, .* newest is ${newest}`)),
  });
});
