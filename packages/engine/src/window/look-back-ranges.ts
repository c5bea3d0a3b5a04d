import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { maxBatchRows } from "../column/batch.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64, grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { usedRows } from "../state/used-rows.ts";
import { endOfTime } from "../time/watermark.ts";
import { EntryOrder } from "./entry-order.ts";
import { firstOf, frontOf, lastOf, momentOf, referencesOf, sizeOf, totalOf, width } from "./look-back-keys.ts";
import { LookBackRun } from "./look-back-run.ts";
import { SessionTimers } from "./session-timers.ts";

/** In place of the key of a record that has moved out. */
const gone = -1;
/** What a slot is: no record, a record, or one of the front of its key. */
const roles = { none: 0, record: 1, front: 2 } as const;
const tableName = "ranges";
const none = new Int32Array(0);
/** What is known of the records of a key. */
const ofRange = [totalOf, firstOf, lastOf, frontOf, sizeOf];

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
  /** The records of a key are in a list, which totals do not need: for stacks, and for keys that leave memory. */
  #chained: boolean;
  /** `width` numbers a key. */
  #ofKeys: Int32Array = new Int32Array(16 * width);
  /** Slots that all arrays by record have room for. */
  #room = 16;
  /** By record: see `roles`; event time; a number that rises as records come, for those of one time; its key. */
  #roles: Uint8Array = new Uint8Array(16);
  #times: Float64Array = new Float64Array(16);
  #arrivals: Float64Array = new Float64Array(16);
  #keyOf: Int32Array = new Int32Array(16);
  #nextOfKey: Int32Array = new Int32Array(16);
  #previousOfKey: Int32Array = new Int32Array(16);
  /** All records in range. */
  readonly #order = new EntryOrder();
  #size = 0;
  #arrived = 0;
  /** Records in range that were outside of memory: they are not among those above, but here by time. */
  readonly #returned: SessionTimers;
  #returnedCount = 0;
  /** Records that have moved out and are still in the order above. */
  #gone = 0;
  readonly #met = new Int32Array(maxBatchRows);
  readonly run: LookBackRun;
  readonly #into = new Int32Array(1);
  readonly #from = new Int32Array(1);
  readonly #total = new Int32Array(1);
  readonly #result = new Int32Array(1);

  /** `rangeMs`: how long records are in range. */
  constructor(keys: KeyTable, aggregates: AggregateSet, rangeMs: number) {
    this.#keys = keys;
    this.#returned = new SessionTimers(rangeMs);
    this.#aggregates = aggregates;
    this.run = new LookBackRun(aggregates);
    this.#stacked = aggregates.has("mergeable");
    this.#chained = this.#stacked;
    this.#result[0] = aggregates.allocate();
  }

  /** Records in range. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held, without what the slots hold. */
  get bytes(): number {
    return this.#ofKeys.byteLength + this.#times.byteLength * 4;
  }

  /** Takes note of a record that waits, of the latest to come; its key stays known until it has left. */
  await(key: number, slot: number, timeMs: number): void {
    this.#describe(key, slot, timeMs);
    this.#retain(key);
  }

  /** As `await`, of the records at `rows[0…count)` of a batch. In loops of little each, the reads for keys do not wait for each other. */
  awaitAll(keys: Int32Array, slots: Int32Array, time: Float64Array, rows: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#describe(keys[i], slots[i], time[rows[i]]);
    for (let i = 0; i < count; i++) this.#retain(keys[i]);
  }

  keyOf(slot: number): number {
    return this.#keyOf[slot];
  }

  /** Puts a record that has waited at the end; none before it has a later time. */
  enter(slot: number): void {
    const key = this.#keyOf[slot];
    this.#order.append(slot);
    this.#size++;
    if (this.#chained) this.#chain(key, slot);
    this.#count(key, slot);
  }

  /** Whether records may enter and leave by `run`: only totals are kept of a key. */
  get areTotals(): boolean {
    return !this.#chained;
  }

  /** Brings what is known of the key of a record into the cache: many that are asked for at once do not wait for each other. */
  meet(slot: number): void {
    this.#met[slot % maxBatchRows] = this.#ofKeys[this.#keyOf[slot] * width];
  }

  /** Records of another time enter `run` from now on. */
  begin(): void {
    this.run.begin(this.#ofKeys);
  }

  /** Whether a record would change the totals of a key of which records of another time are in the run. */
  disturbs(slot: number): boolean {
    return this.run.hasEarlier(this.#ofKeys[this.#keyOf[slot] * width + momentOf]);
  }

  /** As `enter`, by `run`. */
  enterRun(slot: number): void {
    const [ofKeys, at] = [this.#ofKeys, this.#keyOf[slot] * width];
    this.#order.append(slot);
    this.#size++;
    ofKeys[at + momentOf] = this.run.moment;
    ofKeys[at + sizeOf]++;
    if (ofKeys[at + totalOf] === 0) ofKeys[at + totalOf] = this.run.takeTotal();
    this.run.enter(slot, ofKeys[at + totalOf]);
  }

  /** As `leaveThrough`, by `run`; `settle` is called before a record leaves that would change what the run says. */
  leaveRun(timeMs: number, settle: () => void): void {
    const [times, ofKeys, order] = [this.#times, this.#ofKeys, this.#order];
    for (let slot = order.first; slot !== 0 && times[slot] <= timeMs; slot = order.first) {
      const at = this.#keyOf[slot] * width;
      if (this.run.has(ofKeys[at + momentOf])) settle();
      order.removeFirst();
      this.#size--;
      const isLast = --ofKeys[at + sizeOf] === 0;
      this.run.leave(slot, ofKeys[at + totalOf], isLast);
      if (isLast) ofKeys[at + totalOf] = 0;
      this.#roles[slot] = roles.none;
      if (--ofKeys[at + referencesOf] === 0) this.#keys.release(this.#keyOf[slot]);
    }
  }

  /** Lets the records with a time of at most `timeMs` go. */
  leaveThrough(timeMs: number): void {
    for (const slot of this.#returnedCount > 0 ? this.#returned.takeDue(timeMs) : none) {
      this.#returnedCount--;
      this.#size--;
      this.#leave(this.#keyOf[slot], slot);
    }
    if (timeMs === endOfTime) this.#leaveAll();
    const order = this.#order;
    for (let slot = order.first; slot !== 0 && this.#times[slot] <= timeMs; slot = order.first) {
      order.removeFirst();
      this.#size--;
      this.#leave(this.#keyOf[slot], slot);
    }
  }

  /** Lets all records go, which needs no totals: records and keys each in their own order. */
  #leaveAll(): void {
    const [ofKeys, order] = [this.#ofKeys, this.#order];
    const left = new Int32Array(this.#size * 2);
    let count = 0;
    for (let slot = order.first; slot !== 0; slot = order.next(slot)) {
      this.#roles[slot] = roles.none;
      left[count++] = slot;
    }
    for (let key = 0, at = 0; at < ofKeys.length; key++, at += width) {
      const size = ofKeys[at + sizeOf];
      if (size === 0) continue;
      left[count++] = ofKeys[at + totalOf];
      for (const known of ofRange) ofKeys[at + known] = 0;
      ofKeys[at + referencesOf] -= size;
      if (ofKeys[at + referencesOf] === 0) this.#keys.release(key);
    }
    this.#aggregates.mark(left, count);
    this.#aggregates.free(left, count);
    order.clear();
    this.#size = 0;
  }

  /** Writes the aggregates of a key that has records in range into row `row` of the result columns. */
  write(key: number, into: readonly (ColumnBuilder | null)[], row: number): void {
    const at = key * width;
    this.#total[0] = this.#ofKeys[at + totalOf];
    if (this.#stacked) {
      this.#aggregates.clear("mergeable", this.#result, 1);
      if (this.#ofKeys[at + frontOf] > 0) this.#merge("mergeable", this.#result[0], this.#ofKeys[at + firstOf]);
      this.#merge("mergeable", this.#result[0], this.#total[0]);
    }
    this.#aggregates.write(this.#total, this.#result, 0, 1, into, row);
  }

  /** Whether anything of a key is in memory. */
  holds(key: number): boolean {
    return key * width < this.#ofKeys.length && this.#ofKeys[key * width + referencesOf] > 0;
  }

  /** Whether records of a key are in range. */
  hasRange(key: number): boolean {
    return key * width < this.#ofKeys.length && this.#ofKeys[key * width + sizeOf] > 0;
  }

  /** When the last record of a key will leave; -Infinity when the key is needed for something else than records in range. */
  lastLeaveMs(key: number, rangeMs: number): number {
    this.#chainAll();
    const records = this.#recordsOf(key);
    if (records.length === 0 || records.length < this.#ofKeys[key * width + referencesOf]) return Number.NEGATIVE_INFINITY;
    return this.#times[records[records.length - 1]] + rangeMs;
  }

  /** Writes the records in range of a key and forgets them with it; what is left of them goes with `movedOut`. */
  moveOut(key: number, writer: SnapshotWriter): void {
    this.#chainAll();
    const records = this.#recordsOf(key);
    const at = key * width;
    writer.u32(this.#ofKeys[at + frontOf]);
    writer.f64Array(Float64Array.from(records, (slot) => this.#times[slot]));
    this.#total[0] = this.#ofKeys[at + totalOf];
    this.#aggregates.snapshot(writer, records, records.length);
    this.#aggregates.snapshot(writer, this.#total, 1);
    this.#aggregates.mark(records, records.length);
    for (const slot of records) {
      this.#roles[slot] = roles.none;
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
    this.#ofKeys.fill(0, at, at + width);
    this.#keys.release(key);
  }

  movedOut(): void {
    if (this.#gone === 0) return;
    const moved = new Int32Array(this.#gone);
    let count = 0;
    this.#order.removeAll((slot) => {
      if (this.#keyOf[slot] !== gone) return false;
      moved[count++] = slot;
      return true;
    });
    this.#aggregates.free(moved, count);
    this.#gone = 0;
  }

  /** Takes the records of a key back. */
  moveIn(key: number, reader: SnapshotReader): void {
    this.#chainAll();
    const front = reader.u32();
    const times = reader.f64Array();
    const records = Int32Array.from(times, () => this.#aggregates.allocate());
    this.#total[0] = this.#aggregates.allocate();
    this.#aggregates.restore(reader, records, records.length);
    this.#aggregates.restore(reader, this.#total, 1);
    records.forEach((slot, i) => {
      this.await(key, slot, times[i]);
      if (i < front) this.#roles[slot] = roles.front;
      this.#chain(key, slot);
      this.#returned.set(slot, times[i]);
    });
    this.#returnedCount += records.length;
    this.#size += records.length;
    this.#ofKeys[key * width + totalOf] = this.#total[0];
    this.#ofKeys[key * width + frontOf] = front;
    this.#ofKeys[key * width + sizeOf] = records.length;
  }

  /** The records in range of a key, in order. */
  #recordsOf(key: number): Int32Array {
    const records: number[] = [];
    for (let slot = this.#ofKeys[key * width + firstOf]; slot !== 0; slot = this.#nextOfKey[slot]) records.push(slot);
    return Int32Array.from(records);
  }

  /** Puts the records into a table, those that wait too; totals follow from them. */
  snapshot(writer: SnapshotWriter): void {
    writer.f64(this.#arrived);
    this.#aggregates.save(writer, tableName, [this.#roles, this.#times, this.#arrivals, this.#keyOf]);
  }

  /** The keys have been restored before. `waiting`: the slots of the records that wait. */
  restore(reader: SnapshotReader, waiting: Int32Array): void {
    this.#arrived = reader.f64();
    let slots: Int32Array = new Int32Array(0);
    this.#aggregates.load(reader, tableName, (table) => {
      this.#roles = table.u8(0);
      this.#times = table.f64(1);
      this.#arrivals = table.f64(2);
      this.#keyOf = table.i32(3);
      slots = usedRows(this.#roles, table.rows);
      return slots;
    });
    this.#result[0] = this.#aggregates.allocate();
    this.#reserve(this.#times.length);
    for (const slot of slots) this.#retain(this.#keyOf[slot]);
    const waits = new Uint8Array(this.#times.length);
    for (const slot of waiting) waits[slot] = 1;
    const inRange = slots.filter((slot) => waits[slot] === 0);
    inRange.sort((a, b) => this.#times[a] - this.#times[b] || this.#arrivals[a] - this.#arrivals[b]);
    for (const slot of inRange) this.enter(slot);
  }

  /** As snapshots were before they had tables. The keys have been restored before. */
  restoreLists(reader: SnapshotReader): void {
    const recordKeys = reader.i32Array();
    const times = reader.f64Array();
    const keys = reader.i32Array();
    const fronts = reader.i32Array();
    const records = recordKeys.map(() => this.#aggregates.allocate());
    this.#aggregates.restore(reader, records, records.length);
    // The totals, which follow from the records.
    const totals = keys.map(() => this.#aggregates.allocate());
    this.#aggregates.restore(reader, totals, totals.length);
    this.#aggregates.free(totals, totals.length);
    const front = new Map(Array.from(keys, (key, i) => [key, fronts[i]]));
    records.forEach((slot, i) => {
      const key = recordKeys[i];
      this.await(key, slot, times[i]);
      const rest = front.get(key) ?? 0;
      if (rest > 0) this.#roles[slot] = roles.front;
      front.set(key, rest - 1);
      this.enter(slot);
    });
  }

  /** Lets the first record of a key go: whichever of those that are due said so, the first is; where nothing is chained, `due` is. */
  #leave(key: number, due: number): void {
    const at = key * width;
    const ofKeys = this.#ofKeys;
    const slot = this.#chained ? ofKeys[at + firstOf] : due;
    if (this.#stacked) {
      if (ofKeys[at + frontOf] === 0) this.#turnOver(key);
      ofKeys[at + frontOf]--;
    }
    if (this.#chained) ofKeys[at + firstOf] = this.#nextOfKey[slot];
    this.#into[0] = ofKeys[at + totalOf];
    this.#from[0] = slot;
    if (--ofKeys[at + sizeOf] === 0) {
      this.#aggregates.free(this.#into, 1);
      ofKeys[at + totalOf] = 0;
      ofKeys[at + lastOf] = 0;
    } else this.#aggregates.subtract(this.#into, this.#from, 1);
    this.#roles[slot] = roles.none;
    this.#aggregates.mark(this.#from, 1);
    this.#aggregates.free(this.#from, 1);
    if (--ofKeys[at + referencesOf] === 0) this.#keys.release(key);
  }

  /** Makes all records of a key its front. */
  #turnOver(key: number): void {
    const at = key * width;
    let count = 0;
    let behind = 0;
    for (let slot = this.#ofKeys[at + lastOf]; slot !== 0; slot = this.#previousOfKey[slot]) {
      if (behind !== 0) this.#merge("mergeable", slot, behind);
      this.#roles[slot] = roles.front;
      this.#from[0] = slot;
      this.#aggregates.mark(this.#from, 1);
      behind = slot;
      count++;
      if (slot === this.#ofKeys[at + firstOf]) break;
    }
    this.#ofKeys[at + frontOf] = count;
    this.#into[0] = this.#ofKeys[at + totalOf];
    this.#aggregates.clear("mergeable", this.#into, 1);
  }

  #chainAll(): void {
    if (this.#chained) return;
    this.#chained = true;
    this.#reserve(this.#room);
    for (let slot = this.#order.first; slot !== 0; slot = this.#order.next(slot)) this.#chain(this.#keyOf[slot], slot);
  }

  #chain(key: number, slot: number): void {
    const at = key * width;
    const last = this.#ofKeys[at + lastOf];
    this.#nextOfKey[slot] = 0;
    this.#previousOfKey[slot] = last;
    if (last === 0) this.#ofKeys[at + firstOf] = slot;
    else this.#nextOfKey[last] = slot;
    this.#ofKeys[at + lastOf] = slot;
  }

  /** Adds the last record of a key to what its records come to. */
  #count(key: number, slot: number): void {
    const at = key * width;
    if (this.#ofKeys[at + totalOf] === 0) this.#ofKeys[at + totalOf] = this.run.takeTotal();
    const total = this.#ofKeys[at + totalOf];
    this.#ofKeys[at + sizeOf]++;
    this.#merge("subtractable", total, slot);
    // One of the front only when it is restored: it holds what is behind it already.
    if (this.#roles[slot] === roles.front) this.#ofKeys[at + frontOf]++;
    else if (this.#stacked) this.#merge("mergeable", total, slot);
  }

  #describe(key: number, slot: number, timeMs: number): void {
    if (slot >= this.#room) this.#reserve(Math.max(slot + 1, this.#room * 2));
    this.#roles[slot] = roles.record;
    this.#times[slot] = timeMs;
    this.#arrivals[slot] = this.#arrived++;
    this.#keyOf[slot] = key;
  }

  #retain(key: number): void {
    const at = key * width;
    if (at >= this.#ofKeys.length) this.#ofKeys = grownInt32(this.#ofKeys, at + width);
    this.#ofKeys[at + referencesOf]++;
  }

  #merge(part: "subtractable" | "mergeable", into: number, from: number): void {
    this.#into[0] = into;
    this.#from[0] = from;
    this.#aggregates.merge(part, this.#into, this.#from, 1);
  }

  #reserve(slots: number): void {
    this.#room = slots;
    this.#roles = grownUint8(this.#roles, slots);
    this.#times = grownFloat64(this.#times, slots);
    this.#arrivals = grownFloat64(this.#arrivals, slots);
    this.#keyOf = grownInt32(this.#keyOf, slots);
    this.#order.reserve(slots);
    if (!this.#chained) return;
    this.#nextOfKey = grownInt32(this.#nextOfKey, slots);
    this.#previousOfKey = grownInt32(this.#previousOfKey, slots);
  }
}
