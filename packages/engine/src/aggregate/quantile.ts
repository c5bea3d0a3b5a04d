import { maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { doubleType } from "../types/field-type.ts";
import { OccurrenceAccumulator } from "./occurrence-accumulator.ts";

/** The result is at most this share away from a value at the rank. */
export const quantileRelativeError = 0.01;

const gamma = (1 + quantileRelativeError) / (1 - quantileRelativeError);
const logGamma = Math.log(gamma);
/** Above the index of any double, so that the sign of a bucket's number is that of its values, and 0 is for 0. */
const offset = 1 << 20;

/**
 * A quantile of numbers, by a sketch of logarithmic buckets (DDSketch; Masson, Rim, Lee 2019): the result is within 1 % of
 * the value at rank `fraction × (n - 1)`, rounded down, whatever the distribution, and merging loses nothing. Memory
 * grows with the range of the values, not with their number: about 115 buckets a power of ten. NULL over nothing.
 */
export class QuantileAccumulator extends OccurrenceAccumulator {
  readonly #fraction: number;
  readonly #buckets = new Float64Array(maxBatchRows);

  /** `fraction` from 0 to 1. */
  constructor(fraction: number) {
    super(doubleType);
    this.#fraction = fraction;
  }

  override add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    for (let p = 0; p < count; p++) this.#buckets[rows[p]] = bucketOf(column.values[rows[p]]);
    super.add(slots, rows, count, { kind: "number", values: this.#buckets, valid: column.valid });
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) into.set(row + p - from, this.#quantile(slots[p]));
  }

  #quantile(slot: number): number | null {
    const buckets = this.occurrences.of(slot).map(({ value, count }) => ({ bucket: Number(value), count }));
    if (buckets.length === 0) return null;
    buckets.sort((a, b) => orderOf(a.bucket) - orderOf(b.bucket));
    const total = buckets.reduce((sum, { count }) => sum + count, 0);
    const rank = Math.floor(this.#fraction * (total - 1));
    let below = 0;
    for (const { bucket, count } of buckets) {
      below += count;
      if (below > rank) return valueIn(bucket);
    }
    return valueIn(buckets[buckets.length - 1].bucket);
  }
}

function bucketOf(value: number): number {
  if (value === 0 || Number.isNaN(value)) return value;
  const index = Number.isFinite(value) ? Math.ceil(Math.log(Math.abs(value)) / logGamma) : offset / 2;
  return Math.sign(value) * (index + offset);
}

function valueIn(bucket: number): number {
  if (bucket === 0 || Number.isNaN(bucket)) return bucket;
  const index = Math.abs(bucket) - offset;
  if (index === offset / 2) return Math.sign(bucket) * Number.POSITIVE_INFINITY;
  return (Math.sign(bucket) * (2 * gamma ** index)) / (gamma + 1);
}

/** NaN is behind all numbers. */
function orderOf(bucket: number): number {
  return Number.isNaN(bucket) ? offset * 4 : bucket;
}
