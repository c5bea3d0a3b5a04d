import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowsByKey, spillingCases } from "./spilling-cases.fixture.ts";

/**
 * What every operator must do whose keys can leave memory: with room for few of them, or none, its rows are those that it
 * gives with all in memory, after every step, of each key in the same order, also when it is restored there.
 */
describe.each(spillingCases)("$name", (of) => {
  test.each([false, true])("give the same rows with few keys in memory; restored after every step: %s", (restart) => {
    let moved = 0;
    fc.assert(
      fc.property(of.steps, fc.constantFrom(0, 1, 3), fc.constantFrom(1, 5, 1024), (steps, hotKeys, batchRows) => {
        const [inMemory, spilling] = [of.harness({}), of.harness({ hotKeys, batchRows })];
        for (const step of steps) {
          inMemory.run([step]);
          spilling.run([step]);
          expect(rowsByKey([spilling], of)).toEqual(rowsByKey([inMemory], of));
          const [expected, actual] = [inMemory.gauges(), spilling.gauges()];
          expect(actual.bufferedRecords).toBe(expected.bufferedRecords);
          expect(actual.counters.without_time).toBe(expected.counters.without_time);
          expect(actual.counters.runs).toBe(expected.counters.runs);
          if (restart) spilling.restart();
        }
        moved += spilling.movedOut;
      }),
      { numRuns: 60 },
    );
    expect(moved).toBeGreaterThan(0);
  });
});
