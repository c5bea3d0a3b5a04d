import type { Column } from "@millrace/engine";
import type { RecordSet } from "./record-sequence.ts";

/** What the records of a generated stream hold. A record's content is a function of the seed and its index alone. */
export interface StreamModel {
  /** Works out what several columns need of these records. Called once for each batch, before its columns. */
  prepare(records: RecordSet): void;
  /** One for each field but the first, which is the event time: the column of the prepared records. */
  readonly columns: readonly ((records: RecordSet) => Column)[];
}
