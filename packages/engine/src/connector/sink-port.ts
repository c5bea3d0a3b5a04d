import type { Clock } from "../time/clock.ts";
import type { Field } from "../types/field-type.ts";
import type { JsonObject } from "../types/json-value.ts";

/** What a sink connector is opened with. */
export interface SinkContext {
  readonly pipelineId: string;
  /** Stable id of the sink's operator. */
  readonly sinkId: string;
  /** Of the run that opens it, so that a sink may shut out earlier owners at once; absent where there is only one. */
  readonly fencingToken?: number;
  readonly options: JsonObject;
  readonly fields: readonly Field[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The records that one checkpoint committed for one sink. */
export interface Delivery {
  /** Number of the checkpoint; rises by one, but checkpoints without records for the sink are delivered too, empty. */
  readonly checkpoint: number;
  /** Rises each time a runtime takes the pipeline over; a write with a stale one must be refused. */
  readonly fencingToken: number;
  /** Encoded records, one after the other, each ending in a line feed (JSON lines or CSV lines). */
  readonly bytes: Uint8Array;
  /** The same in pieces of whole records, for sinks that need not have them in one; absent where there is one piece. */
  readonly pieces?: readonly Uint8Array[];
  readonly records: number;
  /** The last of the bytes: those that `prewrite` was not offered. Absent: it was offered nothing. */
  readonly rest?: { readonly from: number; readonly pieces: readonly Uint8Array[] };
}

/** Records that a checkpoint will hold, before it is committed. */
export interface Prewrite {
  /** Number of the checkpoint that is being filled; a `Delivery` with it follows. */
  readonly checkpoint: number;
  readonly fencingToken: number;
  /** Where in that delivery's bytes these begin, and how many they are. */
  readonly from: number;
  readonly bytes: number;
  /** In pieces of whole records. */
  readonly pieces: readonly Uint8Array[];
}

/** Records for a sink of a pipeline that runs at least once: no checkpoint holds them yet. */
export interface ImmediateWrite {
  /** As of a `Delivery`. */
  readonly fencingToken: number;
  readonly bytes: Uint8Array;
  readonly records: number;
}

/**
 * Takes committed records. The protocol is a write-ahead one: records are staged in the checkpoint and
 * delivered after it is committed, in order, and again after a crash; a sink that remembers the number
 * in the same transaction makes the whole exactly-once.
 */
export interface SinkWriter {
  /** The highest checkpoint that is durably delivered; null when none is, or the sink cannot tell. */
  delivered(): Promise<number | null>;
  /** Delivers one checkpoint's records; a number not above `delivered()` is a no-op. Rejects with a `ConnectorError`. */
  deliver(delivery: Delivery): Promise<void>;
  /**
   * Writes records durably at once, before any checkpoint holds them; called in order, one at a time, and again with
   * the same records when it rejected. Only in pipelines that run at least once. Absent: the sink waits for checkpoints
   * there too.
   */
  writeNow?(write: ImmediateWrite): Promise<void>;
  /**
   * Writes records so that no reader sees them before `deliver` publishes them with the rest of their checkpoint, which then
   * has less to write; called in order, one at a time, and not while a delivery is under way. It is an offer: what is not
   * taken, lost with the process, or fails, is written by `deliver`, which always has all bytes.
   */
  prewrite?(part: Prewrite): Promise<void>;
  close(): Promise<void>;
}

/** A kind of sink, by name in the registry. */
export interface SinkConnector {
  readonly guarantee: "exactly-once" | "at-least-once";
  open(context: SinkContext): Promise<SinkWriter>;
}
