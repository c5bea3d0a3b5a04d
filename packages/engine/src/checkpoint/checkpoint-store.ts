import { error } from "../diagnostics/diagnostic.ts";
import type { Field } from "../types/field-type.ts";
import type { JsonObject } from "../types/json-value.ts";

/** One immutable piece of a checkpoint, at most `maxChunkBytes` long, addressed by its content. */
export interface ChunkRef {
  /** Lower-case hex SHA-256 of the bytes that are stored. */
  readonly sha256: string;
  readonly bytes: number;
  /** Of a chunk that is stored in fewer bytes: how many these are. */
  readonly packed?: number;
}

/** The most bytes in a chunk: larger values stall Redis. */
export const maxChunkBytes = 1 << 20;

/** What a checkpoint consists of. Plain JSON; unknown members of later versions are kept and ignored. */
export interface CheckpointManifest {
  readonly formatVersion: 1;
  readonly pipelineId: string;
  /** Rises by one with every committed checkpoint of the pipeline. */
  readonly checkpoint: number;
  readonly fencingToken: number;
  readonly createdAtMs: number;
  /** Content hash of the pipeline's logic that wrote it. */
  readonly graphHash: string;
  /** True for the last checkpoint of a bounded or drained run: nothing more will come. */
  readonly final: boolean;
  /** Per part (an operator's state, a source's position, a sink's staged records): its chunks in order. */
  readonly parts: readonly CheckpointPart[];
}

export interface CheckpointPart {
  /** `rows`: what an operator keeps outside of memory; every chunk can be read by itself. */
  readonly kind: "operator" | "source" | "staged" | "rows";
  /** Plan step id. */
  readonly id: string;
  readonly chunks: readonly ChunkRef[];
  /** Small parts travel in the manifest itself; then `chunks` is empty. */
  readonly inline?: { readonly base64: string; readonly sha256: string };
  /** Parts of rows: how long the log was when it was begun with all of them. */
  readonly wholeBytes?: number;
  /** Staged parts: how many records. */
  readonly records?: number;
  /** Staged parts: how to reach the sink, so that the records arrive even when the node has been removed since. */
  readonly sink?: { readonly connector: string; readonly options: JsonObject; readonly fields: readonly Field[] };
  /** Operator and source parts: what shaped the state; state of another shape is never reused. */
  readonly signature?: string;
}

/** What `takeOver` answers: the new token and the newest committed checkpoint. */
export interface TakeOver {
  readonly fencingToken: number;
  readonly manifest: CheckpointManifest | null;
}

/** A checkpoint that somebody wants to keep. */
export interface Savepoint {
  readonly checkpoint: number;
  readonly name: string;
  /** When it was kept, ms since the epoch. */
  readonly atMs: number;
}

/**
 * Durable checkpoints of one pipeline. Every write carries the fencing token and is refused with a
 * `FencedError` when a later owner has taken over.
 */
export interface CheckpointStore {
  /** Atomically raises the fencing token and reads the newest manifest. */
  takeOver(): Promise<TakeOver>;
  /** Stores a chunk, whose bytes never change again; storing the same content again is harmless. */
  putChunk(fencingToken: number, ref: ChunkRef, bytes: Uint8Array): Promise<void>;
  /**
   * The only commit point: refuses a stale token (`FencedError`) and a number that is not above the committed
   * one (`CommitRefused`). The same number sent again under the same token is a no-op, so that a commit whose
   * answer was lost can be repeated. Numbers may skip: a run that starts empty goes on above what its sinks hold.
   */
  commit(fencingToken: number, manifest: CheckpointManifest): Promise<void>;
  /** The chunk's bytes, not yet verified; null when it is gone. */
  readChunk(ref: ChunkRef): Promise<Uint8Array | null>;
  /** Keeps a committed checkpoint with all its chunks until it is forgotten, whatever number of newer ones there is. */
  keep(fencingToken: number, savepoint: Savepoint): Promise<void>;
  /** A manifest by its number: one of the newest few, or one that is kept; null when there is none. No token is needed. */
  readManifest(checkpoint: number): Promise<CheckpointManifest | null>;
  /** The newest committed manifest, without taking over. */
  readNewest(): Promise<CheckpointManifest | null>;
  /** Removes chunks that no retained manifest refers to, except those with a SHA-256 of `ahead`: they wait for theirs. */
  collectGarbage(fencingToken: number, ahead?: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

/** This runtime no longer owns the pipeline; it must stand down and not take over again by itself. */
export class FencedError extends Error {
  /** `SINK_FENCED` when a sink has seen the newer token: then it may also be the store that has lost it. */
  readonly code: "FENCED" | "SINK_FENCED";

  constructor(ownToken: number, newerToken: number, seenBy: "store" | "sink" = "store") {
    const code = seenBy === "store" ? "FENCED" : "SINK_FENCED";
    const { message, fix } = error(code, { ownToken, newerToken });
    super(fix === undefined ? message : `${message} ${fix}`);
    this.name = "FencedError";
    this.code = code;
  }
}

/** The number of a checkpoint does not rise above the committed one. */
export class CommitRefused extends Error {
  constructor(wanted: number, committed: number) {
    super(`Checkpoint ${wanted} cannot be committed: checkpoint ${committed} is committed already.`);
    this.name = "CommitRefused";
  }
}

/** A checkpoint that is to be kept, or to be started from, is no longer there. */
export class CheckpointGone extends Error {
  constructor(checkpoint: number) {
    super(`Checkpoint ${checkpoint} is not there any more.`);
    this.name = "CheckpointGone";
  }
}
