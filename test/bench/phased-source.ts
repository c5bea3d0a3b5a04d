import type { Batch, SourceChunk, SourceConnector } from "@millrace/engine";

/** A source that hands out batches when it is told to, and waits otherwise. */
export interface PhasedSource {
  readonly connector: SourceConnector;
  /** Resolves when the batches have been taken and the next poll has come, so that all are worked through. */
  feed(batches: Iterable<Batch>): Promise<void>;
}

/** Nothing comes until `feed`. Positions are the number of batches. */
export function createPhasedSource(): PhasedSource {
  let batches: Iterator<Batch> | null = null;
  let done: (() => void) | null = null;
  let given = 0;
  return {
    feed: (next) =>
      new Promise((resolve) => {
        batches = next[Symbol.iterator]();
        done = resolve;
      }),
    connector: {
      async open(context) {
        if (typeof context.position === "number") given = context.position;
        return {
          async poll(): Promise<SourceChunk> {
            const next = batches?.next();
            if (next === undefined || next.done === true) {
              batches = null;
              done?.();
              done = null;
              await new Promise((resolve) => setTimeout(resolve, 1));
              return { kind: "idle" };
            }
            given++;
            return { kind: "batch", split: "bench", batch: next.value, deadLetters: [] };
          },
          position: () => given,
          async close() {},
        };
      },
    },
  };
}
