import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { compareStrings } from "../expression/values/code-points.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import { readText, writeText } from "../state/snapshot-text.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Accumulator } from "./accumulator.ts";

/** The first or the last string in the order of their code points, as comparisons have it; NULL over nothing. */
export class StringExtremes implements Accumulator {
  readonly slotBytes = 40;
  readonly subtract = null;
  readonly #sign: 1 | -1;
  /** By slot; null = nothing yet. */
  readonly #texts: (string | null)[] = [];

  constructor(which: "least" | "greatest") {
    this.#sign = which === "greatest" ? 1 : -1;
  }

  reserve(slots: number): void {
    while (this.#texts.length < slots) this.#texts.push(null);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column?.kind !== "string") throw new TypeError("a string column is needed");
    const { ids, valid, dictionary } = column;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid === null || valid[row] !== 0) this.#offer(slots[p], dictionary.text(ids[row]));
    }
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const text = this.#texts[from[p]];
      if (text !== null) this.#offer(into[p], text);
    }
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) this.#texts[slots[p]] = null;
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) into.set(row + p - from, this.#texts[slots[p]]);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const text = this.#texts[slots[p]];
      writer.boolean(text !== null);
      if (text !== null) writeText(writer, text);
    }
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) this.#texts[slots[p]] = reader.boolean() ? readText(reader) : null;
  }

  #offer(slot: number, text: string): void {
    const held = this.#texts[slot];
    if (held === null || compareStrings(text, held) * this.#sign > 0) this.#texts[slot] = text;
  }
}
