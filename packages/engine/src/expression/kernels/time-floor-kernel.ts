import type { Batch } from "../../column/batch.ts";
import type { NumberColumn } from "../../column/column.ts";
import type { TypedExpression } from "../typed-expression.ts";
import { minTimestampMs } from "../values/calendar.ts";
import { fixedUnitOf } from "../values/time-units.ts";
import type { KernelBuilder } from "./kernel-builder.ts";
import { liveRows } from "./live-rows.ts";
import { NumberOutput } from "./output-column.ts";

/** A field of times, and a unit of them: its units begin at whole multiples of `sizeMs`, moved back by `shiftMs`. */
export interface UnitStart {
  readonly time: TypedExpression;
  readonly sizeMs: number;
  readonly shiftMs: number;
}

/** `FLOOR(time TO unit)` for units of a fixed length; others have no faster kernel. */
export const timeFloorKernel: KernelBuilder = (call, compiler) => {
  const [time, unit] = call.args;
  const fixed = unit.kind === "literal" && typeof unit.value === "string" ? fixedUnitOf(unit.value) : null;
  if (fixed === null) return null;
  const { sizeMs, shiftMs } = fixed;
  const argument = compiler.kernel(time);
  const output = new NumberOutput();
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    const { values, valid } = column;
    const rows = liveRows(batch);
    const into = output.values;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      const floor = Math.floor((values[i] + shiftMs) / sizeMs) * sizeMs - shiftMs;
      into[i] = floor;
      if (!(floor >= minTimestampMs) || (valid !== null && valid[i] === 0)) output.setNull(i);
    }
    return output.column();
  };
};

/** `time = FLOOR(time TO unit)` of one field, in either order of the sides, for units of a fixed length: times at which a unit begins. */
export function unitStartOf([left, right]: readonly TypedExpression[]): UnitStart | null {
  const [field, floored] = left.kind === "field" ? [left, right] : [right, left];
  if (field.kind !== "field" || floored.kind !== "call" || floored.name !== "FLOOR" || floored.args.length !== 2) return null;
  const [time, unit] = floored.args;
  if (time.kind !== "field" || time.index !== field.index || unit.kind !== "literal" || typeof unit.value !== "string") return null;
  const fixed = fixedUnitOf(unit.value);
  return fixed === null ? null : { time, ...fixed };
}

/** The live rows whose time is the start of a unit. */
export function selectUnitStarts(batch: Batch, { values, valid }: NumberColumn, { sizeMs, shiftMs }: UnitStart, into: Int32Array): number {
  const rows = liveRows(batch);
  let k = 0;
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    const time = values[i];
    into[k] = i;
    k +=
      Math.floor((time + shiftMs) / sizeMs) * sizeMs - shiftMs === time && time >= minTimestampMs && (valid === null || valid[i] !== 0)
        ? 1
        : 0;
  }
  return k;
}
