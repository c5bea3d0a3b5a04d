import { afterAll, beforeAll, describe } from "vitest";
import { describeKafkaDriver } from "../../testing/kafka-driver-conformance.ts";
import { kafkaIsMissing, startTestKafka, type TestKafka } from "../../testing/kafka-server.ts";
import { createEgressPolicy } from "../egress-policy.ts";
import type { KafkaDriver } from "./kafka-driver.ts";
import { createKafkajsDriver } from "./kafkajs-driver.ts";

const missing = kafkaIsMissing();
if (missing !== null) console.warn(`SKIPPED: Kafka, because ${missing}`);

describe.skipIf(missing !== null)("kafkajs", () => {
  let kafka: TestKafka;
  let driver: KafkaDriver;
  let topics = 0;
  beforeAll(async () => {
    kafka = await startTestKafka();
    driver = createKafkajsDriver({ brokers: kafka.brokers.split(","), tls: false, sasl: null }, createEgressPolicy("127.0.0.0/8"));
  }, 120_000);
  afterAll(async () => {
    await driver.close();
    await kafka.stop();
  });
  describeKafkaDriver(
    () => driver,
    () => `millrace-test-${process.pid}-${Date.now()}-${topics++}`,
  );
});
