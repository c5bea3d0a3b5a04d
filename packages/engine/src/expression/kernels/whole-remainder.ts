import type { Batch } from "../../column/batch.ts";
import type { NumberColumn } from "../../column/column.ts";
import { liveRows } from "./live-rows.ts";

/** Dividends beyond this are divided the slow way: `quotient * divisor` has to be exact, also where the quotient is one too great. */
const mostQuick = 2 ** 52;
const mostDivisor = 2 ** 31;

/** Whether `wholeRemainders` knows a divisor. */
export function isQuickDivisor(divisor: number): boolean {
  return Number.isInteger(divisor) && divisor >= 1 && divisor <= mostDivisor;
}

/**
 * `values[i] % divisor` of whole numbers, with the sign of the dividend and never -0, at every row of `rows[0…count)` (null:
 * rows 0 to count). Multiplies by the reciprocal and puts right what it is off by, at a fraction of the time that `%` of doubles takes.
 */
export function wholeRemainders(values: Float64Array, divisor: number, into: Float64Array, rows: Int32Array | null, count: number): void {
  const reciprocal = 1 / divisor;
  if (rows === null) for (let i = 0; i < count; i++) into[i] = wholeRemainder(values[i], divisor, reciprocal);
  else for (let j = 0; j < count; j++) into[rows[j]] = wholeRemainder(values[rows[j]], divisor, reciprocal);
}

/** `value % divisor`, given `1 / divisor`; see `wholeRemainders`. */
export function wholeRemainder(value: number, divisor: number, reciprocal: number): number {
  const size = value < 0 ? -value : value;
  if (!(size <= mostQuick)) return (value % divisor) + 0;
  let rest = size - Math.floor(size * reciprocal) * divisor;
  if (rest < 0) rest += divisor;
  else if (rest >= divisor) rest -= divisor;
  return value < 0 ? 0 - rest : rest;
}

/**
 * The live rows of whole numbers `x` with `x % divisor = wanted`; `into` may be the batch's own selection. Of what is not
 * below 0 only the distance to `wanted` is asked whether it is a multiple, which needs no correction of the quotient.
 */
export function selectRemainder(batch: Batch, { values, valid }: NumberColumn, divisor: number, wanted: number, into: Int32Array): number {
  const rows = liveRows(batch);
  const reciprocal = 1 / divisor;
  const most = wanted >= 0 && wanted < divisor ? mostQuick : -1;
  let k = 0;
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    const value = values[i];
    into[k] = i;
    if (value >= 0 && value <= most) {
      const above = value - wanted;
      k += Math.floor(above * reciprocal + 0.5) * divisor === above && (valid === null || valid[i] !== 0) ? 1 : 0;
    } else k += wholeRemainder(value, divisor, reciprocal) === wanted && (valid === null || valid[i] !== 0) ? 1 : 0;
  }
  return k;
}
