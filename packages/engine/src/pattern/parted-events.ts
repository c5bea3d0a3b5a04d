import type { Column } from "../column/column.ts";
import { valueAt } from "../column/column.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import { readColumn, writeColumn } from "../state/column-codec.ts";
import type { KeyField, KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import type { EventRows } from "./event-block.ts";

/** An event that waits for the watermark, apart from the block that it was in. */
export interface PartedEvent {
  readonly key: number;
  readonly time: number;
  readonly begins: number;
  /** By condition. */
  readonly marks: Uint8Array;
  /** By kept field, plain. */
  readonly kept: readonly unknown[];
}

/** Writes the events of one key, in order. */
export function writeParted(writer: SnapshotWriter, events: readonly PartedEvent[], kept: readonly Field[]): void {
  writer.f64Array(Float64Array.from(events, ({ time }) => time));
  writer.u8Array(Uint8Array.from(events, ({ begins }) => begins));
  for (const { marks } of events) writer.u8Array(marks);
  kept.forEach((field, i) => {
    writeColumn(
      writer,
      columnOf(
        field,
        events.map((event) => event.kept[i]),
      ),
      events.length,
    );
  });
}

/** Reads what `writeParted` wrote, for a key that has this id here. */
export function readParted(reader: SnapshotReader, key: number, kept: readonly Field[]): readonly PartedEvent[] {
  const times = reader.f64Array();
  const begins = reader.u8Array();
  const marks = Array.from(times, () => reader.u8Array());
  const columns = kept.map(() => readColumn(reader).column);
  return Array.from(times, (time, i) => ({
    key,
    time,
    begins: begins[i],
    marks: marks[i],
    kept: columns.map((column) => valueAt(column, i)),
  }));
}

/** The events as they are put into a block. */
export function partedRows(
  events: readonly PartedEvent[],
  kept: readonly Field[],
  keys: KeyTable,
  keyFields: readonly KeyField[],
): EventRows {
  const conditions = events[0].marks.length;
  const marks = new Uint8Array(events.length * conditions);
  for (const [row, event] of events.entries()) marks.set(event.marks, row * conditions);
  const ids = Int32Array.from(events, ({ key }) => key);
  return {
    time: Float64Array.from(events, ({ time }) => time),
    kept: kept.map((field, i) =>
      columnOf(
        field,
        events.map((event) => event.kept[i]),
      ),
    ),
    key: keyFields.map(({ type }, field) => {
      const builder = createColumnBuilder(type, ids.length);
      keys.write(field, ids, 0, ids.length, builder, 0);
      return builder.column();
    }),
    marks,
    begins: Uint8Array.from(events, ({ begins }) => begins),
    keys: ids,
  };
}

function columnOf({ type }: Field, values: readonly unknown[]): Column {
  const builder = createColumnBuilder(type, values.length);
  values.forEach((value, i) => {
    builder.set(i, value);
  });
  return builder.column();
}
