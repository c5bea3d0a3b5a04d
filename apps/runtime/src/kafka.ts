/// <reference path="./connectors/kafka/kafkajs-internals.d.ts" />

/** Kafka below and above its driver port: for those that bring a driver of their own. */

export { type CommitMarker, commitTopic } from "./connectors/kafka/commit-markers.ts";
export type {
  FetchedRecords,
  KafkaDriver,
  KafkaReader,
  KafkaRecord,
  KafkaWriter,
  Outgoing,
  OutgoingRecord,
  TopicPartition,
} from "./connectors/kafka/kafka-driver.ts";
export { createKafkaSink } from "./connectors/kafka/kafka-sink.ts";
export { createKafkaSource } from "./connectors/kafka/kafka-source.ts";
export { openKafkajs } from "./connectors/kafka/open-driver.ts";
export { eachRecord } from "./connectors/kafka/outgoing-records.ts";
export { createRecordingHost } from "./testing/connector-host.ts";
