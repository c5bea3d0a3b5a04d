import type { Batch } from "../column/batch.ts";
import type { NumberColumn } from "../column/column.ts";
import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";

/**
 * The first rows of each group, in the order of their values; of equal values in the order of arrival, NaN last. Ranks
 * count from 0. With `keepTies`, rows that are as good as the last of them are kept behind it, however many they are.
 */
export class RankedRows {
  readonly rows: RowStore;
  readonly #limit: number;
  readonly #descending: boolean;
  readonly #keepTies: boolean;
  /** Group `g` has the rows `#order[g * limit …]`. */
  #order: Int32Array = new Int32Array(64);
  #counts: Int32Array = new Int32Array(16);
  /** By row. */
  #values: Float64Array = new Float64Array(16);
  #groupOf: Int32Array = new Int32Array(16);
  /** Rows that are as good as the last of a group, as lists in order of arrival: by group the first and the last, by row the next; each plus one, 0 = none. */
  #firstTied: Int32Array = new Int32Array(16);
  #lastTied: Int32Array = new Int32Array(16);
  #nextTied: Int32Array = new Int32Array(16);
  #listed: Int32Array = new Int32Array(16);
  #dropped: Int32Array = new Int32Array(16);
  #droppedCount = 0;
  readonly #row = new Int32Array(1);
  readonly #slot = new Int32Array(1);

  constructor(fields: readonly Field[], limit: number, descending: boolean, keepTies = false) {
    this.rows = new RowStore(fields);
    this.#limit = limit;
    this.#descending = descending;
    this.#keepTies = keepTies;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    const ties = this.#firstTied.byteLength + this.#lastTied.byteLength + this.#nextTied.byteLength;
    return this.rows.bytes + this.#order.byteLength + this.#counts.byteLength + this.#values.byteLength + this.#groupOf.byteLength + ties;
  }

  countOf(group: number): number {
    return group < this.#counts.length ? this.#counts[group] : 0;
  }

  rowAt(group: number, rank: number): number {
    return this.#order[group * this.#limit + rank];
  }

  /** All rows of a group in their order, with those that are kept as ties; valid until the next call. */
  rowsOf(group: number): Int32Array {
    const count = this.countOf(group);
    let at = 0;
    this.#listed = grownInt32(this.#listed, count);
    for (; at < count; at++) this.#listed[at] = this.rowAt(group, at);
    for (let tied = this.#keepTies && count > 0 ? this.#firstTied[group] : 0; tied !== 0; tied = this.#nextTied[tied - 1]) {
      this.#listed = grownInt32(this.#listed, at + 1);
      this.#listed[at++] = tied - 1;
    }
    return this.#listed.subarray(0, at);
  }

  /** Whether two rows are equally good. */
  isTie(row: number, other: number): boolean {
    return this.#isTied(this.#values[row], this.#values[other]);
  }

  /** The first of the records at `rows[from…to)` that is not certainly behind the last rank, as most are; `to` when all are. */
  firstWithin(group: number, { values, valid }: NumberColumn, rows: Int32Array, from: number, to: number): number {
    if (group >= this.#counts.length || this.#counts[group] < this.#limit) return from;
    const worst = this.#values[this.#order[group * this.#limit + this.#limit - 1]];
    let at = from;
    if (this.#descending) while (at < to && values[rows[at]] < worst && (valid === null || valid[rows[at]] !== 0)) at++;
    else while (at < to && values[rows[at]] > worst && (valid === null || valid[rows[at]] !== 0)) at++;
    return at;
  }

  /** The rank that a row with this value would take, behind those that are as good; the limit for one that is kept as a tie; -1 when it is beyond the last. */
  rankOf(group: number, value: number): number {
    const count = this.countOf(group);
    let rank = count;
    while (rank > 0 && this.#isBefore(value, this.#values[this.rowAt(group, rank - 1)])) rank--;
    if (rank < this.#limit) return rank;
    return this.#keepTies && this.#isTied(value, this.#values[this.rowAt(group, count - 1)]) ? rank : -1;
  }

  /** Puts a row of a batch at the rank that `rankOf` said; those behind it move back. Returns the rows that are beyond the last now, which are still held; valid until the next call. */
  insert(group: number, rank: number, batch: Batch, row: number, value: number): Int32Array {
    this.#row[0] = row;
    this.rows.add(batch, this.#row, 1, this.#slot);
    const slot = this.#slot[0];
    this.#values = grownFloat64(this.#values, slot + 1);
    this.#values[slot] = value;
    this.#groupOf = grownInt32(this.#groupOf, slot + 1);
    this.#groupOf[slot] = group;
    this.#reserve(group);
    this.#droppedCount = 0;
    if (rank === this.#limit) this.#tieLast(group, slot);
    else this.#insertAt(group, rank, slot);
    return this.#dropped.subarray(0, this.#droppedCount);
  }

  /** Forgets the ranks of a group, not its rows. */
  clear(group: number): void {
    if (group < this.#counts.length) this.#counts[group] = 0;
    if (group < this.#firstTied.length) this.#firstTied[group] = 0;
  }

  /** Writes the rows of a group, and forgets them with it. Returns how many they were. */
  moveOut(group: number, writer: SnapshotWriter): number {
    const rows = this.rowsOf(group).slice();
    writer.f64Array(Float64Array.from(rows, (row) => this.#values[row]));
    this.rows.writeRows(writer, rows, rows.length);
    for (const row of rows) this.rows.remove(row);
    this.clear(group);
    return rows.length;
  }

  /** Takes back what `moveOut` wrote. Returns how many rows there are. */
  moveIn(group: number, reader: SnapshotReader): number {
    const values = reader.f64Array();
    const rows = this.rows.readRows(reader);
    this.#values = grownFloat64(this.#values, this.rows.capacity);
    this.#groupOf = grownInt32(this.#groupOf, this.rows.capacity);
    rows.forEach((row, i) => {
      this.#values[row] = values[i];
      this.#groupOf[row] = group;
      this.#addLast(group, row);
    });
    return rows.length;
  }

  /** `name`: of the tables that the rows go into. The order of a group follows from its rows. */
  snapshot(writer: SnapshotWriter, name: string): void {
    this.rows.save(writer, name, [this.#values, this.#groupOf]);
  }

  restore(reader: SnapshotReader, name: string): void {
    const loaded = this.rows.load(reader, name);
    if (loaded === null) throw new Error(`the snapshot has no table ${name}`);
    this.#values = loaded.f64(0);
    this.#groupOf = loaded.i32(1);
    // Rows are in order of arrival, which the sort keeps of equal values.
    const inOrder = [...loaded.slots].sort((a, b) => this.#compare(this.#values[a], this.#values[b]));
    for (const slot of inOrder) this.#addLast(this.#groupOf[slot], slot);
  }

  /** Adds a row that no row of the group is behind. */
  #addLast(group: number, slot: number): void {
    this.#reserve(group);
    if (this.#counts[group] === this.#limit) this.#tieLast(group, slot);
    else this.#order[group * this.#limit + this.#counts[group]++] = slot;
  }

  #compare(a: number, b: number): number {
    return this.#isBefore(a, b) ? -1 : this.#isBefore(b, a) ? 1 : 0;
  }

  /** As snapshots were before they had tables of rows; `groups` in the order in which they were written. */
  restoreList(reader: SnapshotReader, groups: Int32Array): void {
    const counts = reader.i32Array();
    this.#values = reader.f64Array();
    this.rows.restore(reader);
    let slot = 0;
    groups.forEach((group, i) => {
      this.#reserve(group);
      this.#counts[group] = Math.min(counts[i], this.#limit);
      for (let rank = 0; rank < counts[i]; rank++) {
        this.#groupOf = grownInt32(this.#groupOf, slot + 1);
        this.#groupOf[slot] = group;
        if (rank < this.#limit) this.#order[group * this.#limit + rank] = slot++;
        else this.#tieLast(group, slot++);
      }
    });
  }

  #insertAt(group: number, rank: number, slot: number): void {
    const first = group * this.#limit;
    const count = this.#counts[group];
    const displaced = count === this.#limit ? this.#order[first + count - 1] : -1;
    const kept = Math.min(count, this.#limit - 1);
    this.#order.copyWithin(first + rank + 1, first + rank, first + kept);
    this.#order[first + rank] = slot;
    this.#counts[group] = kept + 1;
    if (displaced < 0) return;
    if (this.#keepTies && this.isTie(displaced, this.#order[first + kept])) this.#tieFirst(group, displaced);
    else this.#drop(group, displaced);
  }

  /** Drops what was the last row of a group, and all that was as good. */
  #drop(group: number, displaced: number): void {
    let tied = this.#keepTies ? this.#firstTied[group] : 0;
    for (let row = displaced; ; row = tied - 1, tied = this.#nextTied[row]) {
      this.#dropped = grownInt32(this.#dropped, this.#droppedCount + 1);
      this.#dropped[this.#droppedCount++] = row;
      if (tied === 0) break;
    }
    if (this.#keepTies) this.#firstTied[group] = 0;
  }

  #tieFirst(group: number, row: number): void {
    this.#nextTied = grownInt32(this.#nextTied, row + 1);
    this.#nextTied[row] = this.#firstTied[group];
    if (this.#firstTied[group] === 0) this.#lastTied[group] = row + 1;
    this.#firstTied[group] = row + 1;
  }

  #tieLast(group: number, row: number): void {
    if (this.#firstTied[group] === 0) {
      this.#tieFirst(group, row);
      return;
    }
    this.#nextTied = grownInt32(this.#nextTied, row + 1);
    this.#nextTied[row] = 0;
    this.#nextTied[this.#lastTied[group] - 1] = row + 1;
    this.#lastTied[group] = row + 1;
  }

  #isTied(value: number, other: number): boolean {
    return value === other || (Number.isNaN(value) && Number.isNaN(other));
  }

  #isBefore(value: number, other: number): boolean {
    if (Number.isNaN(value)) return false;
    if (Number.isNaN(other)) return true;
    return this.#descending ? value > other : value < other;
  }

  #reserve(group: number): void {
    this.#counts = grownInt32(this.#counts, group + 1);
    this.#order = grownInt32(this.#order, (group + 1) * this.#limit);
    if (!this.#keepTies) return;
    this.#firstTied = grownInt32(this.#firstTied, group + 1);
    this.#lastTied = grownInt32(this.#lastTied, group + 1);
  }
}
