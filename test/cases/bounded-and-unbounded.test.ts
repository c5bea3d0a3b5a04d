import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createMemoryCheckpointStore, createMemorySink, createPipelineRun, type JsonObject } from "@millrace/engine";
import { describe, expect, it } from "vitest";
import { type CaseFolder, readCases } from "./case-folder.ts";
import { compareRows } from "./compare-rows.ts";
import { createYieldingClock, followFiles } from "./followed-stream.ts";

/** Follows the files of a case until everything in them was read, then stops it with all windows ended. */
async function runFollowed(folder: CaseFolder, seed: number): Promise<ReadonlyMap<string, readonly JsonObject[]>> {
  const clock = createYieldingClock();
  const sink = createMemorySink();
  const lines = (path: string): readonly string[] => readFileSync(join(folder.folder, path), "utf8").split("\n").filter(Boolean);
  const files = followFiles(lines, clock, seed);
  const run = createPipelineRun({
    plan: folder.plan,
    graphHash: folder.graphHash,
    checkpointIntervalMs: 100,
    connectors: { sources: new Map([["file", files.source]]), sinks: new Map([["file", sink]]) },
    store: createMemoryCheckpointStore(),
    clock,
    startFrom: "latest",
  });
  const running = run.run();
  let ended = false;
  const outcome = running.finally(() => {
    ended = true;
  });
  while (!files.caughtUp() && !ended) await new Promise((resolve) => setImmediate(resolve));
  // What was read last is on its way into the operators: two pauses more, and it is there.
  const since = clock.monotonic();
  while (clock.monotonic() < since + 1000 && !ended) await new Promise((resolve) => setImmediate(resolve));
  run.stop({ drain: true });
  expect(await outcome).toBe("stopped");
  expect(run.metrics().unaccounted).toBe(0);
  return new Map(sink.sinkIds.map((id) => [id.split(":")[0], sink.rows(id)]));
}

describe.each(readCases(join(import.meta.dirname, "../pipelines")))("$name", (folder) => {
  it.each([1, 2, 3])("gives the rows of its files also when they are followed and then drained (seed %i)", async (seed) => {
    const rows = await runFollowed(folder, seed);
    for (const [slug, expected] of folder.expected) {
      expect({ slug, ...compareRows(rows.get(slug) ?? [], expected) }).toEqual({ slug, missing: [], extra: [] });
    }
  });
});
