import { setTimeout as sleepFor } from "node:timers/promises";
import type { SourceChunk, SourceConnector } from "@millrace/engine";

/** A source of a log that goes on for as long as the bench has rounds. */
export interface RoundsSource {
  readonly connector: SourceConnector;
  /** Hands out all pieces; resolves when `isDone` says so. */
  feed(pieces: readonly Uint8Array[], isDone: () => boolean): Promise<void>;
  /** Nothing comes any more: the run ends. */
  end(): void;
}

/**
 * Nothing comes until `feed`. Pieces are lent, as a reader does that reads into shared memory: what it costs to come by the
 * bytes is no part of a round. Positions are the number of pieces.
 */
export function createRoundsSource(): RoundsSource {
  const queue: Uint8Array[] = [];
  let isEnded = false;
  let wake: (() => void) | null = null;
  let given = 0;
  /** Pieces of this round that somebody still reads, or that are to be given yet. */
  let left = 0;
  let finished: (() => void) | null = null;
  const done = (pieces: number): void => {
    left -= pieces;
    if (left === 0) finished?.();
  };
  const tell = (): void => {
    wake?.();
    wake = null;
  };
  return {
    async feed(pieces, isDone) {
      queue.push(...pieces);
      left = pieces.length;
      const read = new Promise<void>((resolve) => {
        finished = resolve;
      });
      tell();
      // Whoever asks more often than that measures the asking.
      await read;
      while (!isDone()) await sleepFor(1);
    },
    end() {
      isEnded = true;
      tell();
    },
    connector: {
      async open({ position, borrows = false }) {
        if (typeof position === "number") given = position;
        return {
          async poll(): Promise<SourceChunk> {
            if (queue.length === 0 && !borrows) done(left);
            if (queue.length === 0 && !isEnded) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
            }
            const bytes = queue.shift();
            if (bytes === undefined) return isEnded ? { kind: "end" } : { kind: "idle" };
            given++;
            return { kind: "bytes", split: "memory", bytes, firstLine: given, isLent: borrows };
          },
          takeBack: () => done(1),
          position: () => given,
          async close() {},
        };
      },
    },
  };
}
