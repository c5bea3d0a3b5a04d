import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { Accumulator } from "./accumulator.ts";
import type { HeldValues } from "./held-values.ts";
import { gather, scatter } from "./slot-values.ts";

/**
 * The value with the earliest or the latest event time; of equal times the first or the last to arrive
 * (`into` counts as the earlier in `merge`). Values without a time count only while none has one: the first or the last of
 * them to arrive. NULL over nothing.
 */
export class TimedValues implements Accumulator {
  readonly slotBytes: number;
  readonly subtract = null;
  readonly #latest: boolean;
  /** The time that every other replaces. */
  readonly #timeless: number;
  readonly #values: HeldValues;
  /** By slot; NaN = nothing yet, `#timeless` = a value without a time. */
  #times: Float64Array = new Float64Array(0);

  constructor(which: "earliest" | "latest", values: HeldValues) {
    this.#latest = which === "latest";
    this.#timeless = which === "latest" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    this.#values = values;
    this.slotBytes = 8 + values.slotBytes;
  }

  reserve(slots: number): void {
    const before = this.#times.length;
    this.#times = grownFloat64(this.#times, slots);
    if (this.#times.length > before) this.#times.fill(Number.NaN, before);
    this.#values.reserve(slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null, time: Float64Array): void {
    if (column === null) throw new TypeError("an argument is needed");
    const { valid } = column;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid !== null && valid[row] === 0) continue;
      const slot = slots[p];
      const at = Number.isNaN(time[row]) ? this.#timeless : time[row];
      if (!this.#replaces(at, this.#times[slot])) continue;
      this.#times[slot] = at;
      this.#values.take(slot, column, row);
    }
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const time = this.#times[from[p]];
      if (Number.isNaN(time) || !this.#replaces(time, this.#times[into[p]])) continue;
      this.#times[into[p]] = time;
      this.#values.move(into[p], from[p]);
    }
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) this.#times[slots[p]] = Number.NaN;
    this.#values.clear(slots, count);
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) {
      if (Number.isNaN(this.#times[slots[p]])) into.setNull(row + p - from);
      else this.#values.write(slots[p], into, row + p - from);
    }
  }

  get columns(): readonly StateColumn[] | undefined {
    const { columns } = this.#values;
    return columns === undefined ? undefined : [this.#times, ...columns];
  }

  adopt(table: RestoredTable, first: number): void {
    this.#times = table.f64(first);
    this.#values.adopt?.(table, first + 1);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(gather(this.#times, slots, count));
    this.#values.snapshot(writer, slots, count);
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    scatter(reader.f64Array(), slots, count, this.#times);
    this.#values.restore(reader, slots, count);
  }

  /** `held` is NaN where nothing is held yet; then every time replaces it. */
  #replaces(time: number, held: number): boolean {
    return this.#latest ? !(time < held) : !(time >= held);
  }
}
