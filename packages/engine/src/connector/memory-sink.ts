import { FencedError } from "../checkpoint/checkpoint-store.ts";
import type { JsonObject } from "../types/json-value.ts";
import type { Delivery, SinkConnector, SinkContext } from "./sink-port.ts";

/** What a memory sink has taken, by sink id. */
export interface MemorySink extends SinkConnector {
  /** Committed rows of a sink in order of delivery. */
  rows(sinkId: string): readonly JsonObject[];
  /** All sinks that were opened. */
  readonly sinkIds: readonly string[];
}

/** A transactional sink in memory that keeps what was delivered across runs of the same process. */
export function createMemorySink(): MemorySink {
  const sinks = new Map<string, { rows: JsonObject[]; checkpoint: number | null; token: number }>();
  return {
    guarantee: "exactly-once",
    rows: (sinkId) => sinks.get(sinkId)?.rows ?? [],
    get sinkIds() {
      return [...sinks.keys()];
    },
    async open(context: SinkContext) {
      const sink = sinks.get(context.sinkId) ?? { rows: [], checkpoint: null, token: 0 };
      sinks.set(context.sinkId, sink);
      return {
        delivered: async () => sink.checkpoint,
        async deliver(delivery: Delivery) {
          if (delivery.fencingToken < sink.token) throw new FencedError(delivery.fencingToken, sink.token, "sink");
          sink.token = delivery.fencingToken;
          if (sink.checkpoint !== null && delivery.checkpoint <= sink.checkpoint) return;
          sink.checkpoint = delivery.checkpoint;
          for (const line of new TextDecoder().decode(delivery.bytes).split("\n")) if (line !== "") sink.rows.push(JSON.parse(line));
        },
        async close() {},
      };
    },
  };
}
