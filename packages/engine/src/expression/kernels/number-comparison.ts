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

/** The live rows whose value is in a range, ascending; `into` may be the batch's own selection. */
export function selectRange(batch: Batch, column: NumberColumn, range: NumberRange, into: Int32Array): number {
  const { values, valid } = column;
  const { least, most, inside } = range;
  let k = 0;
  if (least === most && inside && valid === null) return selectEqual(batch, values, least, into);
  if (batch.selection === null && valid === null) {
    for (let i = 0; i < batch.length; i++) {
      const value = values[i];
      into[k] = i;
      k += (value >= least && value <= most) === inside ? 1 : 0;
    }
    return k;
  }
  const rows = liveRows(batch);
  if (valid === null) {
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      const value = values[i];
      into[k] = i;
      k += (value >= least && value <= most) === inside ? 1 : 0;
    }
    return k;
  }
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    const value = values[i];
    into[k] = i;
    k += (value >= least && value <= most) === inside && valid[i] !== 0 ? 1 : 0;
  }
  return k;
}

function selectEqual(batch: Batch, values: Float64Array, wanted: number, into: Int32Array): number {
  const { selection, selected } = batch;
  let k = 0;
  if (selection === null) {
    for (let i = 0; i < selected; i++) {
      into[k] = i;
      k += values[i] === wanted ? 1 : 0;
    }
    return k;
  }
  for (let j = 0; j < selected; j++) {
    const i = selection[j];
    into[k] = i;
    k += values[i] === wanted ? 1 : 0;
  }
  return k;
}

/** 1 where the value is in a range, else 0, for every live row. */
export function markRange(batch: Batch, values: Float64Array, range: NumberRange, into: Uint8Array): void {
  const { least, most, inside } = range;
  const rows = liveRows(batch);
  for (let j = 0; j < batch.selected; j++) {
    const value = values[rows[j]];
    into[rows[j]] = (value >= least && value <= most) === inside ? 1 : 0;
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
        k += x[i] === y[i] && bothThere(a, b, i) ? 1 : 0;
      }
      return k;
    case "<>":
      for (let j = 0; j < count; j++) {
        const i = rows[j];
        into[k] = i;
        k += x[i] !== y[i] && bothThere(a, b, i) ? 1 : 0;
      }
      return k;
    case "<":
      for (let j = 0; j < count; j++) {
        const i = rows[j];
        into[k] = i;
        k += x[i] < y[i] && bothThere(a, b, i) ? 1 : 0;
      }
      return k;
    default:
      for (let j = 0; j < count; j++) {
        const i = rows[j];
        into[k] = i;
        k += x[i] <= y[i] && bothThere(a, b, i) ? 1 : 0;
      }
      return k;
  }
}

function bothThere(a: NumberColumn, b: NumberColumn, i: number): boolean {
  return (a.valid === null || a.valid[i] !== 0) && (b.valid === null || b.valid[i] !== 0);
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
      for (let j = 0; j < count; j++) into[rows[j]] = x[rows[j]] === y[rows[j]] ? 1 : 0;
      return;
    case "<>":
      for (let j = 0; j < count; j++) into[rows[j]] = x[rows[j]] !== y[rows[j]] ? 1 : 0;
      return;
    case "<":
      for (let j = 0; j < count; j++) into[rows[j]] = x[rows[j]] < y[rows[j]] ? 1 : 0;
      return;
    default:
      for (let j = 0; j < count; j++) into[rows[j]] = x[rows[j]] <= y[rows[j]] ? 1 : 0;
  }
}
