import { expectSameRows } from "./bench-subject.ts";
import { hoppingSubject } from "./hopping.ts";
import { type Contender, inThisProcess, measureInTurn } from "./measure.ts";
import { planOf } from "./plan-of.ts";
import { runPlan } from "./run-document.ts";

/** By how much a hopping window may cost more with 300 slices than with 30. */
export const mostSliceGrowth = 1.5;

export interface SliceGrowth {
  readonly records: number;
  readonly nsOf30: number;
  readonly nsOf300: number;
  /** Cost with 300 slices by that with 30. */
  readonly growth: number;
}

/** The hopping scenario from JSON bytes with 30 slices and with 300, in turn; both give what the plain way gives. */
export async function measureSliceGrowth(records: number, rounds: number): Promise<SliceGrowth> {
  const contenders: Contender[] = [];
  for (const slices of [30, 300]) {
    const subject = hoppingSubject(`hopping-${slices}`, `Hopping windows of ${slices} slices`, slices * 10_000, { json: null });
    await expectSameRows(subject, "json", records);
    const plan = planOf(subject.document);
    const input = subject.input(records);
    contenders.push(inThisProcess(`${slices} slices`, records, () => runPlan(plan, input)));
  }
  const [few, many] = await measureInTurn(contenders, rounds);
  return { records, nsOf30: 1e9 / few.median, nsOf300: 1e9 / many.median, growth: few.median / many.median };
}
