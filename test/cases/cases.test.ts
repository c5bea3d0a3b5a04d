import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { disorderOf, shuffleWithinDisorder } from "./arrange-lines.ts";
import { type CaseFolder, readCases } from "./case-folder.ts";
import { compareRows } from "./compare-rows.ts";
import { type CaseResult, runCase } from "./run-case.ts";

const asTheyAre = (lines: readonly string[]) => lines;
const mostKillRuns = 25;

function expectRows(folder: CaseFolder, result: CaseResult): void {
  for (const [slug, rows] of folder.expected) {
    expect({ slug, ...compareRows(result.rows.get(slug) ?? [], rows) }).toEqual({ slug, missing: [], extra: [] });
  }
  expect(result.metrics.unaccounted).toBe(0);
}

describe.each(readCases(join(import.meta.dirname, "../pipelines")))("$name", (folder) => {
  it("gives its rows straight", async () => {
    expectRows(folder, await runCase(folder, { linesPerChunk: 64, killAfter: [], arrange: asTheyAre }));
  });

  it.each([1, 7, 1024])("gives the same rows in chunks of %i", async (linesPerChunk) => {
    expectRows(folder, await runCase(folder, { linesPerChunk, killAfter: [], arrange: asTheyAre }));
  });

  it("gives the same rows when killed at every checkpoint, one after the other and each alone", async () => {
    const { checkpoints } = await runCase(folder, { linesPerChunk: 7, killAfter: [], arrange: asTheyAre });
    const every = Array.from({ length: checkpoints }, (_, i) => i + 1);
    const killed = await runCase(folder, { linesPerChunk: 7, killAfter: every, arrange: asTheyAre });
    expect(killed.lives).toBeGreaterThan(1);
    expectRows(folder, killed);
    const step = Math.max(1, Math.floor(checkpoints / mostKillRuns));
    for (let n = 1; n <= checkpoints; n += step)
      expectRows(folder, await runCase(folder, { linesPerChunk: 7, killAfter: [n], arrange: asTheyAre }));
  });

  it("gives the same rows when shuffled within the disorder", async (context) => {
    if (folder.keepOrder !== null) context.skip(folder.keepOrder);
    for (const seed of [1, 2, 3]) {
      const arrange = (lines: readonly string[], path: string) => {
        const disorder = disorderOf(folder.plan, path);
        return disorder === null ? lines : shuffleWithinDisorder(lines, disorder.timeField, disorder.disorderMs, seed);
      };
      expectRows(folder, await runCase(folder, { linesPerChunk: 7, killAfter: [2, 3], arrange }));
    }
  });
});
