import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EmittedRow, OperatorHarness } from "../testing/operator-harness.ts";
import { type SpillingCase, spillingCases } from "./spilling-cases.fixture.ts";

/** The rows of each port, of each key in order. */
function byKey(harness: OperatorHarness, ports: readonly string[], { keyFields }: SpillingCase): Record<string, readonly EmittedRow[]> {
  const rows: Record<string, EmittedRow[]> = {};
  for (const port of ports) {
    for (const row of harness.take(port)) {
      const key = `${port} ${JSON.stringify(keyFields.map((name) => row.fields[name]).filter((value) => value !== null))}`;
      rows[key] ??= [];
      rows[key].push(row);
    }
  }
  return rows;
}

/**
 * What every operator must do whose keys can leave memory: with room for few of them, or none, its rows are those that it
 * gives with all in memory, after every step, of each key in the same order, also when it is restored there.
 */
describe.each(spillingCases)("$name", (of) => {
  test.each([false, true])("give the same rows with few keys in memory; restored after every step: %s", (restart) => {
    const ports = of.harness({}).ports;
    let moved = 0;
    fc.assert(
      fc.property(of.steps, fc.constantFrom(0, 1, 3), fc.constantFrom(1, 5, 1024), (steps, hotKeys, batchRows) => {
        const [inMemory, spilling] = [of.harness({}), of.harness({ hotKeys, batchRows })];
        for (const step of steps) {
          inMemory.run([step]);
          spilling.run([step]);
          expect(byKey(spilling, ports, of)).toEqual(byKey(inMemory, ports, of));
          const [expected, actual] = [inMemory.gauges(), spilling.gauges()];
          expect(actual.bufferedRecords).toBe(expected.bufferedRecords);
          expect(actual.counters.without_time).toBe(expected.counters.without_time);
          if (restart) spilling.restart();
        }
        moved += spilling.movedOut;
      }),
      { numRuns: 60 },
    );
    expect(moved).toBeGreaterThan(0);
  });
});
