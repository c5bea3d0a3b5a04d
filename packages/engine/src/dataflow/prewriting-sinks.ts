import type { ChunkRef } from "../checkpoint/checkpoint-store.ts";
import type { Clock } from "../time/clock.ts";
import type { OpenSink, Staged } from "./deliver.ts";
import { type ChunkStore, packPieces } from "./run-checkpoints.ts";
import type { SinkStage } from "./sink-stage.ts";

/** Transactions of sinks stay open for as long as a checkpoint is filled: where that takes longer, nothing is written before. */
export const longestPrewriteMs = 10_000;

/** After so long this part of the bytes is enough: where little comes, little is left for the delivery. */
const whileMs = 50;
const fewer = 4;
/** What has come together while nothing could be written goes in parts of about so many bytes, between which other work gets its turn. */
const partBytes = 4 << 20;
/** What is prewritten has left for its store and its sink: it is memory that a checkpoint frees, not work that waits for it. */
const prewrittenWeight = 1 / 4;

/** Records of a sink for a checkpoint, of which it has been given some. */
interface PartlyWritten {
  readonly staged: Staged;
  /** Where the bytes are stored that precede `rest`. Rejects when they cannot be. */
  readonly before: Promise<readonly ChunkRef[]>;
  readonly rest: readonly Uint8Array[];
}

/** What was taken from the stage for the checkpoint that is being filled. */
interface Filling {
  readonly pieces: Uint8Array[];
  bytes: number;
  records: number;
  readonly storing: Promise<readonly ChunkRef[]>[];
}

interface Entry {
  readonly sink: OpenSink;
  readonly stage: SinkStage;
  filling: Filling;
  /** Taken from the stage for the same checkpoint and not written yet. */
  waiting: Uint8Array[];
  /** The write that is under way, with those that follow it at once. */
  writing: Promise<void> | null;
  /** When the last write was begun. */
  begunAt: number;
  /** The last checkpoint is not delivered yet, or a write of this one has failed. */
  held: boolean;
}

interface PrewritingOptions {
  readonly fencingToken: number;
  readonly checkpoints: ChunkStore;
  readonly clock: Clock;
  /** So much has to be staged before it is worth a write; after a while less. */
  readonly leastBytes: number;
}

/**
 * Sinks that take records before their checkpoint is committed, invisibly. What is staged goes there bit by bit, and into
 * the checkpoint's store, so that a checkpoint has no more to write and to publish when much came than when little did.
 * What a sink has been given counts for nothing until it is delivered: everything is kept here until then.
 */
export class PrewritingSinks {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #options: PrewritingOptions;

  /** Of `sinks` those that can. */
  constructor(sinks: readonly { readonly sink: OpenSink; readonly stage: SinkStage }[], options: PrewritingOptions) {
    this.#options = options;
    const able = sinks.filter(({ sink }) => sink.writer.prewrite !== undefined);
    this.#entries = new Map(
      able.map(({ sink, stage }) => [
        sink.sinkId,
        { sink, stage, filling: nothing(), waiting: [], writing: null, begunAt: Number.NEGATIVE_INFINITY, held: false },
      ]),
    );
  }

  /** What is kept of a sink here and in its stage, as bytes that ask for a checkpoint; null: a sink that is not of these. */
  load(sinkId: string): number | null {
    const entry = this.#entries.get(sinkId);
    if (entry === undefined) return null;
    return entry.filling.bytes * prewrittenWeight + entry.stage.stagedBytes + bytesOf(entry.waiting);
  }

  /** Begins to write what is staged for a checkpoint, where there is enough and no write is under way. Never waits. */
  pump(checkpoint: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.held || entry.writing !== null || !this.#isDue(entry)) continue;
      entry.begunAt = this.#options.clock.monotonic();
      entry.writing = this.#writeStaged(entry, checkpoint).finally(() => {
        entry.writing = null;
      });
    }
  }

  #isDue({ stage: { stagedBytes }, begunAt }: Entry): boolean {
    const { clock, leastBytes } = this.#options;
    if (stagedBytes >= leastBytes) return true;
    return stagedBytes >= leastBytes / fewer && clock.monotonic() - begunAt >= whileMs;
  }

  /** All that is staged of a sink for the checkpoint that is cut now; the next one begins. null: a sink that is not of these. */
  take(sinkId: string): PartlyWritten | null {
    const entry = this.#entries.get(sinkId);
    if (entry === undefined) return null;
    const { filling, stage } = entry;
    const { pieces, records } = stage.take();
    const rest = [...entry.waiting, ...pieces];
    entry.filling = nothing();
    entry.waiting = [];
    entry.held = true;
    const staged: Staged = {
      pieces: [...filling.pieces, ...rest],
      records: filling.records + records,
      rest: { from: filling.bytes, pieces: rest },
    };
    const before = Promise.all(filling.storing).then((refs) => refs.flat());
    before.catch(() => {});
    return { staged, before, rest };
  }

  /** Resolves when no write to a sink is under way. */
  async settled(sinkId: string): Promise<void> {
    await this.#entries.get(sinkId)?.writing;
  }

  /** A sink has the checkpoint that was taken last. */
  delivered(sinkId: string): void {
    const entry = this.#entries.get(sinkId);
    if (entry !== undefined) entry.held = false;
  }

  /** Part by part, until nothing is left of what was staged when it began or the checkpoint is cut. */
  async #writeStaged(entry: Entry, checkpoint: number): Promise<void> {
    const { filling } = entry;
    const { pieces, records } = entry.stage.take();
    filling.records += records;
    entry.waiting.push(...pieces);
    while (!entry.held && entry.waiting.length > 0) {
      try {
        await this.#writePart(entry, checkpoint, upTo(entry.waiting, partBytes));
      } catch {
        // Whatever it is, the delivery finds it again, and tells.
        entry.held = true;
      }
    }
  }

  #writePart({ sink, filling }: Entry, checkpoint: number, pieces: readonly Uint8Array[]): Promise<void> {
    const { checkpoints, fencingToken } = this.#options;
    const bytes = bytesOf(pieces);
    const part = { checkpoint, fencingToken, from: filling.bytes, bytes, pieces };
    filling.pieces.push(...pieces);
    filling.bytes += bytes;
    const written = sink.writer.prewrite?.(part) ?? Promise.resolve();
    const stored = checkpoints.store(packPieces(pieces));
    // The checkpoint waits for it, and fails with it.
    stored.catch(() => {});
    filling.storing.push(stored);
    return written;
  }
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** Takes the first pieces off, at least one, until they have so many bytes. */
function upTo(pieces: Uint8Array[], most: number): readonly Uint8Array[] {
  let bytes = 0;
  let count = 0;
  while (count < pieces.length && bytes < most) bytes += pieces[count++].length;
  return pieces.splice(0, count);
}

/** What waits in sinks for a checkpoint, as bytes that ask for one. */
export function stagedLoad(
  sinks: readonly { readonly step: { readonly id: string }; readonly stage: SinkStage }[],
  prewriting: PrewritingSinks | null,
): number {
  return sinks.reduce((sum, { step, stage }) => sum + (prewriting?.load(step.id) ?? stage.stagedBytes), 0);
}

function nothing(): Filling {
  return { pieces: [], bytes: 0, records: 0, storing: [] };
}
