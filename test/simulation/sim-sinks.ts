import { ConnectorError, type Delivery, FencedError, type SinkConnector, type SinkContext, type SinkWriter } from "@millrace/engine";
import { createKafkaSink, type KafkaDriver } from "@millrace/runtime/kafka";
import type { SimDatabase } from "./sim-database.ts";
import { connectorHost } from "./sim-host.ts";
import type { SimKafka } from "./sim-kafka.ts";
import { createSimKafkaDriver } from "./sim-kafka-driver.ts";
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

/** The real Kafka sink, over the driver of a process, or over what is made of it. */
export function createTopicSink(
  kafka: SimKafka,
  process: SimProcess,
  over: (driver: KafkaDriver) => KafkaDriver = (driver) => driver,
): SinkConnector {
  const sink = createKafkaSink(connectorHost, () => over(createSimKafkaDriver(kafka, process)));
  return {
    ...sink,
    open: (context) => sink.open({ ...context, options: { connection: "sim", topic: topicOf(context.sinkId), createPartitions: 1 } }),
  };
}

/** The topic that a sink writes. */
export function topicOf(sinkId: string): string {
  return sinkId.replace(":", "-");
}

async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw sinkError(cause);
  }
}
