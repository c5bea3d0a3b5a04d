import type { SourceChunk } from "../connector/source-port.ts";
import type { SplitWatermarksState } from "../time/split-watermarks.ts";
import type { JsonValue } from "../types/json-value.ts";
import type { AlignedSource } from "./align-sources.ts";
import type { OperatorHost } from "./operator-host.ts";

/** What of a source is in a checkpoint. */
export interface SourceState {
  /** Position of the reader before the chunk that is being worked on. */
  readonly position: JsonValue | null;
  /** How many records of that chunk are done already. */
  readonly done: number;
  readonly decoder: JsonValue;
  readonly watermarks: SplitWatermarksState;
  readonly ended: boolean;
  /** Totals since the first start. */
  readonly read: number;
  /** Those of `read` that could not be decoded; not there in checkpoints of earlier versions. */
  readonly undecoded?: number;
  /** Those without a time, and those too far ahead of the clock; not there in checkpoints of earlier versions. */
  readonly withoutTime?: number;
  readonly aheadOfClock?: number;
}

/** What came of one step of work. */
export type SourceProgress =
  /** Records were handed on; there may be more of this chunk. */
  | { readonly kind: "worked" }
  /** The next record is not due before this monotonic time. */
  | { readonly kind: "paced"; readonly untilMs: number }
  /** The chunk is done: poll again. */
  | { readonly kind: "chunk-done" }
  | { readonly kind: "ended" };

/** A source as the run loop drives it. */
export interface DrivenSource extends AlignedSource {
  readonly host: OperatorHost;
  readonly ended: boolean;
  /** The watermark that was emitted last. */
  readonly watermark: number;
  /** Records read since the first start, good and bad. */
  readonly read: number;
  /** Of this run: read, and gone to the dead letters. */
  readonly readThisRun: number;
  readonly deadThisRun: number;
  /** What the reader says about itself. */
  gauges(): Readonly<Record<string, number>>;
  /** Asks the reader for its next chunk. */
  poll(): Promise<SourceChunk>;
  /** Takes a polled chunk; `work` does the rest. */
  accept(chunk: SourceChunk): void;
  /** Hands on at most one batch. Call until it is not `worked`. */
  work(): SourceProgress;
  /** Processing time has passed: idleness, and the watermark of processing time. A source that is `held` back is not idle. */
  tick(held?: boolean): void;
  /** Nothing is to be read of it until others have caught up. */
  readonly isHeld: boolean;
  /** As at the end of input, without its end: all windows fire. */
  drain(): void;
  snapshot(): SourceState;
  close(): Promise<void>;
}
