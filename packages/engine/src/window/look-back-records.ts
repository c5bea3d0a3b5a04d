import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { grownFloat64, grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { usedRows } from "../state/used-rows.ts";

/** What a slot is: no record, a record, or one of the front of its key. */
export const roles = { none: 0, record: 1, front: 2 } as const;
const tableName = "ranges";

/** What is known of the records that wait or are in range, by their aggregate slots. The arrays are replaced when they grow. */
export class LookBackRecords {
  /** Slots that all arrays have room for. */
  room = 16;
  /** See `roles`. */
  roles: Uint8Array = new Uint8Array(16);
  /** Event time. */
  times: Float64Array = new Float64Array(16);
  keyOf: Int32Array = new Int32Array(16);
  /** A number that rises as records come, for those of one time. */
  #arrivals: Float64Array = new Float64Array(16);
  #arrived = 0;

  /** Approximate bytes held. */
  get bytes(): number {
    return this.times.byteLength * 4;
  }

  /** Takes note of a record, of the latest to come. */
  describe(key: number, slot: number, timeMs: number): void {
    this.#reserve(slot + 1);
    this.roles[slot] = roles.record;
    this.times[slot] = timeMs;
    this.#arrivals[slot] = this.#arrived++;
    this.keyOf[slot] = key;
  }

  /** As `describe`, of the records at `rows[0…count)` of a batch; no slot is above `highest`. */
  describeAll(keys: Int32Array, slots: Int32Array, highest: number, time: Float64Array, rows: Int32Array, count: number): void {
    this.#reserve(highest + 1);
    const [ownRoles, times, arrivals, keyOf] = [this.roles, this.times, this.#arrivals, this.keyOf];
    const arrived = this.#arrived;
    for (let i = 0; i < count; i++) {
      const slot = slots[i];
      ownRoles[slot] = roles.record;
      times[slot] = time[rows[i]];
      arrivals[slot] = arrived + i;
      keyOf[slot] = keys[i];
    }
    this.#arrived += count;
  }

  /** Sorts slots by (time, arrival). */
  sort(slots: Int32Array): Int32Array {
    return slots.sort((a, b) => this.times[a] - this.times[b] || this.#arrivals[a] - this.#arrivals[b]);
  }

  /** Puts the records into a table, with their aggregates. */
  snapshot(writer: SnapshotWriter, aggregates: AggregateSet): void {
    writer.f64(this.#arrived);
    aggregates.save(writer, tableName, [this.roles, this.times, this.#arrivals, this.keyOf]);
  }

  /** Returns the slots of the records. */
  restore(reader: SnapshotReader, aggregates: AggregateSet): Int32Array {
    this.#arrived = reader.f64();
    let slots: Int32Array = new Int32Array(0);
    aggregates.load(reader, tableName, (table) => {
      this.roles = table.u8(0);
      this.times = table.f64(1);
      this.#arrivals = table.f64(2);
      this.keyOf = table.i32(3);
      slots = usedRows(this.roles, table.rows);
      return slots;
    });
    this.room = this.times.length;
    return slots;
  }

  #reserve(slots: number): void {
    if (slots <= this.room) return;
    this.room = Math.max(slots, this.room * 2);
    this.roles = grownUint8(this.roles, this.room);
    this.times = grownFloat64(this.times, this.room);
    this.#arrivals = grownFloat64(this.#arrivals, this.room);
    this.keyOf = grownInt32(this.keyOf, this.room);
  }
}
