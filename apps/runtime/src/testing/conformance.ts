/// <reference path="../connectors/kafka/kafkajs-internals.d.ts" />

/** What every implementation of a port must do, as tests: for those that are elsewhere. */

export { describeCheckpointStore, type OpenStore } from "./checkpoint-store-conformance.ts";
export { describeKafkaDriver } from "./kafka-driver-conformance.ts";
export { describePrewritingSink, describeTransactionalSink, type SinkUnderTest } from "./sink-conformance.ts";
