import { type Column, columnKind } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { FieldType } from "../types/field-type.ts";
import { gather, scatter } from "./slot-values.ts";

/** One value, never NULL, for each slot. What a slot holds before `take` or `move` is unspecified. */
export interface HeldValues {
  readonly slotBytes: number;
  reserve(slots: number): void;
  /** Holds the value of a row. */
  take(slot: number, column: Column, row: number): void;
  /** Holds the value that another slot holds. */
  move(slot: number, from: number): void;
  clear(slots: Int32Array, count: number): void;
  write(slot: number, into: ColumnBuilder, row: number): void;
  /** As `Accumulator.columns`. */
  readonly columns?: readonly StateColumn[];
  adopt?(table: RestoredTable, first: number): void;
  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void;
  restore(reader: SnapshotReader, slots: Int32Array, count: number): void;
}

/** Storage for values of a type. */
export function createHeldValues(type: FieldType): HeldValues {
  const kind = columnKind(type);
  return kind === "number" || kind === "boolean" ? new HeldNumbers(kind) : new HeldObjects();
}

/** Numbers, and booleans as 0 and 1. */
class HeldNumbers implements HeldValues {
  readonly slotBytes = 8;
  readonly #boolean: boolean;
  #values: Float64Array = new Float64Array(16);

  constructor(kind: "number" | "boolean") {
    this.#boolean = kind === "boolean";
  }

  reserve(slots: number): void {
    this.#values = grownFloat64(this.#values, slots);
  }

  take(slot: number, column: Column, row: number): void {
    if (column.kind !== "number" && column.kind !== "boolean") throw new TypeError(`a number column is needed, not ${column.kind}`);
    this.#values[slot] = column.values[row];
  }

  move(slot: number, from: number): void {
    this.#values[slot] = this.#values[from];
  }

  clear(): void {}

  write(slot: number, into: ColumnBuilder, row: number): void {
    into.set(row, this.#boolean ? this.#values[slot] === 1 : this.#values[slot]);
  }

  get columns(): readonly StateColumn[] {
    return [this.#values];
  }

  adopt(table: RestoredTable, first: number): void {
    this.#values = table.f64(first);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(gather(this.#values, slots, count));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    scatter(reader.f64Array(), slots, count, this.#values);
  }
}

/** Strings, and JSON values as they are. */
class HeldObjects implements HeldValues {
  readonly slotBytes = 40;
  readonly #values: unknown[] = [];

  reserve(slots: number): void {
    while (this.#values.length < slots) this.#values.push(null);
  }

  take(slot: number, column: Column, row: number): void {
    this.#values[slot] = column.kind === "string" ? column.dictionary.text(column.ids[row]) : column.values[row];
  }

  move(slot: number, from: number): void {
    this.#values[slot] = this.#values[from];
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) this.#values[slots[p]] = null;
  }

  write(slot: number, into: ColumnBuilder, row: number): void {
    into.set(row, this.#values[slot]);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) writer.json(this.#values[slots[p]]);
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) this.#values[slots[p]] = reader.json();
  }
}
