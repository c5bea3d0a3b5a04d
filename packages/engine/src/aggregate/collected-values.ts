import { maxBatchRows } from "../column/batch.ts";
import { type Column, columnKind, valueAt } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { FieldType } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";

/** The values of one group, and their places in the order of arrival over all groups. */
interface Collected {
  readonly values: unknown[];
  readonly places: number[];
}

/**
 * All values of a group in order of arrival, or the first of them, also of groups that were merged; NULL over nothing. As
 * memory grows with the values, without a limit it suits groups that are small or short-lived.
 */
export class CollectedValues implements Accumulator {
  readonly slotBytes = 64;
  readonly subtract = null;
  /** Values are numbers in memory and in snapshots. */
  readonly #numeric: boolean;
  readonly #limit: number;
  readonly #result: (values: readonly unknown[]) => unknown;
  readonly #groups: (Collected | null)[] = [];
  /** Place of the first row of the batch at hand: rows of a batch may be added in another order than theirs. */
  #batch = 0;
  #held = 0;

  /** `result` makes of the values, which are not none, what comes out; `limit`: at most that many are kept. */
  constructor(argument: FieldType, result: (values: readonly unknown[]) => unknown, limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
    this.#numeric = columnKind(argument) === "number";
    this.#result = result;
  }

  get sharedBytes(): number {
    return this.#held * 24;
  }

  reserve(slots: number): void {
    while (this.#groups.length < slots) this.#groups.push(null);
  }

  begin(): void {
    this.#batch += maxBatchRows;
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column === null) throw new TypeError("an argument is needed");
    for (let p = 0; p < count; p++) {
      const value = valueAt(column, rows[p]);
      if (value === null) continue;
      const group = this.#groupAt(slots[p]);
      const before = group.values.length;
      insert(group, value, this.#batch + rows[p], this.#limit);
      this.#held += group.values.length - before;
    }
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const source = this.#groups[from[p]];
      if (source === null || source === undefined) continue;
      const target = this.#groups[into[p]] ?? null;
      const group = merged(target, source, this.#limit);
      this.#held += group.values.length - (target?.values.length ?? 0);
      this.#groups[into[p]] = group;
    }
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      this.#held -= this.#groups[slots[p]]?.values.length ?? 0;
      this.#groups[slots[p]] = null;
    }
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) {
      const group = this.#groups[slots[p]] ?? null;
      into.set(row + p - from, group === null ? null : this.#result(group.values));
    }
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64(this.#batch);
    for (let p = 0; p < count; p++) {
      const { values, places } = this.#groups[slots[p]] ?? { values: [], places: [] };
      writer.f64Array(Float64Array.from(places));
      if (this.#numeric) writer.f64Array(Float64Array.from(values, Number));
      else writer.json(values);
    }
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    this.#batch = Math.max(this.#batch, reader.f64());
    for (let p = 0; p < count; p++) {
      const places = [...reader.f64Array()];
      const read: unknown = this.#numeric ? [...reader.f64Array()] : reader.json();
      const values: unknown[] = Array.isArray(read) ? read : [];
      if (values.length > 0) this.#groups[slots[p]] = { values, places };
      this.#held += values.length;
    }
  }

  #groupAt(slot: number): Collected {
    const group = this.#groups[slot] ?? { values: [], places: [] };
    this.#groups[slot] = group;
    return group;
  }
}

function insert({ values, places }: Collected, value: unknown, place: number, limit: number): void {
  if (places.length >= limit && place > places[places.length - 1]) return;
  let at = places.length;
  while (at > 0 && places[at - 1] > place) at--;
  values.splice(at, 0, value);
  places.splice(at, 0, place);
  if (places.length <= limit) return;
  values.pop();
  places.pop();
}

/** The first `limit` of both in order of arrival, in lists of its own. */
function merged(a: Collected | null, b: Collected, limit: number): Collected {
  if (a === null) return { values: [...b.values], places: [...b.places] };
  const values: unknown[] = [];
  const places: number[] = [];
  for (let i = 0, j = 0; places.length < limit && (i < a.places.length || j < b.places.length); ) {
    const isFirst = j >= b.places.length || a.places[i] < b.places[j];
    places.push(isFirst ? a.places[i] : b.places[j]);
    values.push(isFirst ? a.values[i++] : b.values[j++]);
  }
  return { values, places };
}
