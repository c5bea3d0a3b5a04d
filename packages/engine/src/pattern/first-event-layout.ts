import { maxBatchRows } from "../column/batch.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import type { KeyField, KeyTable } from "../state/key-table.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { Field } from "../types/field-type.ts";
import type { EventRows } from "./event-block.ts";

/**
 * Reads the events that wait for the watermark as they were written whole, in order of (time, arrival). Each has a key in the
 * table, and is taken to be one that can begin a match.
 */
export function* readFirstEvents(
  reader: SnapshotReader,
  kept: readonly Field[],
  keys: KeyTable,
  keyFields: readonly KeyField[],
): Generator<EventRows & { readonly count: number }> {
  const keyOf = reader.i32Array();
  const marks = reader.u8Array();
  const rows = new RowStore(kept);
  const total = rows.restore(reader);
  const conditions = total === 0 ? 0 : marks.length / total;
  for (let from = 0; from < total; from += maxBatchRows) {
    const to = Math.min(total, from + maxBatchRows);
    const slots = Int32Array.from({ length: to - from }, (_, i) => from + i);
    const keptColumns = kept.map((field, i) => {
      const builder = createColumnBuilder(field.type, slots.length);
      rows.write(i, slots, slots.length, builder);
      return builder.column();
    });
    const keyColumns = keyFields.map((field, i) => {
      const builder = createColumnBuilder(field.type, slots.length);
      keys.write(i, keyOf, from, to, builder, 0);
      return builder.column();
    });
    yield {
      count: slots.length,
      time: rows.time.slice(from, to),
      kept: keptColumns,
      key: keyColumns,
      marks: marks.subarray(from * conditions, to * conditions),
      begins: new Uint8Array(slots.length).fill(1),
      keys: keyOf.subarray(from, to),
    };
  }
}
