import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { SessionTimers } from "./session-timers.ts";

/** In place of the key of a record that has moved out. */
const gone = -1;

/**
 * The records that are in range, as queues by key in order of time: records enter at the end and leave at the front,
 * and the aggregate of a key costs constant time on average. A record is its aggregate slot; 0 is none.
 *
 * Aggregates that can be subtracted are running totals. The others are two stacks (Tangwongsan et al., "General
 * incremental sliding-window aggregation", 2015): the slot of a record of the front aggregates the records from it
 * to the end of the front; the records behind the front are merged in the slot of their key.
 */
export class LookBackRanges {
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #stacked: boolean;
  /** By key: slot of the totals and of what is behind the front; 0 = no records in range. */
  #totals: Int32Array = new Int32Array(16);
  #firsts: Int32Array = new Int32Array(16);
  #lasts: Int32Array = new Int32Array(16);
  /** By key: records of the front. */
  #fronts: Int32Array = new Int32Array(16);
  /** By key: records in range, and others that need the key. */
  #references: Int32Array = new Int32Array(16);
  /** By record. */
  #times: Float64Array = new Float64Array(16);
  #keyOf: Int32Array = new Int32Array(16);
  #nextOfKey: Int32Array = new Int32Array(16);
  #previousOfKey: Int32Array = new Int32Array(16);
  #next: Int32Array = new Int32Array(16);
  /** All records in range in the order in which they entered. */
  #first = 0;
  #last = 0;
  #size = 0;
  /** Records in range that were outside of memory: they are not among those above, but here by time. */
  readonly #returned = new SessionTimers();
  #returnedCount = 0;
  /** Records that have moved out and are still in the order above. */
  #gone = 0;
  readonly #into = new Int32Array(1);
  readonly #from = new Int32Array(1);
  readonly #total = new Int32Array(1);
  readonly #result = new Int32Array(1);

  constructor(keys: KeyTable, aggregates: AggregateSet) {
    this.#keys = keys;
    this.#aggregates = aggregates;
    this.#stacked = aggregates.has("mergeable");
    this.#result[0] = aggregates.allocate();
  }

  /** Records in range. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held, without what the slots hold. */
  get bytes(): number {
    return this.#totals.byteLength * 5 + this.#times.byteLength * 3;
  }

  /** Keeps a key known, until a record of it has left for each time that this was called. */
  retain(key: number): void {
    if (key >= this.#totals.length) this.#reserveKeys(key + 1);
    this.#references[key]++;
  }

  /** Puts a record at the end; none before it has a later time. Its key was retained for it. */
  enter(key: number, slot: number, timeMs: number): void {
    if (slot >= this.#times.length) this.#reserveRecords(slot + 1);
    this.#times[slot] = timeMs;
    this.#keyOf[slot] = key;
    this.#next[slot] = 0;
    if (this.#last === 0) this.#first = slot;
    else this.#next[this.#last] = slot;
    this.#last = slot;
    this.#size++;
    this.#chain(key, slot);
    if (this.#totals[key] === 0) this.#totals[key] = this.#aggregates.allocate();
    this.#merge("subtractable", this.#totals[key], slot);
    if (this.#stacked) this.#merge("mergeable", this.#totals[key], slot);
  }

  /** Lets the records with a time of at most `timeMs` go. */
  leaveThrough(timeMs: number): void {
    for (let slot = this.#returned.takeDue(timeMs); slot !== 0; slot = this.#returned.takeDue(timeMs)) {
      this.#returnedCount--;
      this.#size--;
      this.#leave(this.#keyOf[slot]);
    }
    while (this.#first !== 0 && this.#times[this.#first] <= timeMs) {
      const slot = this.#first;
      this.#first = this.#next[slot];
      if (this.#first === 0) this.#last = 0;
      this.#size--;
      this.#leave(this.#keyOf[slot]);
    }
  }

  /** Writes the aggregates of a key that has records in range into row `row` of the result columns. */
  write(key: number, into: readonly (ColumnBuilder | null)[], row: number): void {
    this.#total[0] = this.#totals[key];
    if (this.#stacked) {
      this.#aggregates.clear("mergeable", this.#result, 1);
      if (this.#fronts[key] > 0) this.#merge("mergeable", this.#result[0], this.#firsts[key]);
      this.#merge("mergeable", this.#result[0], this.#total[0]);
    }
    this.#aggregates.write(this.#total, this.#result, 0, 1, into, row);
  }

  /** Whether anything of a key is in memory. */
  holds(key: number): boolean {
    return key < this.#references.length && this.#references[key] > 0;
  }

  /** When the last record of a key will leave; -Infinity when the key is needed for something else than records in range. */
  lastLeaveMs(key: number, rangeMs: number): number {
    const records = this.#recordsOf(key);
    if (records.length === 0 || records.length < this.#references[key]) return Number.NEGATIVE_INFINITY;
    return this.#times[records[records.length - 1]] + rangeMs;
  }

  /** Writes the records in range of a key and forgets them with it; what is left of them goes with `movedOut`. */
  moveOut(key: number, writer: SnapshotWriter): void {
    const records = this.#recordsOf(key);
    writer.u32(this.#fronts[key]);
    writer.f64Array(Float64Array.from(records, (slot) => this.#times[slot]));
    this.#total[0] = this.#totals[key];
    this.#aggregates.snapshot(writer, records, records.length);
    this.#aggregates.snapshot(writer, this.#total, 1);
    for (const slot of records) {
      if (this.#returned.remove(slot)) {
        this.#returnedCount--;
        this.#into[0] = slot;
        this.#aggregates.free(this.#into, 1);
      } else {
        this.#keyOf[slot] = gone;
        this.#gone++;
      }
    }
    this.#aggregates.free(this.#total, 1);
    this.#size -= records.length;
    for (const byKey of [this.#totals, this.#firsts, this.#lasts, this.#fronts, this.#references]) byKey[key] = 0;
    this.#keys.release(key);
  }

  movedOut(): void {
    if (this.#gone === 0) return;
    const moved = new Int32Array(this.#gone);
    let count = 0;
    let last = 0;
    for (let slot = this.#first; slot !== 0; slot = this.#next[slot]) {
      if (this.#keyOf[slot] === gone) moved[count++] = slot;
      else {
        if (last === 0) this.#first = slot;
        else this.#next[last] = slot;
        last = slot;
      }
    }
    if (last === 0) this.#first = 0;
    else this.#next[last] = 0;
    this.#last = last;
    this.#aggregates.free(moved, count);
    this.#gone = 0;
  }

  /** Takes the records of a key back. */
  moveIn(key: number, reader: SnapshotReader): void {
    if (key >= this.#totals.length) this.#reserveKeys(key + 1);
    const fronts = reader.u32();
    const times = reader.f64Array();
    const records = Int32Array.from(times, () => this.#aggregates.allocate());
    this.#total[0] = this.#aggregates.allocate();
    this.#aggregates.restore(reader, records, records.length);
    this.#aggregates.restore(reader, this.#total, 1);
    records.forEach((slot, i) => {
      if (slot >= this.#times.length) this.#reserveRecords(slot + 1);
      this.#times[slot] = times[i];
      this.#keyOf[slot] = key;
      this.#chain(key, slot);
      this.#returned.set(slot, times[i]);
    });
    this.#returnedCount += records.length;
    this.#size += records.length;
    this.#totals[key] = this.#total[0];
    this.#fronts[key] = fronts;
    this.#references[key] += records.length;
  }

  /** The records in range of a key, in order. */
  #recordsOf(key: number): Int32Array {
    const records: number[] = [];
    for (let slot = this.#firsts[key]; slot !== 0; slot = this.#nextOfKey[slot]) records.push(slot);
    return Int32Array.from(records);
  }

  /** All records in range in order of their times, those of a key in their order. */
  #inOrder(): Int32Array {
    const records: number[] = [];
    if (this.#returnedCount === 0) for (let slot = this.#first; slot !== 0; slot = this.#next[slot]) records.push(slot);
    else {
      for (let key = 0; key < this.#firsts.length; key++) records.push(...this.#recordsOf(key));
      records.sort((a, b) => this.#times[a] - this.#times[b]);
    }
    return Int32Array.from(records);
  }

  snapshot(writer: SnapshotWriter): void {
    const records = this.#inOrder();
    const count = records.length;
    const keys = Int32Array.from(new Set(records.map((slot) => this.#keyOf[slot])));
    writer.i32Array(records.map((slot) => this.#keyOf[slot]));
    writer.f64Array(Float64Array.from(records, (slot) => this.#times[slot]));
    writer.i32Array(keys);
    writer.i32Array(keys.map((key) => this.#fronts[key]));
    const totals = keys.map((key) => this.#totals[key]);
    this.#aggregates.snapshot(writer, records, count);
    this.#aggregates.snapshot(writer, totals, totals.length);
  }

  /** The keys have been restored before; they are retained here for the records in range. */
  restore(reader: SnapshotReader): void {
    const recordKeys = reader.i32Array();
    const times = reader.f64Array();
    const keys = reader.i32Array();
    const fronts = reader.i32Array();
    const records = recordKeys.map((key, i) => {
      const slot = this.#aggregates.allocate();
      this.retain(key);
      this.enter(key, slot, times[i]);
      return slot;
    });
    keys.forEach((key, i) => {
      this.#fronts[key] = fronts[i];
    });
    const totals = keys.map((key) => this.#totals[key]);
    this.#aggregates.restore(reader, records, records.length);
    this.#aggregates.restore(reader, totals, totals.length);
  }

  /** Lets the first record of a key go: whichever of those that are due said so, the first is. */
  #leave(key: number): void {
    const slot = this.#firsts[key];
    if (this.#stacked) {
      if (this.#fronts[key] === 0) this.#turnOver(key);
      this.#fronts[key]--;
    }
    this.#firsts[key] = this.#nextOfKey[slot];
    this.#into[0] = this.#totals[key];
    this.#from[0] = slot;
    if (this.#firsts[key] === 0) {
      this.#aggregates.free(this.#into, 1);
      this.#totals[key] = 0;
      this.#lasts[key] = 0;
    } else this.#aggregates.subtract(this.#into, this.#from, 1);
    this.#aggregates.free(this.#from, 1);
    if (--this.#references[key] === 0) this.#keys.release(key);
  }

  /** Makes all records of a key its front. */
  #turnOver(key: number): void {
    let count = 0;
    let behind = 0;
    for (let slot = this.#lasts[key]; slot !== 0; slot = this.#previousOfKey[slot]) {
      if (behind !== 0) this.#merge("mergeable", slot, behind);
      behind = slot;
      count++;
      if (slot === this.#firsts[key]) break;
    }
    this.#fronts[key] = count;
    this.#into[0] = this.#totals[key];
    this.#aggregates.clear("mergeable", this.#into, 1);
  }

  #chain(key: number, slot: number): void {
    const last = this.#lasts[key];
    this.#nextOfKey[slot] = 0;
    this.#previousOfKey[slot] = last;
    if (last === 0) this.#firsts[key] = slot;
    else this.#nextOfKey[last] = slot;
    this.#lasts[key] = slot;
  }

  #merge(part: "subtractable" | "mergeable", into: number, from: number): void {
    this.#into[0] = into;
    this.#from[0] = from;
    this.#aggregates.merge(part, this.#into, this.#from, 1);
  }

  #reserveKeys(keys: number): void {
    this.#totals = grownInt32(this.#totals, keys);
    this.#firsts = grownInt32(this.#firsts, keys);
    this.#lasts = grownInt32(this.#lasts, keys);
    this.#fronts = grownInt32(this.#fronts, keys);
    this.#references = grownInt32(this.#references, keys);
  }

  #reserveRecords(slots: number): void {
    this.#times = grownFloat64(this.#times, slots);
    this.#keyOf = grownInt32(this.#keyOf, slots);
    this.#nextOfKey = grownInt32(this.#nextOfKey, slots);
    this.#previousOfKey = grownInt32(this.#previousOfKey, slots);
    this.#next = grownInt32(this.#next, slots);
  }
}
