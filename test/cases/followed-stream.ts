import type { Clock, SourceChunk, SourceConnector } from "@millrace/engine";
import { RandomSource } from "@millrace/engine/testing";

/** Files that others still write: what is in them comes in pieces, with pauses, and they never end. */
export interface FollowedFiles {
  readonly source: SourceConnector;
  /** Whether something follows, and all that do have read everything. */
  caughtUp(): boolean;
}

const mostLines = 12;
const pauseMs = 40;

/** The `file` source over files that grow in steps of a seed. */
export function followFiles(lines: (path: string) => readonly string[], clock: Clock, seed: number): FollowedFiles {
  const random = new RandomSource(seed);
  const left = new Map<string, number>();
  const source: SourceConnector = {
    async open({ options }) {
      const path = String(options.path);
      const all = lines(path);
      let at = 0;
      left.set(path, all.length);
      return {
        async poll(): Promise<SourceChunk> {
          if (at >= all.length || random.chance(0.3)) {
            await clock.sleep(pauseMs);
            return { kind: "idle" };
          }
          const part = all.slice(at, at + 1 + random.below(mostLines));
          const firstLine = at + 1;
          at += part.length;
          left.set(path, all.length - at);
          return { kind: "bytes", split: "file", bytes: new TextEncoder().encode(`${part.join("\n")}\n`), firstLine };
        },
        position: () => at,
        async close() {},
      };
    },
  };
  return { source, caughtUp: () => left.size > 0 && [...left.values()].every((count) => count === 0) };
}

/** A clock that runs ahead by what is slept; each sleep gives everybody else a turn first. */
export function createYieldingClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    monotonic: () => now,
    async sleep(ms) {
      await new Promise((resolve) => setImmediate(resolve));
      now += Math.max(0, ms);
    },
  };
}
