import { describe, expect, test } from "vitest";
import { planOf } from "../bench/plan-of.ts";
import { subjects } from "../bench/subjects.ts";
import { runFeeds } from "./run-feeds.ts";

/** More than it takes until a decoder knows that strings hardly repeat, and an offer is bid for again and again. */
const records = 9000;

// Random pipelines have too few records for that.
describe("rows with texts that hardly repeat", () => {
  test.each(["q18", "q19", "q20", "q14"])("are the same after kills and in batches of other sizes, in %s of Nexmark", async (name) => {
    const subject = subjects.find((one) => one.name === name);
    if (subject === undefined) throw new Error(`there is no subject "${name}"`);
    const plan = planOf(subject.document);
    const feeds = Object.fromEntries(
      [...subject.input(records)].map(([path, bytes]) => [
        path,
        new TextDecoder()
          .decode(bytes)
          .trimEnd()
          .split("\n")
          .map((text) => ({ kind: "line" as const, split: "one", text })),
      ]),
    );
    const straight = await runFeeds(plan, feeds, { rowsPerChunk: 700, killAfter: null });
    const rows = sorted(straight.lines);
    expect(rows.length).toBeGreaterThan(100);
    const { lines, checkpoints } = await runFeeds(plan, feeds, { rowsPerChunk: 97, killAfter: new Set() });
    expect(sorted(lines)).toEqual(rows);
    const kills = new Set([1, 2, 3].map((quarter) => Math.ceil((checkpoints * quarter) / 4)));
    expect(kills.size).toBe(3);
    const killed = await runFeeds(plan, feeds, { rowsPerChunk: 97, killAfter: kills });
    expect(killed.checkpoints).toBeGreaterThan(Math.max(...kills));
    expect(sorted(killed.lines)).toEqual(rows);
  });
});

function sorted(lines: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...lines].flatMap(([sink, own]) => own.map((line) => `${sink} ${line}`)).sort();
}
