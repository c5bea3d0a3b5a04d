import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { FieldType } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";
import { ValueOccurrences } from "./value-occurrences.ts";

/** An aggregate that follows from how often each value occurs; what comes out is the subclass's. */
export abstract class OccurrenceAccumulator implements Accumulator {
  protected readonly occurrences: ValueOccurrences;
  readonly slotBytes = 12;

  /** `counted`: the type of what is counted. */
  protected constructor(counted: FieldType) {
    this.occurrences = new ValueOccurrences(counted);
  }

  get sharedBytes(): number {
    return this.occurrences.sharedBytes;
  }

  reserve(slots: number): void {
    this.occurrences.reserve(slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    this.occurrences.add(slots, rows, count, column);
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    this.occurrences.merge(into, from, count);
  }

  subtract = (into: Int32Array, from: Int32Array, count: number): void => this.occurrences.subtract(into, from, count);

  clear(slots: Int32Array, count: number): void {
    this.occurrences.clear(slots, count);
  }

  abstract write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void;

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    this.occurrences.snapshot(writer, slots, count);
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    this.occurrences.restore(reader, slots, count);
  }
}
