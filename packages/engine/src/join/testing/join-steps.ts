import fc from "fast-check";
import { endOfTime } from "../../time/watermark.ts";
import type { Order, Payment } from "./join-fixture.ts";

/** What happens to a join in a property test; watermarks are those of one input. */
export type JoinStep =
  | { readonly records: readonly (Order & Record<string, unknown>)[]; readonly input: 0 }
  | { readonly records: readonly (Payment & Record<string, unknown>)[]; readonly input: 1 }
  | { readonly watermark: number; readonly input: 0 | 1 };

const name = fc.constantFrom("a", "b", "null", null);
const number = fc.constantFrom(0, 1, null);

/** Records of both sides in some disorder; the watermark of each side follows at some distance, so that some are late. */
export const joinStepsArbitrary: fc.Arbitrary<readonly JoinStep[]> = fc
  .array(
    fc.record({
      advanceMs: fc.integer({ min: 0, max: 12 }),
      lagMs: fc.integer({ min: -3, max: 15 }),
      input: fc.constantFrom(0 as const, 1 as const),
      records: fc.array(fc.record({ at: fc.integer({ min: -15, max: 15 }), name, number, paid: fc.constantFrom(true, false, null) }), {
        maxLength: 8,
      }),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map((parts) => {
    const steps: JoinStep[] = [];
    let nowMs = -50;
    let id = 0;
    for (const { advanceMs, lagMs, input, records } of parts) {
      nowMs += advanceMs;
      const base = nowMs;
      if (input === 0) steps.push({ input, records: records.map((r) => ({ at: base + r.at, who: r.name, n: r.number, id: id++ })) });
      else steps.push({ input, records: records.map((r) => ({ at: base + r.at, payer: r.name, n: r.number, paid: r.paid, ref: id++ })) });
      steps.push({ watermark: base - lagMs, input });
    }
    return [...steps, { watermark: endOfTime, input: 0 }, { watermark: endOfTime, input: 1 }];
  });
