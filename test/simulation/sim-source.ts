import type { SourceConnector } from "@millrace/engine";
import { createKafkaSource } from "@millrace/runtime/kafka";
import { connectorHost } from "./sim-host.ts";
import type { SimKafka } from "./sim-kafka.ts";
import { createSimKafkaDriver } from "./sim-kafka-driver.ts";
import type { SimProcess } from "./sim-process.ts";

/** The `file` source over topics of the same names: the real Kafka source, up to what is in them at the start. */
export function createTopicSource(kafka: SimKafka, process: SimProcess, onRead: (records: number) => void): SourceConnector {
  const source = createKafkaSource(connectorHost, () => createSimKafkaDriver(kafka, process, onRead));
  return {
    open(context) {
      const options = { connection: "sim", topics: [String(context.options.path)], start: "earliest", until: "latest" };
      return source.open({ ...context, options });
    },
  };
}
