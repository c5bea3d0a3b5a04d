import type { Batch } from "../column/batch.ts";
import { grownInt32, grownUint8 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import { type JoinKeys, nullKey } from "./join-keys.ts";
import { TimeIndex } from "./time-index.ts";

/** In place of the key of a row that has moved out. */
const gone = -2;

/** The rows that a join holds of one side, in order of (time, arrival), as a whole and for each key. */
export class JoinBuffer {
  readonly rows: RowStore;
  readonly #keys: JoinKeys;
  readonly #byKey: TimeIndex;
  /** One group: all rows. */
  readonly #all: TimeIndex;
  /** By slot. */
  #keyOf: Int32Array = new Int32Array(16);
  #marks: Uint8Array = new Uint8Array(16);
  /** Rows that have moved out and are still in the order of all. */
  #gone = 0;

  constructor(fields: readonly Field[], keys: JoinKeys) {
    this.rows = new RowStore(fields);
    this.#keys = keys;
    this.#byKey = new TimeIndex(this.rows);
    this.#all = new TimeIndex(this.rows);
  }

  get size(): number {
    return this.rows.size - this.#gone;
  }

  /** Approximate bytes held, without the keys. */
  get bytes(): number {
    return this.rows.bytes + this.#byKey.bytes + this.#all.bytes + this.#keyOf.byteLength + this.#marks.byteLength;
  }

  /** Keeps `rows[0…count)` with their keys; their slots go into `slots`. Rows of the `nullKey` are found in the order of all rows alone. */
  add(batch: Batch, rows: Int32Array, count: number, keys: Int32Array, slots: Int32Array): void {
    this.rows.add(batch, rows, count, slots);
    for (let i = 0; i < count; i++) this.#insert(slots[i], keys[i], 0);
  }

  keyOf(slot: number): number {
    return this.#keyOf[slot];
  }

  /** What the join has noted about a row; 0 for a new one. */
  markOf(slot: number): number {
    return this.#marks[slot];
  }

  mark(slot: number, mark: number): void {
    this.#marks[slot] = mark;
    this.rows.mark(slot);
  }

  /** The oldest row; -1 when there is none. */
  first(): number {
    return this.#all.first(0);
  }

  /** The first row whose time is at least `timeMs`; -1 when there is none. */
  atOrAfter(timeMs: number): number {
    return this.#all.atOrAfter(0, timeMs);
  }

  /** The row after `slot`; -1 behind the last. */
  next(slot: number): number {
    return this.#all.next(slot);
  }

  /** The first row of a key whose time is at least `timeMs`; -1 when there is none. */
  ofKeyAtOrAfter(key: number, timeMs: number): number {
    return key === nullKey ? -1 : this.#byKey.atOrAfter(key, timeMs);
  }

  /** The row of the same key after `slot`; -1 behind the last. */
  nextOfKey(slot: number): number {
    return this.#byKey.next(slot);
  }

  /** Removes the rows with a time of at most `timeMs`. */
  removeThrough(timeMs: number): void {
    for (let slot = this.first(); slot >= 0 && this.rows.time[slot] <= timeMs; slot = this.first()) {
      const key = this.#keyOf[slot];
      this.#all.removeFirst(0);
      // The oldest of all rows is the oldest of its key.
      if (key !== nullKey) this.#byKey.removeFirst(key);
      this.#keys.drop(key);
      this.rows.remove(slot);
    }
  }

  /** The first row of a key; -1 when there is none. */
  firstOfKey(key: number): number {
    return this.#byKey.first(key);
  }

  /** The time of the last row of a key; -Infinity when there is none. */
  lastMs(key: number): number {
    const last = this.#byKey.atOrBefore(key, Number.POSITIVE_INFINITY);
    return last < 0 ? Number.NEGATIVE_INFINITY : this.rows.time[last];
  }

  countOfKey(key: number): number {
    return this.#slotsOf(key).length;
  }

  /** Writes the rows of a key and forgets them; what is left of them goes with `movedOut`. */
  moveOut(key: number, writer: SnapshotWriter): void {
    const slots = this.#slotsOf(key);
    writer.u8Array(Uint8Array.from(slots, (slot) => this.#marks[slot]));
    this.rows.writeRows(writer, Int32Array.from(slots), slots.length);
    if (key !== nullKey) this.#byKey.replace(key, new Int32Array(0), 0);
    for (const slot of slots) {
      this.#keyOf[slot] = gone;
      this.#keys.drop(key);
    }
    this.#gone += slots.length;
  }

  /** The rows of a key in order, those of the `nullKey` too. */
  #slotsOf(key: number): readonly number[] {
    const slots: number[] = [];
    if (key === nullKey) for (let slot = this.first(); slot >= 0; slot = this.next(slot)) if (this.#keyOf[slot] === key) slots.push(slot);
    if (key !== nullKey) for (let slot = this.firstOfKey(key); slot >= 0; slot = this.nextOfKey(slot)) slots.push(slot);
    return slots;
  }

  movedOut(): void {
    if (this.#gone === 0) return;
    const left = new Int32Array(this.rows.size);
    const moved: number[] = [];
    let count = 0;
    for (let slot = this.first(); slot >= 0; slot = this.next(slot)) {
      if (this.#keyOf[slot] === gone) moved.push(slot);
      else left[count++] = slot;
    }
    this.#all.replace(0, left, count);
    for (const slot of moved) this.rows.remove(slot);
    this.#gone = 0;
  }

  /** Takes the rows of a key back; returns their slots. */
  moveIn(key: number, reader: SnapshotReader): Int32Array {
    const marks = reader.u8Array();
    const slots = this.rows.readRows(reader);
    slots.forEach((slot, i) => {
      this.#insert(slot, key, marks[i]);
    });
    return slots;
  }

  /** `name`: of the tables that the rows go into. */
  snapshot(writer: SnapshotWriter, name: string): void {
    this.rows.save(writer, name, [this.#keyOf, this.#marks]);
  }

  /** The keys have been restored before. */
  restore(reader: SnapshotReader, name: string): void {
    const loaded = this.rows.load(reader, name);
    if (loaded === null) {
      this.#restoreList(reader);
      return;
    }
    const [keys, marks] = [loaded.i32(0), loaded.u8(1)];
    for (const slot of loaded.slots) this.#insert(slot, keys[slot], marks[slot]);
  }

  /** As snapshots were before they had tables of rows. Slots follow the order of (time, arrival). */
  #restoreList(reader: SnapshotReader): void {
    const keys = reader.i32Array();
    const marks = reader.u8Array();
    const count = this.rows.restore(reader);
    for (let slot = 0; slot < count; slot++) this.#insert(slot, keys[slot], marks[slot]);
  }

  #insert(slot: number, key: number, mark: number): void {
    this.#keyOf = grownInt32(this.#keyOf, slot + 1);
    this.#marks = grownUint8(this.#marks, slot + 1);
    this.#keyOf[slot] = key;
    this.#marks[slot] = mark;
    this.#all.insert(0, slot);
    if (key !== nullKey) this.#byKey.insert(key, slot);
    this.#keys.retain(key);
  }
}
