import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HarnessStep } from "../testing/operator-harness.ts";
import { IntervalJoinOracle } from "./testing/interval-join-oracle.ts";
import { byName, byNameAndNumber, type JoinCase, joinHarness } from "./testing/join-fixture.ts";
import { type JoinStep, joinStepsArbitrary } from "./testing/join-steps.ts";
import { sortedTexts } from "./testing/joined-row.ts";

type IntervalJoinCase = Extract<JoinCase, { op: "interval-join" }>;

const bound = fc.integer({ min: -12, max: 12 });
const caseArbitrary: fc.Arbitrary<IntervalJoinCase> = fc
  .record({
    op: fc.constant("interval-join" as const),
    kind: fc.constantFrom("inner", "left", "right", "full"),
    on: fc.constantFrom(byName, byNameAndNumber, []),
    bounds: fc.tuple(bound, bound),
    nullsMatch: fc.boolean(),
    unmatched: fc.constantFrom("closed", "at-once"),
    latenessMs: fc.constantFrom(0, 1, 12, 100),
  })
  .map(({ bounds, ...rest }) => ({ ...rest, lowerMs: Math.min(...bounds), upperMs: Math.max(...bounds) }));

/** Runs the oracle and the operator side by side; rows are compared after every step. */
function compareWithOracle(of: IntervalJoinCase, steps: readonly JoinStep[], restart: boolean): void {
  const oracle = new IntervalJoinOracle(of);
  const harness = joinHarness(of);
  const watermarks = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const step of steps) {
    const forwarded = harness.forwardedWatermark;
    harness.run([step]);
    if ("watermark" in step) watermarks[step.input] = Math.max(watermarks[step.input], step.watermark);
    const expected =
      "watermark" in step
        ? oracle.watermark(Math.min(...watermarks))
        : step.input === 0
          ? oracle.orders(step.records)
          : oracle.payments(step.records);
    const rows = harness.take();
    expect(sortedTexts(rows)).toEqual(sortedTexts(expected.rows));
    const late = "watermark" in step || step.input === 0 ? harness.take("late_left") : harness.take("late_right");
    expect(late.map((row) => row.fields)).toEqual(expected.late);
    for (const row of rows) expect(row.timeMs).toBeGreaterThan(forwarded);
    expect(harness.forwardedWatermark).toBeGreaterThanOrEqual(forwarded);
    if (restart) harness.restart();
  }
  expect(harness.forwardedWatermark).toBe(Number.POSITIVE_INFINITY);
  expect(harness.gauges()).toMatchObject({
    stateKeys: 0,
    bufferedRecords: 0,
    counters: { null_keys: oracle.nullKeys, without_time: 0, buffered_left: 0, buffered_right: 0 },
  });
}

describe("interval join", () => {
  test("agrees with an oracle that keeps everything and tries every pair", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => compareWithOracle(of, steps, false)),
      { numRuns: 250 },
    );
  });

  test("agrees with the oracle when it is restored after every step", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => compareWithOracle(of, steps, true)),
      { numRuns: 100 },
    );
  });

  test("gives the same rows in the same order however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, fc.infiniteStream(fc.boolean()), (of, steps, restarts) => {
        const straight = joinHarness(of).run(steps);
        const restored = steps.flatMap((step): HarnessStep[] => (restarts.next().value ? [step, { restart: true }] : [step]));
        for (const batchRows of [1, 3, 1024]) {
          const other = joinHarness(of, { batchRows }).run(restored);
          for (const port of ["out", "late_left", "late_right"]) expect(other.rows(port)).toEqual(straight.rows(port));
        }
      }),
      { numRuns: 100 },
    );
  });
});
