import { beforeEach, expect, it } from "vitest";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { createMemorySink } from "../connector/memory-sink.ts";
import type { LogicalPlan } from "../plan/logical-plan.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { countingPlan, createSlowSource } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";
import { rehearseRestore } from "./rehearse-restore.ts";

/** Chunks are found by their length and first byte here: enough for a test. */
const sha256 = (bytes: Uint8Array): string => `${bytes.length}-${bytes.at(-1) ?? 0}`.padEnd(64, "0");
let store: CheckpointStore;

beforeEach(async () => {
  store = createMemoryCheckpointStore();
  const run = createPipelineRun({
    plan: countingPlan(),
    graphHash: "g",
    checkpointIntervalMs: 100,
    connectors: { sources: new Map([["memory", createSlowSource(33)]]), sinks: new Map([["memory", createMemorySink()]]) },
    store,
    clock: createSimulatedClock(0),
    startFrom: "latest",
    onEvent: (event) => {
      if (event.kind === "checkpoint-committed" && event.checkpoint === 3) run.stop({ drain: false });
    },
  });
  await run.run();
});

const rehearse = (plan: LogicalPlan, checkpoint: number | null = null) =>
  rehearseRestore({ plan, store, coding: { sha256, packing: null }, clock: createSimulatedClock(0), checkpoint });

it("the same plan keeps its positions and its windows, and nothing is taken over", async () => {
  const rehearsal = await rehearse(countingPlan());
  expect(rehearsal.checkpoint).toBeGreaterThanOrEqual(3);
  expect(rehearsal.changes).toMatchObject([
    { node: "rows", verdict: "kept", reason: null },
    { node: "counts", verdict: "kept", reason: null, stateKeys: 1 },
  ]);
  expect((await store.takeOver()).fencingToken).toBe(2);
});

it("another window discards the state, and the reason names it", async () => {
  const { changes } = await rehearse(countingPlan(200));
  expect(changes.at(1)).toMatchObject({ node: "counts", verdict: "discarded", reason: "its window has changed", stateKeys: 0 });
});

it("a node that is gone and one that is new are told apart", async () => {
  const plan = countingPlan();
  const renamed = plan.steps.map((step) => (step.node === "counts" ? { ...step, id: "other:window-aggregate", node: "other" } : step));
  const sink = renamed.map((step) =>
    step.operator.op === "sink"
      ? { ...step, operator: { ...step.operator, input: { operator: "other:window-aggregate", port: "out" } } }
      : step,
  );
  const { changes } = await rehearse({ ...plan, steps: sink });
  expect(changes).toMatchObject([
    { node: "rows", verdict: "kept" },
    { node: "other", verdict: "new", reason: "the checkpoint has nothing for this node" },
    { node: "counts", verdict: "removed" },
  ]);
});

it("without a checkpoint all is new; a number that is gone is said", async () => {
  store = createMemoryCheckpointStore();
  expect((await rehearse(countingPlan())).changes.map(({ verdict }) => verdict)).toEqual(["new", "new"]);
  await expect(rehearse(countingPlan(), 9)).rejects.toThrow("Checkpoint 9 is not there any more.");
});

it("an aggregate that is added is told with what is kept", async () => {
  const plan = countingPlan();
  const steps = plan.steps.map((step) =>
    step.operator.op === "window-aggregate"
      ? {
          ...step,
          operator: { ...step.operator, aggregates: [{ ...step.operator.aggregates[0], as: "again" }, ...step.operator.aggregates] },
        }
      : step,
  );
  const { changes } = await rehearse({ ...plan, steps });
  expect(changes.at(1)).toMatchObject({ node: "counts", verdict: "migrated", stateKeys: 1 });
  expect(changes.at(1)?.reason).toMatch(/^"again" starts empty .* the other results are kept$/);
});
