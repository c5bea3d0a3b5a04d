import { type Batch, maxBatchRows } from "../../column/batch.ts";
import type { Validity } from "../../column/column.ts";

let identity = Int32Array.from({ length: maxBatchRows }, (_, i) => i);

/** Indexes of the live rows; only the first `batch.selected` entries count. Not to be written to. */
export function liveRows(batch: Batch): Int32Array {
  if (batch.selection !== null) return batch.selection;
  if (identity.length < batch.length) identity = Int32Array.from({ length: batch.length * 2 }, (_, i) => i);
  return identity;
}

/** Combines the validity of two arguments, where both must be there; writes into a buffer that it keeps. */
export class ValidityMerger {
  #buffer = new Uint8Array(0);

  both(a: Validity, b: Validity, batch: Batch): Validity {
    if (a === null) return b;
    if (b === null || a === b) return a;
    if (this.#buffer.length < batch.length) this.#buffer = new Uint8Array(Math.max(batch.length, maxBatchRows));
    const merged = this.#buffer;
    for (let i = 0; i < batch.length; i++) merged[i] = a[i] === 0 || b[i] === 0 ? 0 : 1;
    return merged;
  }
}

/** A selection buffer that grows with the batches. */
export class SelectionBuffer {
  #rows = new Int32Array(0);

  for(batch: Batch): Int32Array {
    if (this.#rows.length < batch.length) this.#rows = new Int32Array(Math.max(batch.length, maxBatchRows));
    return this.#rows;
  }
}

/** Writes the rows of `all` that are not in `some` (both ascending) into `into`; gives their number. `into` may be `all`. */
export function withoutRows(all: Int32Array, count: number, some: Int32Array, someCount: number, into: Int32Array): number {
  let k = 0;
  let s = 0;
  let j = 0;
  for (; j < count && s < someCount; j++) {
    const row = all[j];
    const isSome = Number(some[s] === row);
    into[k] = row;
    s += isSome;
    k += 1 - isSome;
  }
  for (; j < count; j++) into[k++] = all[j];
  return k;
}

/** Merges two ascending, disjoint lists of rows into `into`; gives their number. */
export function mergeRows(a: Int32Array, aCount: number, b: Int32Array, bCount: number, into: Int32Array): number {
  let i = 0;
  let j = 0;
  let k = 0;
  while (i < aCount && j < bCount) into[k++] = a[i] < b[j] ? a[i++] : b[j++];
  while (i < aCount) into[k++] = a[i++];
  while (j < bCount) into[k++] = b[j++];
  return k;
}
