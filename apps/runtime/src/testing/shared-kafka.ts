import { startTestKafka, type TestKafka } from "@millrace/scripts/test-kafka";
import { afterAll, beforeAll } from "vitest";
import { createEgressPolicy } from "../connectors/egress-policy.ts";
import type { KafkaDriver, OutgoingRecord } from "../connectors/kafka/kafka-driver.ts";
import { createKafkajsDriver } from "../connectors/kafka/kafkajs-driver.ts";
import { createRecordingHost, type RecordingHost } from "./connector-host.ts";

export { kafkaIsMissing } from "@millrace/scripts/test-kafka";

/** A Kafka that several suites of tests share. */
export interface SharedKafka {
  readonly server: TestKafka;
  readonly driver: KafkaDriver;
  /** A name of a topic, or of anything else, that nobody has used. */
  fresh(): string;
  /** A host whose connection `cluster` leads there. */
  host(): RecordingHost;
  write(records: readonly Partial<OutgoingRecord>[]): Promise<void>;
  /** Committed values of a topic, in order within each partition. */
  read(topic: string): Promise<(string | null)[]>;
}

/** Starts the broker before the tests of the suite that calls it, and ends it after them. */
export function sharedKafka(): SharedKafka {
  let server: TestKafka;
  let driver: KafkaDriver;
  let names = 0;
  beforeAll(async () => {
    server = await startTestKafka();
    driver = createKafkajsDriver({ brokers: server.brokers.split(","), tls: false, sasl: null }, createEgressPolicy("127.0.0.0/8"));
  }, 120_000);
  afterAll(async () => {
    await driver.close();
    await server.stop();
  });
  return {
    get server() {
      return server;
    },
    get driver() {
      return driver;
    },
    fresh: () => `millrace-test-${process.pid}-${Date.now()}-${names++}`,
    host: () => createRecordingHost("/", { secret: (name) => (name === "cluster" ? `kafka://${server.brokers}` : null) }),
    async write(records) {
      const writer = await driver.openWriter({ transactionalId: null, compression: "none" });
      try {
        await writer.send(records.map((record) => ({ topic: "", partition: null, key: null, value: null, headers: {}, ...record })));
      } finally {
        await writer.close();
      }
    },
    read: (topic) => readAll(driver, topic),
  };
}

async function readAll(driver: KafkaDriver, topic: string): Promise<(string | null)[]> {
  const reader = await driver.openReader({ readCommitted: true });
  const ends = await driver.offsets(topic, "latest");
  reader.assign([...ends.keys()].map((partition) => ({ topic, partition, offset: 0 })));
  const left = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition));
  const values: (string | null)[] = [];
  while (left.size > 0) {
    for (const { partition, records, nextOffset } of await reader.fetch(100)) {
      values.push(...records.map(({ value }) => (value === null ? null : new TextDecoder().decode(value))));
      if (nextOffset >= (ends.get(partition) ?? 0)) left.delete(partition);
    }
  }
  await reader.close();
  return values;
}
