import fc from "fast-check";
import { endOfTime } from "../../time/watermark.ts";
import type { Reading, WindowStep } from "./window-fixture.ts";

const readingArbitrary: fc.Arbitrary<Reading & Record<string, unknown>> = fc.record({
  at: fc.integer({ min: -120, max: 120 }),
  key: fc.constantFrom("a", "b", "c", "null", null),
  group: fc.constantFrom(1, 2, 0, null),
  value: fc.oneof(
    fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
    fc.constant(null),
  ),
  whole: fc.oneof(
    fc.integer({ min: -5, max: 5 }).map((n) => n + 0),
    fc.constantFrom(2 ** 53 - 1, null),
  ),
  text: fc.constantFrom("x", "y", "", "é", "😀", "\uffff", null),
  ok: fc.constantFrom(true, false, null),
});

/** Windows of fixed bounds. */
export const windowArbitrary = fc.oneof(
  fc.record({
    kind: fc.constant("tumbling" as const),
    sizeMs: fc.integer({ min: 1, max: 60 }),
    offsetMs: fc.integer({ min: -70, max: 70 }),
  }),
  fc.record({
    kind: fc.constant("hopping" as const),
    sizeMs: fc.integer({ min: 1, max: 60 }),
    slideMs: fc.integer({ min: 1, max: 30 }),
    offsetMs: fc.integer({ min: -70, max: 70 }),
  }),
  fc
    .record({ stepMs: fc.integer({ min: 1, max: 20 }), steps: fc.integer({ min: 1, max: 8 }), offsetMs: fc.integer({ min: -30, max: 30 }) })
    .map(({ stepMs, steps, offsetMs }) => ({ kind: "cumulate" as const, stepMs, maxSizeMs: stepMs * steps, offsetMs })),
  fc.record({
    kind: fc.constant("hopping" as const),
    sizeMs: fc.constantFrom(12, 24, 40),
    slideMs: fc.constantFrom(1, 2, 4),
    offsetMs: fc.constant(0),
  }),
);

/** Batches of records in some disorder, with a watermark that follows them at some distance, so that some are late. */
export const stepsArbitrary = fc
  .array(
    fc.record({
      advanceMs: fc.integer({ min: 0, max: 25 }),
      lagMs: fc.integer({ min: -5, max: 30 }),
      records: fc.array(
        readingArbitrary.map((reading) => ({ ...reading, at: Math.round(reading.at / 4) })),
        { maxLength: 15 },
      ),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((parts) => {
    const steps: WindowStep[] = [];
    let nowMs = -100;
    for (const { advanceMs, lagMs, records } of parts) {
      nowMs += advanceMs;
      const base = nowMs;
      steps.push({ records: records.map((record) => ({ ...record, at: base + record.at })) }, { watermark: base - lagMs });
    }
    return [...steps, { watermark: endOfTime }];
  });
