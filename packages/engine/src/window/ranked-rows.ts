import type { Batch } from "../column/batch.ts";
import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";

/** The first rows of each group, in the order of their values; of equal values in the order of arrival, NaN last. Ranks count from 0. */
export class RankedRows {
  readonly rows: RowStore;
  readonly #limit: number;
  readonly #descending: boolean;
  /** Group `g` has the rows `#order[g * limit …]`. */
  #order: Int32Array = new Int32Array(64);
  #counts: Int32Array = new Int32Array(16);
  /** By row. */
  #values: Float64Array = new Float64Array(16);
  readonly #row = new Int32Array(1);
  readonly #slot = new Int32Array(1);

  constructor(fields: readonly Field[], limit: number, descending: boolean) {
    this.rows = new RowStore(fields);
    this.#limit = limit;
    this.#descending = descending;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.rows.bytes + this.#order.byteLength + this.#counts.byteLength + this.#values.byteLength;
  }

  countOf(group: number): number {
    return group < this.#counts.length ? this.#counts[group] : 0;
  }

  rowAt(group: number, rank: number): number {
    return this.#order[group * this.#limit + rank];
  }

  /** The rank that a row with this value would take, behind those that are as good; -1 when it is beyond the last. */
  rankOf(group: number, value: number): number {
    let rank = this.countOf(group);
    while (rank > 0 && this.#isBefore(value, this.#values[this.rowAt(group, rank - 1)])) rank--;
    return rank < this.#limit ? rank : -1;
  }

  /** Puts a row of a batch at a rank; those behind it move back. Returns the row that has lost its rank, which is still held; -1 for none. */
  insert(group: number, rank: number, batch: Batch, row: number, value: number): number {
    this.#row[0] = row;
    this.rows.add(batch, this.#row, 1, this.#slot);
    const slot = this.#slot[0];
    this.#values = grownFloat64(this.#values, slot + 1);
    this.#values[slot] = value;
    this.#reserve(group);
    const first = group * this.#limit;
    const count = this.#counts[group];
    const displaced = count === this.#limit ? this.#order[first + count - 1] : -1;
    const kept = Math.min(count, this.#limit - 1);
    this.#order.copyWithin(first + rank + 1, first + rank, first + kept);
    this.#order[first + rank] = slot;
    this.#counts[group] = kept + 1;
    return displaced;
  }

  /** Forgets the ranks of a group, not its rows. */
  clear(group: number): void {
    if (group < this.#counts.length) this.#counts[group] = 0;
  }

  snapshot(writer: SnapshotWriter, groups: Int32Array): void {
    const slots: number[] = [];
    for (const group of groups) for (let rank = 0; rank < this.countOf(group); rank++) slots.push(this.rowAt(group, rank));
    writer.i32Array(groups.map((group) => this.countOf(group)));
    writer.f64Array(Float64Array.from(slots, (slot) => this.#values[slot]));
    this.rows.snapshot(writer, Int32Array.from(slots), slots.length);
  }

  /** `groups` in the order in which they were written. */
  restore(reader: SnapshotReader, groups: Int32Array): void {
    const counts = reader.i32Array();
    this.#values = reader.f64Array();
    this.rows.restore(reader);
    let slot = 0;
    groups.forEach((group, i) => {
      this.#reserve(group);
      this.#counts[group] = counts[i];
      for (let rank = 0; rank < counts[i]; rank++) this.#order[group * this.#limit + rank] = slot++;
    });
  }

  #isBefore(value: number, other: number): boolean {
    if (Number.isNaN(value)) return false;
    if (Number.isNaN(other)) return true;
    return this.#descending ? value > other : value < other;
  }

  #reserve(group: number): void {
    this.#counts = grownInt32(this.#counts, group + 1);
    this.#order = grownInt32(this.#order, (group + 1) * this.#limit);
  }
}
