import type { Delivery, SinkConnector, SinkContext } from "@millrace/engine";

/** A transactional sink in memory that keeps the lines that it was given, by sink id. */
export interface LineSink extends SinkConnector {
  lines(): ReadonlyMap<string, readonly string[]>;
}

export function createLineSink(): LineSink {
  const sinks = new Map<string, { readonly lines: string[]; checkpoint: number | null }>();
  const decoder = new TextDecoder();
  return {
    guarantee: "exactly-once",
    lines: () => new Map([...sinks].map(([id, { lines }]) => [id, lines])),
    async open({ sinkId }: SinkContext) {
      const sink = sinks.get(sinkId) ?? { lines: [], checkpoint: null };
      sinks.set(sinkId, sink);
      return {
        delivered: async () => sink.checkpoint,
        async deliver({ checkpoint, bytes }: Delivery) {
          if (sink.checkpoint !== null && checkpoint <= sink.checkpoint) return;
          sink.checkpoint = checkpoint;
          if (bytes.length > 0) sink.lines.push(...decoder.decode(bytes).trimEnd().split("\n"));
        },
        async close() {},
      };
    },
  };
}
