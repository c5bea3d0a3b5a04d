import type { ConnectorRegistry, LookupConnector, SourceConnector } from "@millrace/engine";
import type { ConnectorHost } from "./connector-host.ts";
import { createFileSink } from "./file-sink.ts";
import { createFileSource } from "./file-source.ts";
import { createKafkaSink } from "./kafka/kafka-sink.ts";
import { createKafkaSource } from "./kafka/kafka-source.ts";
import { createHttpLookup } from "./lookup/http-lookup.ts";
import { createPostgresLookup } from "./postgres/postgres-lookup.ts";
import { createPostgresSink } from "./postgres/postgres-sink.ts";
import { createRedisFlagsSink } from "./redis/redis-flags-sink.ts";
import { createRedisKeysSink } from "./redis/redis-keys-sink.ts";
import { createRedisLookup } from "./redis/redis-lookup.ts";
import { createAlertInboxSink, createLiveTableSink } from "./redis-rows-sink.ts";
import { createWebhookSink } from "./webhook-sink.ts";

/** All connectors that run in Node, by the names that nodes use. `generators` come from the node packages. */
export function createConnectorRegistry(host: ConnectorHost, generators: ReadonlyMap<string, SourceConnector>): ConnectorRegistry {
  return {
    sources: new Map<string, SourceConnector>([...generators, ["file", createFileSource(host)], ["kafka", createKafkaSource(host)]]),
    sinks: new Map([
      ["file", createFileSink(host)],
      ["kafka", createKafkaSink(host)],
      ["live-table", createLiveTableSink(host)],
      ["alert-inbox", createAlertInboxSink(host)],
      ["postgres", createPostgresSink(host)],
      ["redis-flags", createRedisFlagsSink(host)],
      ["redis-rows", createRedisKeysSink(host)],
      ["webhook", createWebhookSink(host)],
    ]),
    lookups: new Map<string, LookupConnector>([
      ["redis", createRedisLookup(host)],
      ["postgres", createPostgresLookup(host)],
      ["http", createHttpLookup(host)],
    ]),
  };
}
