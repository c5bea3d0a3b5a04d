import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { maxBatchRows } from "../column/batch.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { highest } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime } from "../time/watermark.ts";
import { EntryOrder } from "./entry-order.ts";
import { LookBackChains } from "./look-back-chains.ts";
import { LookBackKeys, momentOf, referencesOf, sizeOf, totalOf } from "./look-back-keys.ts";
import { LookBackRecords, roles } from "./look-back-records.ts";
import { LookBackRun } from "./look-back-run.ts";
import { LookBackStacks } from "./look-back-stacks.ts";
import { SessionTimers } from "./session-timers.ts";

/** In place of the key of a record that has moved out. */
const gone = -1;
const none = new Int32Array(0);

/**
 * The records that are in range, as queues by key in order of time: records enter at the end and leave at the front,
 * and the aggregate of a key costs constant time on average. A record is its aggregate slot; 0 is none.
 * Aggregates that can be subtracted are running totals, the others stacks.
 */
export class LookBackRanges {
  readonly #keys: KeyTable;
  readonly #rangeMs: number;
  readonly #aggregates: AggregateSet;
  /** The records of a key are in a list, which totals do not need: for stacks, and for keys that leave memory. */
  #chained: boolean;
  readonly #ofKeys: LookBackKeys;
  readonly #records = new LookBackRecords();
  readonly #chains = new LookBackChains();
  readonly #stacks: LookBackStacks | null;
  /** All records in range. */
  readonly #order = new EntryOrder();
  #size = 0;
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

  /** `rangeMs`: how long records are in range. */
  constructor(keys: KeyTable, aggregates: AggregateSet, rangeMs: number) {
    this.#keys = keys;
    this.#rangeMs = rangeMs;
    this.#returned = new SessionTimers(rangeMs);
    this.#aggregates = aggregates;
    this.#ofKeys = new LookBackKeys(aggregates);
    this.run = new LookBackRun(aggregates, this.#ofKeys);
    this.#stacks = aggregates.has("mergeable") ? new LookBackStacks(aggregates, this.#ofKeys, this.#records, this.#chains) : null;
    this.#chained = this.#stacks !== null;
    if (this.#chained) this.#chains.reserveKeys(this.#ofKeys.room);
  }

  /** Records in range. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held, without what the slots hold. */
  get bytes(): number {
    return this.#ofKeys.bytes + this.#chains.bytes + this.#records.bytes;
  }

  /** Takes note of a record that waits, of the latest to come; its key stays known until it has left. */
  await(key: number, slot: number, timeMs: number): void {
    this.#records.describe(key, slot, timeMs);
    this.#beginEntry();
    this.#retain(key);
  }

  /** As `await`, of the records at `rows[0…count)` of a batch. In loops of little each, the reads for keys do not wait for each other. */
  awaitAll(keys: Int32Array, slots: Int32Array, time: Float64Array, rows: Int32Array, count: number): void {
    this.#records.describeAll(keys, slots, highest(slots, count), time, rows, count);
    this.#beginEntry();
    this.#reserveKeys(highest(keys, count) + 1);
    const [met, { ints, width }] = [this.#met, this.#ofKeys];
    // Reads that wait for nothing overlap; before a write each would wait for memory by itself, for twice as long.
    for (let i = 0; i < count; i++) met[i] = ints[keys[i] * width];
    for (let i = 0; i < count; i++) ints[keys[i] * width + referencesOf]++;
  }

  keyOf(slot: number): number {
    return this.#records.keyOf[slot];
  }

  /** Puts a record that has waited at the end; none before it has a later time. */
  enter(slot: number): void {
    const key = this.#records.keyOf[slot];
    this.#order.append(slot);
    this.#size++;
    if (this.#chained) this.#chains.append(key, slot);
    this.#count(key, slot);
  }

  /** Whether records may enter and leave by `run`: only totals are kept of a key. */
  get areTotals(): boolean {
    return !this.#chained;
  }

  /** Brings what is known of the keys of records into the cache: many that are asked for at once do not wait for each other. */
  meet(slots: Int32Array, count: number): void {
    const [keyOf, met, { ints, width }] = [this.#records.keyOf, this.#met, this.#ofKeys];
    for (let i = 0; i < count; i++) met[i % maxBatchRows] = ints[keyOf[slots[i]] * width];
  }

  /**
   * As `enter`, by `run`, of the records `slots[from…to)`, which are in order of time; those that leave before them do so. Returns the
   * first that did not enter: those of its time are more than are left of `most`, or nothing may change before `settle`.
   */
  enterRun(slots: Int32Array, from: number, to: number, most: number): number {
    const { times, keyOf } = this.#records;
    const [run, order, { ints: ofKeys, width, running }] = [this.run, this.#order, this.#ofKeys];
    const areSlots = running === null;
    const last = from + most;
    for (let i = from; i < to; ) {
      const at = times[slots[i]];
      let end = i + 1;
      while (end < to && times[slots[end]] === at) end++;
      if (end > last || (times[order.first] <= at - this.#rangeMs && !this.leaveRun(at - this.#rangeMs))) return i;
      for (let j = i; j < end; j++) if (run.has(ofKeys[keyOf[slots[j]] * width + momentOf])) return i;
      for (; i < end; i++) {
        const known = keyOf[slots[i]] * width;
        order.append(slots[i]);
        ofKeys[known + momentOf] = run.moment;
        ofKeys[known + sizeOf]++;
        if (areSlots && ofKeys[known + totalOf] === 0) ofKeys[known + totalOf] = run.takeTotal();
        run.enter(slots[i], areSlots ? ofKeys[known + totalOf] : known);
        this.#size++;
      }
    }
    return to;
  }

  /** As `leaveThrough`, by `run`; false, when it has to be called again after a `settle`, as a record leaves that would change what the run says. */
  leaveRun(timeMs: number): boolean {
    const [times, order, { ints: ofKeys, width, running }] = [this.#records.times, this.#order, this.#ofKeys];
    for (let slot = order.first; slot !== 0 && times[slot] <= timeMs; slot = order.first) {
      const at = this.#records.keyOf[slot] * width;
      if (this.run.has(ofKeys[at + momentOf])) return false;
      order.removeFirst();
      this.#size--;
      const isLast = --ofKeys[at + sizeOf] === 0;
      this.run.leave(slot, running === null ? ofKeys[at + totalOf] : at, isLast);
      if (isLast) ofKeys[at + totalOf] = 0;
      this.#records.roles[slot] = roles.none;
      if (--ofKeys[at + referencesOf] === 0) this.#keys.release(this.#records.keyOf[slot]);
    }
    return true;
  }

  /** Lets the records with a time of at most `timeMs` go. */
  leaveThrough(timeMs: number): void {
    for (const slot of this.#returnedCount > 0 ? this.#returned.takeDue(timeMs) : none) {
      this.#returnedCount--;
      this.#size--;
      this.#leave(this.#records.keyOf[slot], slot);
    }
    if (timeMs === endOfTime) this.#leaveAll();
    const order = this.#order;
    for (let slot = order.first; slot !== 0 && this.#records.times[slot] <= timeMs; slot = order.first) {
      order.removeFirst();
      this.#size--;
      this.#leave(this.#records.keyOf[slot], slot);
    }
  }

  /** Lets all records go, which needs no totals: records and keys each in their own order. */
  #leaveAll(): void {
    const [order, { ints: ofKeys, width, running }] = [this.#order, this.#ofKeys];
    const left = new Int32Array(this.#size * 2);
    let count = 0;
    for (let slot = order.first; slot !== 0; slot = order.next(slot)) {
      this.#records.roles[slot] = roles.none;
      left[count++] = slot;
    }
    const records = count;
    for (let key = 0, at = 0; at < ofKeys.length; key++, at += width) {
      const size = ofKeys[at + sizeOf];
      if (size === 0) continue;
      if (running === null) left[count++] = ofKeys[at + totalOf];
      else this.#ofKeys.clearTotal(at);
      ofKeys[at + totalOf] = 0;
      ofKeys[at + sizeOf] = 0;
      ofKeys[at + referencesOf] -= size;
      if (ofKeys[at + referencesOf] === 0) this.#keys.release(key);
    }
    this.#chains.clearAll();
    this.#aggregates.mark(left, records);
    this.#aggregates.free(left, count);
    this.run.forgetTotals(count - records);
    order.clear();
    this.#size = 0;
  }

  /** Writes the aggregates of a key that has records in range into row `row` of the result columns. */
  write(key: number, into: readonly (ColumnBuilder | null)[], row: number): void {
    const { ints, width, running } = this.#ofKeys;
    if (running !== null) {
      this.#total[0] = key * width;
      this.#ofKeys.write(this.#total, 1, into, row);
      return;
    }
    this.#total[0] = ints[key * width + totalOf];
    this.#aggregates.write(this.#total, this.#stacks?.resultOf(key) ?? this.#total, 0, 1, into, row);
  }

  /** Whether anything of a key is in memory. */
  holds(key: number): boolean {
    return this.#ofKeys.of(key, referencesOf) > 0;
  }

  /** Whether records of a key are in range. */
  hasRange(key: number): boolean {
    return this.#ofKeys.of(key, sizeOf) > 0;
  }

  /** When the last record of a key will leave; -Infinity when the key is needed for something else than records in range. */
  lastLeaveMs(key: number, rangeMs: number): number {
    this.#chainAll();
    const records = this.#chains.records(key);
    if (records.length === 0 || records.length < this.#ofKeys.of(key, referencesOf)) return Number.NEGATIVE_INFINITY;
    return this.#records.times[records[records.length - 1]] + rangeMs;
  }

  /** Writes the records in range of a key and forgets them with it; what is left of them goes with `movedOut`. */
  moveOut(key: number, writer: SnapshotWriter): void {
    this.#chainAll();
    const records = this.#chains.records(key);
    const { ints, width } = this.#ofKeys;
    const at = key * width;
    writer.u32(this.#chains.front(key));
    writer.f64Array(Float64Array.from(records, (slot) => this.#records.times[slot]));
    this.#total[0] = ints[at + totalOf];
    this.#aggregates.snapshot(writer, records, records.length);
    this.#aggregates.snapshot(writer, this.#total, 1);
    this.#aggregates.mark(records, records.length);
    for (const slot of records) {
      this.#records.roles[slot] = roles.none;
      if (this.#returned.remove(slot)) {
        this.#returnedCount--;
        this.#into[0] = slot;
        this.#aggregates.free(this.#into, 1);
      } else {
        this.#records.keyOf[slot] = gone;
        this.#gone++;
      }
    }
    this.#aggregates.free(this.#total, 1);
    this.run.forgetTotals(1);
    this.#size -= records.length;
    ints.fill(0, at, at + width);
    this.#chains.clear(key);
    this.#keys.release(key);
  }

  movedOut(): void {
    if (this.#gone === 0) return;
    const moved = new Int32Array(this.#gone);
    let count = 0;
    this.#order.removeAll((slot) => {
      if (this.#records.keyOf[slot] !== gone) return false;
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
    this.#total[0] = this.run.takeTotal();
    this.#aggregates.restore(reader, records, records.length);
    this.#aggregates.restore(reader, this.#total, 1);
    records.forEach((slot, i) => {
      this.await(key, slot, times[i]);
      if (i < front) this.#records.roles[slot] = roles.front;
      this.#chains.append(key, slot);
      this.#returned.set(slot, times[i]);
    });
    this.#returnedCount += records.length;
    this.#size += records.length;
    const { ints, width } = this.#ofKeys;
    ints[key * width + totalOf] = this.#total[0];
    this.#chains.setFront(key, front);
    ints[key * width + sizeOf] = records.length;
  }

  /** Puts the records into a table, those that wait too; totals follow from them. */
  snapshot(writer: SnapshotWriter): void {
    this.#records.snapshot(writer, this.#aggregates);
  }

  /** The keys have been restored before. `waiting`: the slots of the records that wait. */
  restore(reader: SnapshotReader, waiting: Int32Array): void {
    const slots = this.#records.restore(reader, this.#aggregates);
    this.#stacks?.restored();
    this.#beginEntry();
    for (const slot of slots) this.#retain(this.#records.keyOf[slot]);
    const waits = new Uint8Array(this.#records.room);
    for (const slot of waiting) waits[slot] = 1;
    for (const slot of this.#records.sort(slots.filter((slot) => waits[slot] === 0))) this.enter(slot);
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
      if (rest > 0) this.#records.roles[slot] = roles.front;
      front.set(key, rest - 1);
      this.enter(slot);
    });
  }

  /** Lets the first record of a key go: whichever of those that are due said so, the first is; where nothing is chained, `due` is. */
  #leave(key: number, due: number): void {
    const [chains, { ints: ofKeys, width, running }] = [this.#chains, this.#ofKeys];
    const at = key * width;
    const slot = this.#chained ? chains.first(key) : due;
    this.#stacks?.takeFirst(key);
    if (this.#chained) chains.removeFirst(key);
    this.#into[0] = running === null ? ofKeys[at + totalOf] : at;
    this.#from[0] = slot;
    const isLast = --ofKeys[at + sizeOf] === 0;
    if (running !== null) {
      if (isLast) this.#ofKeys.clearTotal(at);
      else this.#ofKeys.merge(this.#into, this.#from, 1, -1);
    } else if (isLast) {
      this.#aggregates.free(this.#into, 1);
      this.run.forgetTotals(1);
      ofKeys[at + totalOf] = 0;
    } else this.#aggregates.subtract(this.#into, this.#from, 1);
    this.#records.roles[slot] = roles.none;
    this.#aggregates.mark(this.#from, 1);
    this.#aggregates.free(this.#from, 1);
    if (--ofKeys[at + referencesOf] === 0) this.#keys.release(key);
  }

  #chainAll(): void {
    if (this.#chained) return;
    this.#chained = true;
    this.#ofKeys.useSlots(() => this.run.takeTotal());
    this.#chains.reserveKeys(this.#ofKeys.room);
    this.#reserve();
    for (let slot = this.#order.first; slot !== 0; slot = this.#order.next(slot)) this.#chains.append(this.#records.keyOf[slot], slot);
  }

  /** Adds the last record of a key to what its records come to. */
  #count(key: number, slot: number): void {
    const { ints, width, running } = this.#ofKeys;
    const at = key * width;
    ints[at + sizeOf]++;
    this.#from[0] = slot;
    if (running !== null) {
      this.#into[0] = at;
      this.#ofKeys.merge(this.#into, this.#from, 1, 1);
      return;
    }
    if (ints[at + totalOf] === 0) ints[at + totalOf] = this.run.takeTotal();
    this.#into[0] = ints[at + totalOf];
    this.#aggregates.merge("subtractable", this.#into, this.#from, 1);
    this.#stacks?.add(key, slot);
  }

  #retain(key: number): void {
    this.#reserveKeys(key + 1);
    this.#ofKeys.ints[key * this.#ofKeys.width + referencesOf]++;
  }

  /** Makes room for keys below `end`. */
  #reserveKeys(end: number): void {
    this.#ofKeys.reserve(end);
    if (this.#chained) this.#chains.reserveKeys(this.#ofKeys.room);
  }

  /** Prepares for records that are described, and added to their slots. */
  #beginEntry(): void {
    if (this.#ofKeys.running?.isExact === false) this.#ofKeys.useSlots(() => this.run.takeTotal());
    this.#reserve();
  }

  /** Makes room for as many records as are described. */
  #reserve(): void {
    const { room } = this.#records;
    this.#order.reserve(room);
    if (this.#chained) this.#chains.reserveRecords(room);
  }
}
