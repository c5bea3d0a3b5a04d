import type { DeadLetter } from "../connector/source-port.ts";
import type { JsonValue } from "../types/json-value.ts";
import type { Batch } from "./batch.ts";

/** Some records, decoded. */
export interface DecodedRecords {
  /** The good ones. `time` is all NaN: the source task fills it in. It may hold no rows. */
  readonly batch: Batch;
  /** The others, in order. */
  readonly deadLetters: readonly DeadLetter[];
  /** How many records of the input this covers, good and bad. Blank lines are no records. */
  readonly records: number;
}

/**
 * Turns bytes into columns, only for the fields that something reads. One decoder serves one source split
 * and keeps its dictionaries between chunks.
 */
export interface RecordDecoder {
  /** Starts a chunk of whole records (the last line feed may be missing). `firstLine` is for messages. */
  begin(bytes: Uint8Array, firstLine: number): void;
  /** The next at most `maxRows` (<= 1024) records of the chunk, or null at its end. Arrays are reused by the next call. */
  next(maxRows: number): DecodedRecords | null;
  /** What must survive a restart (the header of a CSV file); null when nothing. */
  state(): JsonValue;
  restoreState(state: JsonValue): void;
}

/** Turns the live rows of batches into encoded records, each ending in a line feed. */
export interface RecordEncoder {
  /** Appends all live rows of a batch. */
  write(batch: Batch): void;
  /** Bytes since the last `take`. */
  readonly size: number;
  readonly records: number;
  /** The encoded records since the last call, in pieces of whole records that are written to no more. */
  take(): readonly Uint8Array[];
}
