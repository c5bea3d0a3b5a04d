import { type Column, valueAt } from "../column/column.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import { readColumn, writeColumn } from "../state/column-codec.ts";
import { grownFloat64, grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import type { RunTable } from "./run-table.ts";
import { nothingTaken, type TakenEvents } from "./taken-events.ts";

/** A run as `RunTable.restore` takes it. */
export interface RestoredRun {
  readonly state: number;
  readonly taken: number;
  readonly isComplete: boolean;
}

/** Of a key that waits for no event any more: a run in no state. */
const noState = -1;

/**
 * Writes and reads the runs of keys. What they share is written once: an event that several runs have taken, and the
 * beginnings that they have in common.
 */
export class RunsCodec {
  readonly #table: RunTable;
  readonly #taken: TakenEvents;
  readonly #kept: readonly Field[];
  /** By stage as it is written, its index here, and the other way round. */
  readonly #stages: readonly number[];
  readonly #written: readonly number[];
  /** Of takens and of events, in what is being written. */
  readonly #numbers = new Numbers();
  readonly #eventNumbers = new Numbers();
  #rows = 0;
  #keys: Int32Array = new Int32Array(0);
  #states: Int32Array = new Int32Array(0);
  #heads: Int32Array = new Int32Array(0);
  #lastTimes: Float64Array = new Float64Array(0);
  #completed: Uint8Array = new Uint8Array(0);

  /** `stages`: by index in `TakenEvents`; `written`: those of the pattern, in order. */
  constructor(table: RunTable, kept: readonly Field[], stages: readonly string[], written: readonly string[]) {
    this.#table = table;
    this.#taken = table.taken;
    this.#kept = kept;
    this.#stages = written.map((name) => stages.indexOf(name));
    this.#written = stages.map((name) => written.indexOf(name));
  }

  write(writer: SnapshotWriter, keys: readonly number[]): void {
    this.#rows = 0;
    this.#numbers.startAnew(this.#taken.takenCapacity);
    this.#eventNumbers.startAnew(this.#taken.eventCapacity);
    for (const key of keys) {
      const before = this.#rows;
      this.#table.forEach(key, (state, taken, isComplete) => this.#add(key, state, taken, isComplete));
      if (this.#rows === before) this.#add(key, noState, nothingTaken, false);
    }
    this.#writeTaken(writer);
    writer.i32Array(this.#keys, this.#rows);
    writer.i32Array(this.#states, this.#rows);
    writer.i32Array(this.#heads, this.#rows);
    writer.f64Array(this.#lastTimes, this.#rows);
    writer.u8Array(this.#completed, this.#rows);
  }

  /** Reads what `write` wrote of those keys that are wanted. Until runs of them are put into the table nobody refers to what they have taken. */
  read(reader: SnapshotReader, isWanted: (key: number) => boolean): Map<number, readonly RestoredRun[]> {
    const takenOf = this.#readTaken(reader);
    const keys = reader.i32Array();
    const states = reader.i32Array();
    const heads = reader.i32Array();
    reader.f64Array();
    const completed = reader.u8Array();
    const found = new Map<number, RestoredRun[]>();
    keys.forEach((key, i) => {
      if (!isWanted(key)) return;
      const runs = found.get(key) ?? [];
      found.set(key, runs);
      if (states[i] !== noState) runs.push({ state: states[i], taken: takenOf(heads[i]), isComplete: completed[i] === 1 });
    });
    return found;
  }

  #add(key: number, state: number, taken: number, isComplete: boolean): void {
    const row = this.#rows++;
    if (row === this.#keys.length) {
      this.#keys = grownInt32(this.#keys, row + 1);
      const { length } = this.#keys;
      this.#states = grownInt32(this.#states, length);
      this.#heads = grownInt32(this.#heads, length);
      this.#lastTimes = grownFloat64(this.#lastTimes, length);
      this.#completed = grownUint8(this.#completed, length);
    }
    const { times, events } = this.#taken;
    this.#keys[row] = key;
    this.#states[row] = state;
    this.#heads[row] = this.#number(taken);
    this.#lastTimes[row] = taken === nothingTaken ? Number.NEGATIVE_INFINITY : times[events[taken]];
    this.#completed[row] = isComplete ? 1 : 0;
  }

  /** Number of a taken, and of those before it, each behind what was taken before it; -1 of nothing. */
  #number(head: number): number {
    const { befores, events } = this.#taken;
    const numbers = this.#numbers;
    if (head < 0) return nothingTaken;
    if (numbers.has(head)) return numbers.of(head);
    const before = befores[head];
    if (before >= 0 && !numbers.has(before)) {
      const open: number[] = [];
      for (let taken = before; taken >= 0 && !numbers.has(taken); taken = befores[taken]) open.push(taken);
      for (const taken of open.reverse()) {
        numbers.add(taken);
        this.#eventNumbers.add(events[taken]);
      }
    }
    this.#eventNumbers.add(events[head]);
    return numbers.add(head);
  }

  #writeTaken(writer: SnapshotWriter): void {
    const { sequences, times, columns, stages, events, befores } = this.#taken;
    const [own, ownEvents] = [this.#numbers, this.#eventNumbers];
    writer.f64Array(float64Of(ownEvents, (event) => sequences[event]));
    writer.f64Array(float64Of(ownEvents, (event) => times[event]));
    this.#kept.forEach(({ type }, i) => {
      const builder = createColumnBuilder(type, ownEvents.count);
      for (let row = 0; row < ownEvents.count; row++) columns[i].write(ownEvents.items[row], builder, row);
      writeColumn(writer, builder.column(), ownEvents.count);
    });
    writer.i32Array(int32Of(own, (taken) => this.#written[stages[taken]]));
    writer.i32Array(int32Of(own, (taken) => ownEvents.of(events[taken])));
    writer.i32Array(int32Of(own, (taken) => (befores[taken] < 0 ? nothingTaken : own.of(befores[taken]))));
  }

  /** By number that was written: the taken, put into columns when it is first asked for. */
  #readTaken(reader: SnapshotReader): (number: number) => number {
    const sequences = reader.f64Array();
    const times = reader.f64Array();
    const columns = this.#kept.map(() => readColumn(reader).column);
    const stageOf = reader.i32Array();
    const eventOf = reader.i32Array();
    const beforeOf = reader.i32Array();
    const events = new Int32Array(sequences.length).fill(-1);
    const takens = new Int32Array(stageOf.length).fill(-1);
    const eventAt = (i: number): number => {
      if (events[i] < 0) events[i] = this.#addEvent(sequences[i], times[i], columns, i);
      return events[i];
    };
    return (head) => {
      const open: number[] = [];
      for (let i = head; i >= 0 && takens[i] < 0; i = beforeOf[i]) open.push(i);
      for (const i of open.reverse()) {
        const before = beforeOf[i] < 0 ? nothingTaken : takens[beforeOf[i]];
        takens[i] = this.#taken.add(this.#stages[stageOf[i]], eventAt(eventOf[i]), before);
      }
      return head < 0 ? nothingTaken : takens[head];
    };
  }

  #addEvent(sequence: number, time: number, columns: readonly Column[], row: number): number {
    const event = this.#taken.addEvent(sequence, time);
    columns.forEach((column, i) => {
      this.#taken.columns[i].set(event, valueAt(column, row));
    });
    return event;
  }
}

/** Numbers things, which are small numbers themselves, in the order in which they are first met. */
class Numbers {
  #of: Int32Array = new Int32Array(0);
  items: Int32Array = new Int32Array(0);
  count = 0;

  /** Nothing is numbered; things are below `capacity`. */
  startAnew(capacity: number): void {
    for (let i = 0; i < this.count; i++) this.#of[this.items[i]] = 0;
    this.count = 0;
    this.#of = grownInt32(this.#of, capacity);
  }

  has(item: number): boolean {
    return this.#of[item] > 0;
  }

  /** The number of what has one. */
  of(item: number): number {
    return this.#of[item] - 1;
  }

  /** The number of something, a new one when it has none. */
  add(item: number): number {
    if (this.#of[item] > 0) return this.#of[item] - 1;
    const number = this.count++;
    if (number === this.items.length) this.items = grownInt32(this.items, Math.max(16, number + 1));
    this.items[number] = item;
    this.#of[item] = number + 1;
    return number;
  }
}

function int32Of({ items, count }: Numbers, value: (item: number) => number): Int32Array {
  const array = new Int32Array(count);
  for (let i = 0; i < count; i++) array[i] = value(items[i]);
  return array;
}

function float64Of({ items, count }: Numbers, value: (item: number) => number): Float64Array {
  const array = new Float64Array(count);
  for (let i = 0; i < count; i++) array[i] = value(items[i]);
  return array;
}
