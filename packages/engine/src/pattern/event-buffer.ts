import { type Batch, maxBatchRows } from "../column/batch.ts";
import { valueAt } from "../column/column.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import { TimeIndex } from "../join/time-index.ts";
import type { EventOrder } from "../plan/pattern-operator.ts";
import { grownInt32, grownUint8 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { type CompareEvents, compareEvents } from "./compare-events.ts";
import type { EventRow } from "./event-row.ts";
import type { PatternLayout } from "./pattern-layout.ts";
import type { PatternEvent } from "./pattern-runs.ts";

/** Events that wait for the watermark, in order of (time, arrival), each with its key and what is known of its conditions. */
export class EventBuffer {
  readonly #kept: readonly Kernel[];
  readonly #conditions: number;
  readonly #rows: RowStore;
  readonly #order: TimeIndex;
  /** By slot. */
  #keyOf: Int32Array = new Int32Array(16);
  /** By slot * conditions + condition. */
  #marks: Uint8Array = new Uint8Array(16);
  readonly #slots = new Int32Array(maxBatchRows);
  readonly #single = new Int32Array(1);
  readonly #cells;
  readonly #ties: CompareEvents | null;
  readonly #earliest: number[] = [];

  constructor({ kept, keptFields }: PatternLayout, conditions: number, order: readonly EventOrder[]) {
    this.#kept = kept.map(compileKernel);
    this.#conditions = conditions;
    this.#rows = new RowStore(keptFields);
    this.#order = new TimeIndex(this.#rows);
    this.#ties = order.length === 0 ? null : compareEvents(order, keptFields);
    this.#cells = keptFields.map((field) => createColumnBuilder(field.type, 1));
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#rows.bytes + this.#order.bytes + this.#keyOf.byteLength + this.#marks.byteLength;
  }

  /** Adds `rows[0…count)` of a batch of the input; `marks` are those of `PatternConditions.mark`. */
  add(batch: Batch, rows: Int32Array, count: number, keys: Int32Array, marks: Uint8Array): void {
    const columns = this.#kept.map((kernel) => kernel(batch));
    this.#rows.add({ ...batch, columns }, rows, count, this.#slots);
    this.#reserve();
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i];
      this.#keyOf[slot] = keys[i];
      for (let c = 0; c < this.#conditions; c++) {
        this.#marks[slot * this.#conditions + c] = marks[rows[i] * this.#conditions + c];
      }
      this.#order.insert(0, slot);
    }
  }

  /** The earliest event; -1 when there is none. */
  first(): number {
    return this.#order.first(0);
  }

  timeOf(slot: number): number {
    return this.#rows.time[slot];
  }

  keyOf(slot: number): number {
    return this.#keyOf[slot];
  }

  /** Whether the event fulfils a condition over the event alone. */
  isMarked(slot: number, condition: number): boolean {
    return this.#marks[slot * this.#conditions + condition] === 1;
  }

  /** The kept values of an event, read out when they were not before. */
  read(event: PatternEvent<EventRow>): readonly unknown[] {
    const row = event.value;
    row.values ??= this.#valuesAt(row.slot);
    return row.values;
  }

  /** Takes the earliest event out of the order, and with it, where they have an order of their own, all of its time; they are to be removed. */
  takeEarliest(): readonly number[] {
    const earliest = this.#earliest;
    earliest.length = 0;
    earliest.push(this.#order.removeFirst(0));
    if (this.#ties === null) return earliest;
    const time = this.timeOf(earliest[0]);
    for (let slot = this.first(); slot >= 0 && this.timeOf(slot) === time; slot = this.first()) earliest.push(this.#order.removeFirst(0));
    return earliest.length === 1 ? earliest : this.#inOrder(earliest, this.#ties);
  }

  /** Removes an event that was taken out of the order. */
  remove(slot: number): void {
    this.#rows.remove(slot);
  }

  snapshot(writer: SnapshotWriter): void {
    const slots = new Int32Array(this.size);
    let count = 0;
    for (let slot = this.first(); slot >= 0; slot = this.#order.next(slot)) slots[count++] = slot;
    const marks = new Uint8Array(count * this.#conditions);
    for (let i = 0; i < count; i++) {
      const from = slots[i] * this.#conditions;
      marks.set(this.#marks.subarray(from, from + this.#conditions), i * this.#conditions);
    }
    writer.i32Array(slots.map((slot) => this.#keyOf[slot]));
    writer.u8Array(marks);
    this.#rows.snapshot(writer, slots, count);
  }

  restore(reader: SnapshotReader): void {
    const keys = reader.i32Array();
    const marks = reader.u8Array();
    const count = this.#rows.restore(reader);
    this.#reserve();
    this.#keyOf.set(keys);
    this.#marks.set(marks);
    for (let slot = 0; slot < count; slot++) this.#order.insert(0, slot);
  }

  /** The keys of all events, once for each event. */
  *keys(): Iterable<number> {
    for (let slot = this.first(); slot >= 0; slot = this.#order.next(slot)) yield this.#keyOf[slot];
  }

  #inOrder(slots: readonly number[], compare: CompareEvents): readonly number[] {
    const events = slots.map((slot) => ({ slot, values: this.#valuesAt(slot) }));
    return events.sort((a, b) => compare(a.values, b.values)).map(({ slot }) => slot);
  }

  #valuesAt(slot: number): readonly unknown[] {
    this.#single[0] = slot;
    return this.#cells.map((cell, field) => {
      this.#rows.write(field, this.#single, 1, cell);
      const value = valueAt(cell.column(), 0);
      cell.reset();
      return value;
    });
  }

  #reserve(): void {
    this.#keyOf = grownInt32(this.#keyOf, this.#rows.capacity);
    this.#marks = grownUint8(this.#marks, this.#rows.capacity * this.#conditions);
  }
}
