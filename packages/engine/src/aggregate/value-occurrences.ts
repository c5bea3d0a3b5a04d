import { maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import { readColumn, writeColumn } from "../state/column-codec.ts";
import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import { PairTable } from "../state/pair-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { createValueTable, type ValueTable } from "../state/value-table.ts";
import type { FieldType } from "../types/field-type.ts";

const none = -1;

/**
 * How often each value that is not NULL occurs, by slot, exactly, so that slots can be merged and subtracted. The
 * entries of a slot are a doubly linked list through arrays.
 */
export class ValueOccurrences {
  readonly slotBytes = 12;
  readonly #argument: FieldType;
  readonly #values: ValueTable;
  /** (slot, value id) → entry. */
  readonly #entries: PairTable;
  /** By entry. */
  #occurrences: Float64Array = new Float64Array(16);
  #next: Int32Array = new Int32Array(16);
  #previous: Int32Array = new Int32Array(16);
  /** By slot: its first entry. */
  #heads: Int32Array = new Int32Array(0);
  #distinct: Float64Array = new Float64Array(16);
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  readonly #ids = new Int32Array(maxBatchRows);

  constructor(argument: FieldType) {
    this.#argument = argument;
    this.#values = createValueTable(argument);
    this.#entries = new PairTable(null, this.#values);
  }

  get sharedBytes(): number {
    return this.#values.bytes + this.#entries.bytes + this.#occurrences.byteLength * 2;
  }

  reserve(slots: number): void {
    const before = this.#heads.length;
    this.#heads = grownInt32(this.#heads, slots);
    if (this.#heads.length > before) this.#heads.fill(none, before);
    this.#distinct = grownFloat64(this.#distinct, slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column === null) throw new TypeError("an argument is needed");
    const { valid } = column;
    let kept = 0;
    for (let p = 0; p < count; p++) {
      if (valid !== null && valid[rows[p]] === 0) continue;
      this.#rows[kept] = rows[p];
      this.#slots[kept++] = slots[p];
    }
    this.#values.ids(column, this.#rows, kept, this.#ids);
    for (let p = 0; p < kept; p++) this.#count(this.#slots[p], this.#ids[p], 1);
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      for (let entry = this.#heads[from[p]]; entry !== none; entry = this.#next[entry]) {
        this.#count(into[p], this.#entries.right(entry), this.#occurrences[entry]);
      }
    }
  }

  subtract(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      for (let entry = this.#heads[from[p]]; entry !== none; entry = this.#next[entry]) {
        this.#count(into[p], this.#entries.right(entry), -this.#occurrences[entry]);
      }
    }
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      for (let entry = this.#heads[slots[p]]; entry !== none; entry = this.#next[entry]) {
        this.#occurrences[entry] = 0;
        this.#entries.forget(entry);
      }
      this.#heads[slots[p]] = none;
      this.#distinct[slots[p]] = 0;
    }
  }

  /** How many different values a slot has. */
  distinct(slot: number): number {
    return this.#distinct[slot];
  }

  /** The values of a slot with how often each occurs, in no order. */
  of(slot: number): { readonly value: number | boolean | string | null; readonly count: number }[] {
    const found: { value: number | boolean | string | null; count: number }[] = [];
    for (let entry = this.#heads[slot]; entry !== none; entry = this.#next[entry]) {
      found.push({ value: this.#values.value(this.#entries.right(entry)), count: this.#occurrences[entry] });
    }
    return found;
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    const places = new Map<number, number>();
    const perSlot = new Int32Array(count);
    const held: number[] = [];
    const occurrences: number[] = [];
    for (let p = 0; p < count; p++) {
      for (let entry = this.#heads[slots[p]]; entry !== none; entry = this.#next[entry]) {
        const id = this.#entries.right(entry);
        if (!places.has(id)) places.set(id, places.size);
        held.push(places.get(id) ?? 0);
        occurrences.push(this.#occurrences[entry]);
        perSlot[p]++;
      }
    }
    const builder = createColumnBuilder(this.#argument, places.size);
    for (const [id, place] of places) this.#values.write(id, builder, place);
    writeColumn(writer, builder.column(), places.size);
    writer.i32Array(perSlot);
    writer.i32Array(Int32Array.from(held));
    writer.f64Array(Float64Array.from(occurrences));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    const { column, length } = readColumn(reader);
    const perSlot = reader.i32Array();
    const held = reader.i32Array();
    const occurrences = reader.f64Array();
    const ids = new Int32Array(length);
    this.#values.ids(
      column,
      ids.map((_, i) => i),
      length,
      ids,
    );
    let at = 0;
    for (let p = 0; p < count; p++) {
      for (const end = at + perSlot[p]; at < end; at++) this.#count(slots[p], ids[held[at]], occurrences[at]);
    }
  }

  /** Counts a value `times` more (or, negative, less) in a slot. */
  #count(slot: number, id: number, times: number): void {
    const entry = this.#entries.id(slot, id);
    if (entry >= this.#occurrences.length) {
      this.#occurrences = grownFloat64(this.#occurrences, entry + 1);
      this.#next = grownInt32(this.#next, entry + 1);
      this.#previous = grownInt32(this.#previous, entry + 1);
    }
    const before = this.#occurrences[entry];
    this.#occurrences[entry] = before + times;
    if (before === 0) this.#link(slot, entry);
    else if (before + times === 0) this.#unlink(slot, entry);
  }

  #link(slot: number, entry: number): void {
    const head = this.#heads[slot];
    this.#next[entry] = head;
    this.#previous[entry] = none;
    if (head !== none) this.#previous[head] = entry;
    this.#heads[slot] = entry;
    this.#distinct[slot]++;
  }

  #unlink(slot: number, entry: number): void {
    const next = this.#next[entry];
    const previous = this.#previous[entry];
    if (previous === none) this.#heads[slot] = next;
    else this.#next[previous] = next;
    if (next !== none) this.#previous[next] = previous;
    this.#distinct[slot]--;
    this.#entries.forget(entry);
  }
}
