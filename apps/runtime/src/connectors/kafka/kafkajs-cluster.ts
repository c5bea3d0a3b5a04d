import { logLevel } from "kafkajs";
import Cluster from "kafkajs/src/cluster/index.js";
import { createLogger } from "kafkajs/src/loggers/index.js";
import type { EgressPolicy } from "../egress-policy.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { clientConfig } from "./kafkajs-client.ts";

const metadataMaxAgeMs = 30_000;

/** Connections of kafkajs below its consumer and its admin client; not connected yet. */
export function createCluster(connection: KafkaConnection, egress: EgressPolicy, options: { readonly readCommitted: boolean }): Cluster {
  const { logLevel: _level, ...config } = clientConfig(connection, egress);
  return new Cluster({
    ...config,
    logger: silentLogger(),
    isolationLevel: options.readCommitted ? 1 : 0,
    allowAutoTopicCreation: false,
    metadataMaxAge: metadataMaxAgeMs,
    enforceRequestTimeout: true,
  });
}

/** Says nothing: what goes wrong is told by who asked. */
export function silentLogger(): unknown {
  return createLogger({ level: logLevel.NOTHING, logCreator: () => () => {} });
}
