import { describe, expect, it } from "vitest";
import type { CheckpointManifest } from "../checkpoint/checkpoint-store.ts";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { createMemorySink } from "../connector/memory-sink.ts";
import { createMemorySource } from "../connector/memory-source.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { countingPlan } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";

const keys = 60_000;
const batchRows = 1000;
/** Each key once, then a few of them again in each batch. */
const rows = Array.from({ length: keys * 2 }, (_, i) => ({ key: `key ${i < keys ? i : i % 50}`, n: i, _time: i }));

/** The chunks of the window's state in each checkpoint of a run that is stopped after `most` of them. */
async function checkpointsOf(
  store: ReturnType<typeof createMemoryCheckpointStore>,
  sink: ReturnType<typeof createMemorySink>,
  most: number,
) {
  const chunks: string[][] = [];
  const commit = async (token: number, manifest: CheckpointManifest): Promise<void> => {
    await store.commit(token, manifest);
    chunks.push(manifest.parts.find(({ id }) => id === "counts:window-aggregate")?.chunks.map(({ sha256 }) => sha256) ?? []);
    if (chunks.length === most) run.stop({ drain: false });
  };
  const run = createPipelineRun({
    plan: countingPlan(10_000_000),
    graphHash: "h",
    checkpointIntervalMs: 0,
    connectors: {
      sources: new Map([["memory", createMemorySource({ rows }, { batchRows })]]),
      sinks: new Map([["memory", sink]]),
    },
    store: { ...store, commit },
    clock: createSimulatedClock(),
    startFrom: "latest",
  });
  return { outcome: await run.run(), chunks };
}

describe("large state", () => {
  it("is stored once, and then only what changes; it survives restarts and garbage collection", async () => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    const kept: number[] = [];
    let outcome = "stopped";
    let lives = 0;
    for (; outcome === "stopped"; lives++) {
      const life = await checkpointsOf(store, sink, 10);
      outcome = life.outcome;
      const [last, ...before] = life.chunks.slice(0, -1).toReversed();
      if (last !== undefined && before.length > 0) kept.push(before[0].filter((chunk) => last.includes(chunk)).length);
      const { fencingToken } = await store.takeOver();
      await store.collectGarbage(fencingToken);
    }
    expect(lives).toBeGreaterThan(2);
    // The state of the checkpoint before is part of the next one.
    expect(Math.max(...kept)).toBeGreaterThan(2);
    const counts = sink.rows("result:sink");
    expect(counts.length).toBe(keys);
    expect(counts.reduce((sum, row) => sum + Number(row.count), 0)).toBe(rows.length);
    expect(counts.find((row) => row.key === "key 7")?.count).toBe(1 + keys / 50);
  });
});
