import { describe } from "vitest";
import { describeKafkaRequests } from "../../testing/describe-kafka-requests.ts";
import { describeKafkaSecurity } from "../../testing/describe-kafka-security.ts";
import { describeKafkaSink } from "../../testing/describe-kafka-sink.ts";
import { describeKafkaSource } from "../../testing/describe-kafka-source.ts";
import { describeKafkaDriver } from "../../testing/kafka-driver-conformance.ts";
import { kafkaIsMissing, sharedKafka } from "../../testing/shared-kafka.ts";

const missing = kafkaIsMissing();
if (missing !== null) console.warn(`SKIPPED: Kafka, because ${missing}`);

describe.skipIf(missing !== null)("Kafka", () => {
  const kafka = sharedKafka();
  describe("kafkajs as the driver", () => describeKafkaDriver(() => kafka.driver, kafka.fresh));
  describe("a sink", () => describeKafkaSink(kafka));
  describe("a source", () => describeKafkaSource(kafka));
  describe("a connection", () => describeKafkaSecurity(kafka));
  describe("answers to the editor", () => describeKafkaRequests(kafka));
});
