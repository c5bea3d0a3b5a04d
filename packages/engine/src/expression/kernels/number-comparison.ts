import type { Batch } from "../../column/batch.ts";
import type { NumberColumn } from "../../column/column.ts";
import { liveRows } from "./live-rows.ts";

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** Comparison with a constant as a range: a value fulfils it iff (least <= value <= most) === inside. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly inside: boolean;
}

/** The range that is equal to comparing with `constant`. */
export function rangeOf(comparison: Comparison, constant: number): NumberRange {
  switch (comparison) {
    case "=":
      return { least: constant, most: constant, inside: true };
    case "<>":
      return { least: constant, most: constant, inside: false };
    case "<":
      return { least: -Infinity, most: nextDown(constant), inside: true };
    case "<=":
      return { least: -Infinity, most: constant, inside: true };
    case ">":
      return { least: -nextDown(-constant), most: Infinity, inside: true };
    case ">=":
      return { least: constant, most: Infinity, inside: true };
  }
}

/** The comparison with its sides exchanged. */
export function mirrored(comparison: Comparison): Comparison {
  switch (comparison) {
    case "<":
      return ">";
    case "<=":
      return ">=";
    case ">":
      return "<";
    case ">=":
      return "<=";
    default:
      return comparison;
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** The greatest double below a finite one. */
function nextDown(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}

/**
 * The live rows whose value is in a range, ascending; `into` may be the batch's own selection. Here as in the other loops the answer is a
 * number, not a branch, which a processor guesses wrong for every other of values that come in no order.
 */
export function selectRange(batch: Batch, column: NumberColumn, range: NumberRange, into: Int32Array): number {
  const { values, valid } = column;
  const { least, most, inside } = range;
  const outside = inside ? 0 : 1;
  let k = 0;
  if (least === most && inside && valid === null) return selectEqual(batch, values, least, into);
  if (batch.selection === null && valid === null) {
    for (let i = 0; i < batch.length; i++) {
      const value = values[i];
      into[k] = i;
      k += (Number(value >= least) & Number(value <= most)) ^ outside;
    }
    return k;
  }
  const rows = liveRows(batch);
  if (valid === null) {
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      const value = values[i];
      into[k] = i;
      k += (Number(value >= least) & Number(value <= most)) ^ outside;
    }
    return k;
  }
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    const value = values[i];
    into[k] = i;
    k += ((Number(value >= least) & Number(value <= most)) ^ outside) & Number(valid[i] !== 0);
  }
  return k;
}

function selectEqual(batch: Batch, values: Float64Array, wanted: number, into: Int32Array): number {
  const { selection, selected } = batch;
  let k = 0;
  if (selection === null) {
    for (let i = 0; i < selected; i++) {
      into[k] = i;
      k += Number(values[i] === wanted);
    }
    return k;
  }
  for (let j = 0; j < selected; j++) {
    const i = selection[j];
    into[k] = i;
    k += Number(values[i] === wanted);
  }
  return k;
}

/** 1 where the value is in a range, else 0, for every live row. */
export function markRange(batch: Batch, values: Float64Array, range: NumberRange, into: Uint8Array): void {
  const { least, most, inside } = range;
  const outside = inside ? 0 : 1;
  const rows = liveRows(batch);
  for (let j = 0; j < batch.selected; j++) {
    const value = values[rows[j]];
    into[rows[j]] = (Number(value >= least) & Number(value <= most)) ^ outside;
  }
}

/** The live rows for which two columns compare so and both hold a value; `into` may be the batch's own selection. */
export function selectCompared(batch: Batch, comparison: Comparison, a: NumberColumn, b: NumberColumn, into: Int32Array): number {
  if (comparison === ">" || comparison === ">=") return selectCompared(batch, mirrored(comparison), b, a, into);
  const rows = liveRows(batch);
  const count = batch.selected;
  const x = a.values;
  const y = b.values;
  let k = 0;
  switch (comparison) {
    case "=":
      for (let j = 0; j < count; j++) {
        const i = rows[j];
        into[k] = i;
        k += Number(x[i] === y[i]) & bothThere(a, b, i);
      }
      return k;
    case "<>":
      for (let j = 0; j < count; j++) {
        const i = rows[j];
        into[k] = i;
        k += Number(x[i] !== y[i]) & bothThere(a, b, i);
      }
      return k;
    case "<":
      for (let j = 0; j < count; j++) {
        const i = rows[j];
        into[k] = i;
        k += Number(x[i] < y[i]) & bothThere(a, b, i);
      }
      return k;
    default:
      for (let j = 0; j < count; j++) {
        const i = rows[j];
        into[k] = i;
        k += Number(x[i] <= y[i]) & bothThere(a, b, i);
      }
      return k;
  }
}

/** 1 or 0. */
function bothThere(a: NumberColumn, b: NumberColumn, i: number): number {
  return (a.valid === null ? 1 : Number(a.valid[i] !== 0)) & (b.valid === null ? 1 : Number(b.valid[i] !== 0));
}

/** 1 where two columns compare so, else 0, for every live row. */
export function markCompared(batch: Batch, comparison: Comparison, x: Float64Array, y: Float64Array, into: Uint8Array): void {
  if (comparison === ">" || comparison === ">=") {
    markCompared(batch, mirrored(comparison), y, x, into);
    return;
  }
  const rows = liveRows(batch);
  const count = batch.selected;
  switch (comparison) {
    case "=":
      for (let j = 0; j < count; j++) into[rows[j]] = Number(x[rows[j]] === y[rows[j]]);
      return;
    case "<>":
      for (let j = 0; j < count; j++) into[rows[j]] = Number(x[rows[j]] !== y[rows[j]]);
      return;
    case "<":
      for (let j = 0; j < count; j++) into[rows[j]] = Number(x[rows[j]] < y[rows[j]]);
      return;
    default:
      for (let j = 0; j < count; j++) into[rows[j]] = Number(x[rows[j]] <= y[rows[j]]);
  }
}
