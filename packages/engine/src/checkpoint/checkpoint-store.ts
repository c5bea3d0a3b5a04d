/** One immutable piece of a checkpoint, at most `maxChunkBytes` long, addressed by its content. */
export interface ChunkRef {
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string;
  readonly bytes: number;
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
  readonly kind: "operator" | "source" | "staged";
  /** Plan step id. */
  readonly id: string;
  readonly chunks: readonly ChunkRef[];
  /** Staged parts: how many records. */
  readonly records?: number;
}

/** What `takeOver` answers: the new token and the newest committed checkpoint. */
export interface TakeOver {
  readonly fencingToken: number;
  readonly manifest: CheckpointManifest | null;
}

/**
 * Durable checkpoints of one pipeline. Every write carries the fencing token and is refused with a
 * `FencedError` when a later owner has taken over.
 */
export interface CheckpointStore {
  /** Atomically raises the fencing token and reads the newest manifest. */
  takeOver(): Promise<TakeOver>;
  /** Stores a chunk; storing the same content again is harmless. */
  putChunk(fencingToken: number, ref: ChunkRef, bytes: Uint8Array): Promise<void>;
  /** The only commit point: refuses a stale token and a number that does not follow the committed one. */
  commit(fencingToken: number, manifest: CheckpointManifest): Promise<void>;
  /** The chunk's bytes, not yet verified; null when it is gone. */
  readChunk(ref: ChunkRef): Promise<Uint8Array | null>;
  /** Removes chunks that no retained manifest refers to. */
  collectGarbage(fencingToken: number): Promise<void>;
  close(): Promise<void>;
}

/** This runtime no longer owns the pipeline; it must stand down and not take over again by itself. */
export class FencedError extends Error {
  constructor(ownToken: number, storeToken: number) {
    super(`Another runtime has taken this pipeline over (our fencing token ${ownToken}, current ${storeToken}).`);
    this.name = "FencedError";
  }
}
