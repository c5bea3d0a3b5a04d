import { ConnectorError, type SourceChunk, type SourceConnector } from "@millrace/engine";
import type { FeedEvent } from "./random-feed.ts";
import type { StillClock } from "./still-clock.ts";

/** How a run is fed. */
export interface Feeding {
  readonly feeds: Readonly<Record<string, readonly FeedEvent[]>>;
  readonly rowsPerChunk: number;
  readonly clock: StillClock;
  /** Asked before every poll: true makes the source fail, as if the process had died. */
  crash(): boolean;
  /** What the engine takes for the failure of a source; default: of this engine. */
  readonly Failure?: typeof ConnectorError;
}

/** Longer than the idle timeout of random pipelines and than the ticks of a run. */
const gapMs = 5000;

/** The `file` source over feeds in memory; lines of one split that follow one another come as chunks. */
export function createFeedSource(feeding: Feeding): SourceConnector {
  return {
    async open({ options, position }) {
      const events = feeding.feeds[String(options.path)] ?? [];
      let at = typeof position === "number" ? position : 0;
      return {
        async poll(): Promise<SourceChunk> {
          if (feeding.crash()) throw new (feeding.Failure ?? ConnectorError)("CRASH", "the source was told to fail", { retryable: true });
          if (at >= events.length) return { kind: "end" };
          const first = events[at];
          if (first.kind === "gap") {
            at++;
            feeding.clock.advance(gapMs);
            return { kind: "idle" };
          }
          const firstLine = at + 1;
          const lines: string[] = [];
          for (
            let event = events[at];
            lines.length < feeding.rowsPerChunk && event?.kind === "line" && event.split === first.split;
            event = events[at]
          ) {
            lines.push(event.text);
            at++;
          }
          return { kind: "bytes", split: first.split, bytes: new TextEncoder().encode(`${lines.join("\n")}\n`), firstLine };
        },
        position: () => at,
        async close() {},
      };
    },
  };
}
