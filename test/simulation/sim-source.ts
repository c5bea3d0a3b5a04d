import type { SourceChunk, SourceConnector } from "@millrace/engine";
import { type SimProcess, Unclear } from "./sim-process.ts";

export interface TopicReading {
  readonly topics: ReadonlyMap<string, readonly string[]>;
  readonly process: SimProcess;
  /** Told of what reached the process. */
  onRead(records: number): void;
}

const mostLines = 6;
const pauseMs = 90;
const retryMs = 40;

/** The `file` source over topics of one partition; a topic is bounded by what is in it at the start. */
export function createTopicSource({ topics, process, onRead }: TopicReading): SourceConnector {
  return {
    async open({ options, position, clock }) {
      const topic = String(options.path);
      const lines = topics.get(topic) ?? [];
      let at = typeof position === "number" ? position : 0;
      const fetch = async (): Promise<readonly string[]> => {
        for (;;) {
          try {
            return await process.call(`source.poll ${topic}`, () => lines.slice(at, at + mostLines));
          } catch (cause) {
            if (!(cause instanceof Unclear)) throw cause;
            await clock.sleep(retryMs);
          }
        }
      };
      return {
        async poll(): Promise<SourceChunk> {
          await clock.sleep(pauseMs);
          const part = await fetch();
          if (part.length === 0) return { kind: "end" };
          onRead(part.length);
          const firstLine = at + 1;
          at += part.length;
          return { kind: "bytes", split: "0", bytes: new TextEncoder().encode(`${part.join("\n")}\n`), firstLine };
        },
        position: () => at,
        async close() {},
      };
    },
  };
}
