import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowsByKey, type SpillingCase, spillingCases } from "../dataflow/spilling-cases.fixture.ts";
import type { EmittedRow, HarnessStep, OperatorHarness } from "../testing/operator-harness.ts";

const groups = 3;
/** A join with a snapshot is never spread. */
const parted = spillingCases.filter(({ operator }) => operator.op !== "snapshot-join");
/** Cases of which the last row of each key counts: when one comes is up to a clock that each of several has for itself. */
const timed: ReadonlySet<string> = new Set(["windows that say results from time to time", "running totals from time to time"]);

/** Which of those who go on has a key: any, but the same for the same key, and for all in whose key a NULL is. */
function groupOf(key: readonly unknown[]): number {
  if (key.includes(null)) return 0;
  return [...JSON.stringify(key)].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 1009, 7) % groups;
}

function groupOfRecord(record: Readonly<Record<string, unknown>>, { keys }: SpillingCase, input: number): number {
  return groupOf(keys[input].map((name) => record[name] ?? null));
}

function goOn(harnesses: readonly OperatorHarness[], step: HarnessStep, of: SpillingCase): void {
  for (const [group, harness] of harnesses.entries()) {
    if (!("records" in step)) harness.run([step]);
    else
      harness.send(
        step.records.filter((record) => groupOfRecord(record, of, step.input ?? 0) === group),
        step.input,
      );
  }
}

/** Of each key and window what came last. */
function lastRows(rows: Readonly<Record<string, readonly EmittedRow[]>>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(rows).flatMap(([key, own]) => own.map(({ fields }) => [`${key} ${String(fields.window_start)}`, fields])));
}

/** What several have in common. */
function sum(harnesses: readonly OperatorHarness[], read: (harness: OperatorHarness) => number | undefined): number {
  return harnesses.reduce((total, harness) => total + (read(harness) ?? 0), 0);
}

/** What every operator must do whose state can be taken apart: several go on with it as one would, each with the records of its keys. */
describe.each(parted)("$name", (of) => {
  test("are gone on with by several", () => {
    fc.assert(
      fc.property(of.steps, fc.nat(), (steps, random) => {
        const straight = of.harness({});
        const first = of.harness({});
        const at = random % steps.length;
        straight.run(steps.slice(0, at));
        first.run(steps.slice(0, at));
        expect(rowsByKey([first], of)).toEqual(rowsByKey([straight], of));
        const several = Array.from({ length: groups }, () => of.harness({}));
        first.partInto(several, groupOf);
        for (const harness of several) harness.restart();
        for (const step of steps.slice(at)) {
          straight.run([step]);
          goOn(several, step, of);
          if (timed.has(of.name)) continue;
          expect(rowsByKey(several, of)).toEqual(rowsByKey([straight], of));
          const expected = straight.gauges();
          expect(sum(several, (harness) => harness.gauges().bufferedRecords)).toBe(expected.bufferedRecords);
          for (const name of ["without_time", "null_keys", "runs"]) {
            expect(sum(several, (harness) => harness.gauges().counters[name])).toBe(expected.counters[name] ?? 0);
          }
        }
        expect(lastRows(rowsByKey(several, of))).toEqual(lastRows(rowsByKey([straight], of)));
      }),
      { numRuns: 30 },
    );
  });
});
