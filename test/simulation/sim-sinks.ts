import { ConnectorError, type Delivery, FencedError, type SinkConnector, type SinkContext, type SinkWriter } from "@millrace/engine";
import { type CommitMarker, ProducerFenced, type SimBroker } from "./sim-broker.ts";
import type { SimDatabase } from "./sim-database.ts";
import type { SimProcess } from "./sim-process.ts";
import type { SimRedis } from "./sim-redis.ts";

const decoder = new TextDecoder();

export function linesOf({ bytes }: Delivery): readonly string[] {
  return bytes.length === 0 ? [] : decoder.decode(bytes).trimEnd().split("\n");
}

/** The failure of a sink's call as the engine knows it. */
export function sinkError(cause: unknown): ConnectorError | FencedError {
  if (cause instanceof ConnectorError || cause instanceof FencedError) return cause;
  return new ConnectorError("SINK_UNREACHABLE", String(cause), { retryable: true, cause });
}

/** A sink that is one table of a database, with its marker in the same transaction. */
export function createDatabaseSink(database: SimDatabase, process: SimProcess): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open({ sinkId }: SinkContext): Promise<SinkWriter> {
      return {
        delivered: () => guarded(() => process.call("sink.database.marker", () => database.checkpoint(sinkId))),
        deliver: (delivery) =>
          guarded(async () => {
            const { checkpoint, fencingToken } = delivery;
            await process.call(`sink.database.deliver ${checkpoint}`, () =>
              database.insert(sinkId, fencingToken, checkpoint, linesOf(delivery)),
            );
          }),
        async close() {},
      };
    },
  };
}

/** A sink that is a list in Redis, written by one script with its marker. */
export function createRedisSink(redis: SimRedis, process: SimProcess): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open({ sinkId }: SinkContext): Promise<SinkWriter> {
      return {
        delivered: () => guarded(() => process.call("sink.redis.marker", () => redis.rows(sinkId).checkpoint)),
        deliver: (delivery) =>
          guarded(async () => {
            const { checkpoint, fencingToken } = delivery;
            await process.call(`sink.redis.deliver ${checkpoint}`, () =>
              redis.addRows(sinkId, fencingToken, checkpoint, linesOf(delivery)),
            );
          }),
        async close() {},
      };
    },
  };
}

/**
 * A sink that is a topic, written in transactions that carry a marker. After an error that leaves open what happened, the
 * producer is thrown away: the next one of the same transactional id ends its transaction, and only then is the marker read.
 */
export function createTopicSink(broker: SimBroker, process: SimProcess): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open({ sinkId }: SinkContext): Promise<SinkWriter> {
      let epoch: number | null = null;
      /** The marker as of the last time that it was read or written. */
      let held: CommitMarker | null = null;
      const connect = async (): Promise<number> => {
        if (epoch !== null) return epoch;
        epoch = await process.call("sink.topic.initProducer", () => broker.initProducer(sinkId));
        held = await process.call("sink.topic.marker", () => broker.marker(sinkId));
        return epoch;
      };
      const write = async (delivery: Delivery): Promise<void> => {
        const { checkpoint, fencingToken: token } = delivery;
        const own = await connect();
        if (held !== null && held.token > token) throw new FencedError(token, held.token);
        if (held !== null && held.checkpoint >= checkpoint) return;
        await process.call("sink.topic.begin", () => broker.begin(sinkId, own));
        await process.call("sink.topic.produce", () => broker.produce(sinkId, own, linesOf(delivery), { checkpoint, token }));
        await process.call(`sink.topic.deliver ${checkpoint}`, () => broker.commit(sinkId, own));
        held = { checkpoint, token };
      };
      return {
        delivered: () =>
          guarded(async () => {
            epoch = null;
            await connect();
            return held?.checkpoint ?? null;
          }),
        deliver: (delivery) =>
          guarded(() =>
            write(delivery).catch((cause: unknown) => {
              // Whether it was this transaction or not: the next try begins with a producer of its own.
              epoch = null;
              throw cause instanceof ProducerFenced ? new Error(cause.message, { cause }) : cause;
            }),
          ),
        async close() {},
      };
    },
  };
}

async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw sinkError(cause);
  }
}
