import type { Clock } from "@millrace/engine";
import type { RuntimeRequest } from "@millrace/protocol";
import type { ConnectorHost } from "./connector-host.ts";
import { openKafkajs } from "./kafka/open-driver.ts";
import { SchemaRegistry } from "./kafka/schema/schema-registry.ts";
import { connectPostgres } from "./postgres/postgres-connection.ts";
import { connectRedisService } from "./redis/redis-connection.ts";

type Service = Extract<RuntimeRequest, { readonly kind: "connection-test" }>["service"];

/** Connects to what a connection leads to; what is there, in words. Rejects with a `ConnectorError` that holds neither address nor password. */
export async function probeConnection(host: ConnectorHost, service: Service, name: string, clock: Clock): Promise<string> {
  switch (service) {
    case "kafka": {
      const driver = openKafkajs(host, name);
      try {
        const [brokers, topics] = [await driver.countBrokers(), await driver.listTopics()];
        return `${counted(brokers, "broker")}, ${counted(topics.length, "topic")}`;
      } finally {
        await driver.close();
      }
    }
    case "postgresql": {
      const connection = await connectPostgres(host, name);
      try {
        const { rows } = await connection.client.query<{ server_version: string }>("SHOW server_version");
        return `PostgreSQL ${rows[0]?.server_version ?? ""}`;
      } finally {
        await connection.close();
      }
    }
    case "redis": {
      const client = await connectRedisService(host, name);
      try {
        return `Redis, ${counted(await client.dbsize(), "key")}`;
      } finally {
        client.disconnect();
      }
    }
    case "schema-registry": {
      const registry = new SchemaRegistry(host, name, clock);
      try {
        return counted(await registry.countSubjects(), "subject");
      } finally {
        registry.close();
      }
    }
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
