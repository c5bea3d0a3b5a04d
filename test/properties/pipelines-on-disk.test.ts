import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLevelStateBackend } from "@millrace/runtime/state";
import { expect, test } from "vitest";
import { dependsOnOrder, planOf, runDifference } from "./check-case.ts";
import { randomCase } from "./random-case.ts";
import { runFeeds } from "./run-feeds.ts";

const cases = 30;

test("random pipelines give the same rows with their state in LevelDB, one key of each operator in memory, after any kill", async () => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-random-"));
  try {
    let checked = 0;
    for (let seed = 700_000; checked < cases; seed++) {
      const of = randomCase(seed);
      const plan = planOf(of);
      if (typeof plan === "string" || dependsOnOrder(plan)) continue;
      const inMemory = await runFeeds(plan, of.feeds, { rowsPerChunk: 64, killAfter: null });
      const backend = createLevelStateBackend(join(folder, String(seed)));
      const onDisk = await runFeeds(plan, of.feeds, { rowsPerChunk: 7, killAfter: new Set([2, 4]), hotKeys: 1, backend });
      expect([seed, runDifference(inMemory, onDisk, plan)]).toEqual([seed, null]);
      checked++;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);
