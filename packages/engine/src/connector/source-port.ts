import type { Batch } from "../column/batch.ts";
import type { Clock } from "../time/clock.ts";
import type { Field } from "../types/field-type.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";

/** What a source connector is opened with. */
export interface SourceContext {
  /** Who reads, for names that others see; absent in tests. */
  readonly pipelineId?: string;
  /** Stable id of the source's operator. */
  readonly sourceId?: string;
  readonly options: JsonObject;
  readonly fields: readonly Field[];
  /** Which of the fields something reads; the others may be left out of batches. */
  readonly liveFields: readonly boolean[];
  /** Where to go on, as `SourceReader.position` once said it; null = from the connector's own start. */
  readonly position: JsonValue | null;
  /** Other threads decode: chunks that are lent reach them without a copy. */
  readonly borrows?: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A record that cannot be decoded, with what a person needs to find it. */
export interface DeadLetter {
  /** Where it stands in the source: a line number, an offset. */
  readonly position: string;
  readonly reason: string;
  /** The record as it came, cut to 4 KB. */
  readonly raw: string;
}

/**
 * What a poll brings.
 * - `bytes`: whole records in the source's format, with the number of the first line, and what such a number is called
 *   in dead letters (`orders/0 offset`) when not a line. `isLent`: the bytes lie in shared memory and stay as they are, however
 *   often the caller polls, until they are given to `SourceReader.takeBack`.
 * - `batch`: decoded records.
 * - `idle`: nothing for now; `poll` may be called again at once (it waits by itself, at most about 100 ms).
 * - `end`: the source is bounded and exhausted.
 */
export type SourceChunk =
  | {
      readonly kind: "bytes";
      readonly split: string;
      readonly bytes: Uint8Array;
      readonly firstLine: number;
      readonly lineName?: string;
      readonly isLent?: boolean;
    }
  | { readonly kind: "batch"; readonly split: string; readonly batch: Batch; readonly deadLetters: readonly DeadLetter[] }
  | { readonly kind: "idle" }
  | { readonly kind: "end" };

/**
 * Reads a source. One reader serves all splits that this instance was given. With several splits a chunk has at most
 * 1024 records: a checkpoint then never falls inside one, and after a restart the splits may come in another order.
 */
export interface SourceReader {
  /** The next chunk. Unless they are lent, the arrays belong to the caller until the next call. Rejects with a `ConnectorError` when the source fails. */
  poll(): Promise<SourceChunk>;
  /** Gets the bytes of a chunk back that was lent, when its records are decoded. Where nothing is borrowed, it need not be called. */
  takeBack?(bytes: Uint8Array): void;
  /** Where reading goes on after the last chunk that `poll` returned; plain JSON, small. */
  position(): JsonValue;
  /**
   * Splits that are known by now, also those that have had no record yet: the watermark waits for each of them, until it
   * is idle. Absent: splits are known by their records. Asked after each poll.
   */
  splits?(): readonly string[];
  /** Splits of which nothing will come any more: they no longer hold back the watermark. Absent: none before the end. */
  ended?(): readonly string[];
  /**
   * From the next poll on, brings nothing of these splits, and of all others again: they are too far ahead. Absent: only the
   * source as a whole can be held back.
   */
  pause?(splits: ReadonlySet<string>): void;
  /** Gauges for the metrics of the node, by name: `lag` is how many records wait. Absent: none. */
  gauges?(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** A kind of source, by name in the registry. */
export interface SourceConnector {
  /** Opens the source; rejects with a `ConnectorError` that says what to do (a missing file, a refused connection). */
  open(context: SourceContext): Promise<SourceReader>;
  /** Options with which `open` reads a few of the newest records and ends. Absent: those of the source serve as they are. */
  sampleOptions?(options: JsonObject): JsonObject;
}
