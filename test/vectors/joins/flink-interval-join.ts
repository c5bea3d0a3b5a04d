import { compiledHarness, handDriven, streamOf } from "@millrace/engine/testing";
import { lateAtTheWatermark } from "../differences.ts";
import { type DifferenceRule, joinType, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { isWatermark, type SideStep, sideIndex, watermarkOf } from "./side-steps.ts";

interface IntervalVector extends Vector {
  readonly join: {
    readonly mode: "inner";
    readonly lowerMs: number;
    readonly lowerInclusive: boolean;
    readonly upperMs: number;
    readonly upperInclusive: boolean;
  };
  readonly script: readonly (SideStep | BufferStep)[];
  readonly expected?: readonly { readonly leftTs: number; readonly rightTs: number }[] | null;
  readonly expectedLate?: Readonly<Record<"left" | "right", readonly { readonly ts: number }[]>> | null;
}

/** Which records of a side are kept at that moment. */
interface BufferStep {
  readonly assertBuffer: "left" | "right";
  readonly timestamps: readonly number[];
}

const records = streamOf({ ts: { kind: "timestamp" } }, "ts");

const differences: readonly DifferenceRule<IntervalVector>[] = [
  {
    ...lateAtTheWatermark,
    applies: hasRecordAtTheWatermark,
    // What is kept follows the watermark.
    agreed: (vector) => ({
      ...vector,
      script: vector.script
        .filter((step) => !("assertBuffer" in step))
        .map((step) =>
          !("assertBuffer" in step) && isWatermark(step) && step.watermark !== "MAX" ? { ...step, watermark: step.watermark - 1 } : step,
        ),
    }),
  },
];

/** Interval joins of Flink's DataStream API: pairs, late records, and when records are dropped from state. */
export const flinkIntervalJoin: VectorSuite<IntervalVector> = {
  name: "interval joins",
  matches: (vector) => joinType(vector) === "interval",
  differences,
  check,
};

function check({ join, script, expected, expectedLate }: IntervalVector): string | null {
  const harness = compiledHarness(
    {
      op: "interval-join",
      kind: join.mode,
      left: handDriven,
      right: handDriven,
      on: [],
      lowerMs: join.lowerInclusive ? join.lowerMs : join.lowerMs + 1,
      upperMs: join.upperInclusive ? join.upperMs : join.upperMs - 1,
      rightPrefix: "right_",
    },
    [records, records],
  );
  for (const step of script) {
    if ("assertBuffer" in step) {
      const { buffered_left, buffered_right } = harness.gauges().counters;
      const kept = step.assertBuffer === "left" ? buffered_left : buffered_right;
      if (kept !== step.timestamps.length) return `${kept} records are kept of the ${step.assertBuffer}, not ${step.timestamps.join(", ")}`;
    } else if (isWatermark(step)) harness.inputWatermark(sideIndex(step.side), watermarkOf(step));
    else harness.send([{ ts: step.ts }], sideIndex(step.side));
  }
  const pairs = harness.rows().map(({ fields, timeMs }) => ({ leftTs: fields.ts, rightTs: fields.right_ts, ts: timeMs }));
  const wanted = expected?.map(({ leftTs, rightTs }) => ({ leftTs, rightTs, ts: Math.max(leftTs, rightTs) }));
  const late = expectedLate ?? null;
  return (
    (wanted === undefined ? null : multisetProblem("pairs", pairs, wanted)) ??
    (late === null ? null : multisetProblem("late left", harness.fields("late_left"), late.left)) ??
    (late === null ? null : multisetProblem("late right", harness.fields("late_right"), late.right))
  );
}

function hasRecordAtTheWatermark({ script }: IntervalVector): boolean {
  const watermarks = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return script.some((step) => {
    if ("assertBuffer" in step) return false;
    if (!isWatermark(step)) return step.ts === Math.min(...watermarks);
    watermarks[sideIndex(step.side)] = Math.max(watermarks[sideIndex(step.side)], watermarkOf(step));
    return false;
  });
}
