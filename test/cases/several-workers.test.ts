import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CaseFolder, readCases } from "./case-folder.ts";
import { compareRows } from "./compare-rows.ts";
import { type CaseResult, runCase } from "./run-case.ts";

const asTheyAre = (lines: readonly string[]) => lines;
const mostKills = 1000;

function expectRows(folder: CaseFolder, result: CaseResult): void {
  for (const [slug, rows] of folder.expected) {
    expect({ slug, ...compareRows(result.rows.get(slug) ?? [], rows) }).toEqual({ slug, missing: [], extra: [] });
  }
  expect(result.metrics.unaccounted).toBe(0);
}

describe.each(readCases(join(import.meta.dirname, "../pipelines")))("$name, on several workers", (folder) => {
  it.each([2, 3])("gives its rows with %i", async (workers) => {
    expectRows(folder, await runCase(folder, { linesPerChunk: 7, killAfter: [], arrange: asTheyAre, parallelism: [workers] }));
  });

  it.each([
    { name: "2", parallelism: [2] },
    { name: "3, 2 and 5 in turn", parallelism: [3, 2, 5] },
    { name: "3, then 1", parallelism: [3, 1] },
    { name: "1, then 3", parallelism: [1, 3] },
  ])("gives the same rows when killed at every checkpoint and gone on with by $name", async ({ parallelism }) => {
    const every = Array.from({ length: mostKills }, (_, i) => i + 1);
    const killed = await runCase(folder, { linesPerChunk: 7, killAfter: every, arrange: asTheyAre, parallelism });
    expect(killed.lives).toBeGreaterThan(1);
    expectRows(folder, killed);
  });
});
