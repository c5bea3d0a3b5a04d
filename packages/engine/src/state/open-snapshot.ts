import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";
import { headRecord, replayLog, tableRecords } from "./state-log.ts";
import { chosenRows } from "./state-table.ts";

/** All that was written, the tables included, in one piece; marks are left as they are. */
export function wholeSnapshot(write: (writer: SnapshotWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new SnapshotWriter();
  write(writer);
  const records = writer.tables.flatMap((table) => [...tableRecords(table, chosenRows(table.pool, table.rows))]);
  records.push(headRecord(writer.finish(), writer.tables));
  const whole = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    whole.set(record, at);
    at += record.length;
  }
  return whole;
}

/** A reader of what `wholeSnapshot` wrote, or of any log of snapshots; `aggregates` as in `SnapshotReader`. */
export function openSnapshot(bytes: Uint8Array, aggregates: readonly number[] | null = null): SnapshotReader {
  const { head, tables } = replayLog(bytes);
  return new SnapshotReader(head, tables, aggregates);
}
