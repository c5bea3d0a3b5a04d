import {
  CheckpointGone,
  type CheckpointManifest,
  type CheckpointPart,
  type CheckpointStore,
  type ChunkRef,
  CommitRefused,
  FencedError,
  maxChunkBytes,
} from "../checkpoint/checkpoint-store.ts";
import { type Chunk, type ChunkCoding, ChunkDamaged, cutBytes, joinChunks, packedChunk, plainChunk } from "../checkpoint/chunks.ts";
import { joinBytes } from "../column/join-bytes.ts";
import type { Clock } from "../time/clock.ts";
import { PipelineFailure } from "./pipeline-run.ts";
import { runFailure } from "./run-failure.ts";

/** One part of a checkpoint before it is cut into chunks. */
export interface PartBytes extends Omit<CheckpointPart, "chunks"> {
  /** What the part begins with, stored before; or what will be, and the checkpoint fails where that does. */
  readonly before?: readonly ChunkRef[] | Promise<readonly ChunkRef[]>;
  /** What follows, in order. */
  readonly pieces: Iterable<Uint8Array>;
  /** Every piece is a chunk of its own, and none travels in the manifest. */
  readonly piecewise?: boolean;
}

interface CutPart {
  readonly part: CheckpointPart;
  /** Those that may not be stored yet. */
  readonly chunks: readonly Chunk[];
  /** Of the whole part. */
  readonly bytes: number;
}

const giveUpAfterMs = 30_000;
const commitsBetweenCollections = 16;
const bytesBetweenCollections = 64 << 20;
/** Pieces from this size on are chunks of their own, which need not be copied together with others. */
const ownChunkBytes = 1 << 16;
/** Parts up to this size travel in the manifest. */
const inlineBytes = 2048;
/** After so long at cutting and hashing, records get their turn. */
const sliceMs = 2;

/** Where pieces of a checkpoint go before the others are there. */
export type ChunkStore = Pick<RunCheckpoints, "store">;

/** Writes and reads the checkpoints of one run under its fencing token. */
export class RunCheckpoints {
  readonly #store: CheckpointStore;
  readonly #coding: ChunkCoding;
  readonly #clock: Clock;
  readonly fencingToken: number;
  /** The newest committed checkpoint. */
  manifest: CheckpointManifest | null;
  #stored: ReadonlySet<string>;
  /** Stored since garbage was collected last, and commits since then. */
  #uncollectedBytes = 0;
  #uncollectedCommits = 0;
  /** Stored since the newest checkpoint was cut, for the one that follows it. */
  #ahead = new Set<string>();

  constructor(store: CheckpointStore, coding: ChunkCoding, clock: Clock, fencingToken: number, manifest: CheckpointManifest | null) {
    this.#store = store;
    this.#coding = coding;
    this.#clock = clock;
    this.fencingToken = fencingToken;
    this.manifest = manifest;
    this.#stored = chunkHashes(manifest);
  }

  /** Stores the chunks that the last checkpoint did not have and commits the manifest; returns the bytes in the checkpoint. */
  async commit(
    header: Pick<CheckpointManifest, "pipelineId" | "checkpoint" | "graphHash" | "final">,
    parts: readonly PartBytes[],
  ): Promise<number> {
    const cut = await this.#cutParts(parts);
    await this.#keep(cut.flatMap(({ chunks }) => chunks));
    const manifest: CheckpointManifest = {
      formatVersion: 1,
      ...header,
      fencingToken: this.fencingToken,
      createdAtMs: this.#clock.now(),
      parts: cut.map(({ part }) => part),
    };
    await this.#persistent(() => this.#store.commit(this.fencingToken, manifest));
    this.manifest = manifest;
    this.#stored = chunkHashes(manifest);
    this.#uncollectedCommits++;
    return cut.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What is stored from here on belongs to the checkpoint behind the one that is cut now. */
  next(): void {
    this.#ahead = new Set();
  }

  /** Stores pieces as chunks for the next checkpoint; they are written to no more. */
  async store(pieces: Iterable<Uint8Array>): Promise<readonly ChunkRef[]> {
    const whole = [...pieces].flatMap((piece) => [...cutBytes(piece)]);
    const chunks = await Promise.all(whole.map((piece) => this.#chunk(piece)));
    await this.#keep(chunks);
    return chunks.map(({ ref }) => ref);
  }

  /** The bytes of a part, verified. Rejects with a `PipelineFailure` that says what is damaged. */
  async read(part: CheckpointPart): Promise<Uint8Array> {
    try {
      if (part.inline !== undefined) return this.#readInline(part, part.inline);
      return await joinChunks(part.chunks, (ref) => this.#store.readChunk(ref), this.#coding);
    } catch (cause) {
      if (!(cause instanceof ChunkDamaged)) throw storeFailure(cause);
      const args = { checkpoint: this.manifest?.checkpoint ?? 0, part: `${part.kind} ${part.id}`, damage: cause.message };
      throw runFailure("CHECKPOINT_DAMAGED", args, { node: null, retryable: false, cause });
    }
  }

  /** Keeps the newest committed checkpoint as a savepoint. */
  async keep(name: string): Promise<number> {
    const checkpoint = this.manifest?.checkpoint ?? 0;
    await this.#persistent(() => this.#store.keep(this.fencingToken, { checkpoint, name, atMs: this.#clock.now() }));
    return checkpoint;
  }

  /** Enough has been stored that there may be much that nothing refers to. */
  get isCollectionDue(): boolean {
    return this.#uncollectedCommits >= commitsBetweenCollections || this.#uncollectedBytes >= bytesBetweenCollections;
  }

  /** Removes chunks that nothing refers to. What fails is left to the next time; only a fenced owner stands down. */
  async collectGarbage(): Promise<void> {
    this.#uncollectedBytes = 0;
    this.#uncollectedCommits = 0;
    try {
      await this.#store.collectGarbage(this.fencingToken, this.#ahead);
    } catch (cause) {
      if (cause instanceof FencedError) throw storeFailure(cause);
    }
  }

  async #cutParts(parts: readonly PartBytes[]): Promise<readonly CutPart[]> {
    const cut: CutPart[] = [];
    const turns = { since: this.#clock.monotonic() };
    for (const { before: stored = [], pieces, piecewise = false, ...part } of parts) {
      const before = await stored;
      const packed = piecewise ? null : packPieces(pieces);
      if (packed !== null && packed.length <= 1 && before.length === 0 && (packed.at(0)?.length ?? 0) <= inlineBytes) {
        const whole = joinBytes(packed);
        cut.push({ part: this.#inlinePart(part, whole), chunks: [], bytes: whole.length });
        continue;
      }
      const chunks = await this.#chunksOf(packed ?? pieces, turns);
      const total = [...before, ...chunks.map(({ ref }) => ref)].reduce((sum, { bytes }) => sum + bytes, 0);
      cut.push({ part: { ...part, chunks: [...before, ...chunks.map(({ ref }) => ref)] }, chunks, bytes: total });
    }
    return cut;
  }

  /** Packs beside this thread, else hashes here, in slices between which records get their turn. */
  async #chunksOf(pieces: Iterable<Uint8Array>, turns: { since: number }): Promise<readonly Chunk[]> {
    const chunks: (Chunk | Promise<Chunk>)[] = [];
    for (const whole of pieces) {
      for (const piece of cutBytes(whole)) {
        chunks.push(this.#chunk(piece));
        if (this.#clock.monotonic() - turns.since < sliceMs) continue;
        await this.#clock.sleep(0);
        turns.since = this.#clock.monotonic();
      }
    }
    return await Promise.all(chunks);
  }

  #chunk(piece: Uint8Array): Chunk | Promise<Chunk> {
    const { sha256, packing } = this.#coding;
    if (packing === null) return plainChunk(piece, sha256);
    const packed = packedChunk(piece, sha256, packing);
    // It is waited for with others, maybe after it has failed.
    packed.catch(() => {});
    return packed;
  }

  #inlinePart(part: Omit<CheckpointPart, "chunks">, bytes: Uint8Array): CheckpointPart {
    if (bytes.length === 0) return { ...part, chunks: [] };
    return { ...part, chunks: [], inline: { base64: bytes.toBase64(), sha256: this.#coding.sha256(bytes) } };
  }

  #readInline(part: CheckpointPart, inline: { readonly base64: string; readonly sha256: string }): Uint8Array {
    const bytes = Uint8Array.fromBase64(inline.base64);
    const ref = { sha256: inline.sha256, bytes: bytes.length };
    const actual = this.#coding.sha256(bytes);
    if (actual !== inline.sha256) throw new ChunkDamaged(ref, `the part ${part.id} in the manifest has the SHA-256 ${actual}`);
    return bytes;
  }

  async #keep(chunks: readonly Chunk[]): Promise<void> {
    for (const { ref } of chunks) this.#ahead.add(ref.sha256);
    await this.#persistent(() => this.#putNew(chunks));
  }

  async #putNew(chunks: readonly Chunk[]): Promise<void> {
    const sent = new Set<string>();
    const waiting: Promise<void>[] = [];
    for (const { ref, bytes } of chunks) {
      if (this.#stored.has(ref.sha256) || sent.has(ref.sha256)) continue;
      sent.add(ref.sha256);
      this.#uncollectedBytes += bytes.length;
      waiting.push(this.#store.putChunk(this.fencingToken, ref, bytes));
    }
    await Promise.all(waiting);
  }

  /** Repeats what is safe to repeat until it works; a fenced owner stands down at once. */
  async #persistent(action: () => Promise<void>): Promise<void> {
    const until = this.#clock.monotonic() + giveUpAfterMs;
    for (let pauseMs = 100; ; pauseMs = Math.min(2000, pauseMs * 2)) {
      try {
        return await action();
      } catch (cause) {
        if (
          cause instanceof FencedError ||
          cause instanceof CommitRefused ||
          cause instanceof CheckpointGone ||
          this.#clock.monotonic() >= until
        )
          throw storeFailure(cause);
        await this.#clock.sleep(pauseMs);
      }
    }
  }
}

/** The failure that a run ends with when its checkpoint store fails. */
export function storeFailure(cause: unknown): PipelineFailure {
  if (cause instanceof FencedError) return new PipelineFailure(cause.code, null, cause.message, false, cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return runFailure("CHECKPOINT_STORE_UNAVAILABLE", { reason }, { node: null, retryable: true, cause });
}

function chunkHashes(manifest: CheckpointManifest | null): ReadonlySet<string> {
  return new Set(manifest?.parts.flatMap((part) => part.chunks.map((ref) => ref.sha256)));
}

/** The same bytes in pieces that are worth a chunk each: small ones are put together, large ones stay as they are. */
export function packPieces(pieces: Iterable<Uint8Array>): readonly Uint8Array[] {
  const packed: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  let smallBytes = 0;
  const pack = (): void => {
    if (smallBytes > 0) packed.push(joinBytes(small));
    small = [];
    smallBytes = 0;
  };
  for (const piece of pieces) {
    const isLarge = piece.length >= ownChunkBytes;
    if (isLarge || smallBytes + piece.length > maxChunkBytes) pack();
    if (isLarge) packed.push(piece);
    else {
      small.push(piece);
      smallBytes += piece.length;
    }
  }
  pack();
  return packed;
}
