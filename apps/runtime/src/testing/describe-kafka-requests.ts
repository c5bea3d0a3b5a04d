import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { createEgressPolicy } from "../connectors/egress-policy.ts";
import { listConnections, testConnection } from "../requests/connection-request.ts";
import { sampleSource } from "../requests/source-sample.ts";
import type { SharedKafka } from "./shared-kafka.ts";

/** What the editor is told about a broker. */
export function describeKafkaRequests(kafka: SharedKafka): void {
  // Answers about Kafka ask nothing of it.
  const redis = new Redis({ lazyConnect: true });
  const secretNames = (schemes: readonly string[]) => (schemes.includes("kafka") ? ["cluster"] : []);
  const line = (value: string): Uint8Array => new TextEncoder().encode(value);
  const tested = (connection: string, host = kafka.host()) =>
    testConnection({ kind: "connection-test", service: "kafka", connection }, { redis, host, secretNames });

  test("a connection that works says what is there", async () => {
    await kafka.driver.ensureTopic(kafka.fresh(), { partitions: 1, compacted: false });
    expect(await tested("cluster")).toEqual({ found: expect.stringMatching(/^1 broker, \d+ topics?$/) });
  });

  test("the connections that the runtime knows are told by name", async () => {
    const context = { redis, host: kafka.host(), secretNames };
    expect(await listConnections({ kind: "connection-list", service: "kafka" }, context)).toEqual({ names: ["cluster"] });
    expect(await listConnections({ kind: "connection-list", service: "redis" }, context)).toEqual({ names: [] });
  });

  test("a connection that nobody knows, one that is none and one that is denied are told, without the address", async () => {
    await expect(tested("nowhere")).rejects.toMatchObject({ code: "CONNECTION_MISSING" });
    const secret = () => "kafka://user:hidden@broker";
    await expect(tested("cluster", { ...kafka.host(), secret })).rejects.toSatisfy(
      (cause: Error) => !cause.message.includes("hidden") && cause.message.includes("host with a port"),
    );
    await expect(tested("cluster", { ...kafka.host(), egress: createEgressPolicy("") })).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  });

  test("a sample holds the newest records of each partition, and why others cannot be read", async () => {
    const topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions: 2, compacted: false });
    await kafka.write(Array.from({ length: 200 }, (_, i) => ({ topic, partition: i % 2, value: i === 199 ? null : line(`{"n":${i}}`) })));
    const options = { connection: "cluster", topics: [topic], start: "earliest", format: "json" };
    const { lines, problems } = await sampleSource(
      { kind: "source-sample", connector: "kafka", options },
      { redis, host: kafka.host(), secretNames },
    );
    const numbers = lines.map((text) => JSON.parse(text).n).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 99 }, (_, i) => 100 + i));
    expect(problems).toEqual(["it has no value (a tombstone)"]);
  });

  test("an empty topic has an empty sample; a connector that is not there is told", async () => {
    const topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions: 1, compacted: false });
    const context = { redis, host: kafka.host(), secretNames };
    const options = { connection: "cluster", topics: [topic], start: "latest", format: "json" };
    expect(await sampleSource({ kind: "source-sample", connector: "kafka", options }, context)).toEqual({ lines: [], problems: [] });
    await expect(sampleSource({ kind: "source-sample", connector: "pulsar", options }, context)).rejects.toMatchObject({
      code: "CONNECTOR_UNKNOWN",
    });
  });
}
