import type { ConnectorHost } from "../connector-host.ts";
import { readKafkaConnection } from "./kafka-connection.ts";
import type { KafkaDriver } from "./kafka-driver.ts";
import { createKafkajsDriver } from "./kafkajs-driver.ts";

/** Opens the driver of a connection by its name; a test may give another. Throws a `ConnectorError` when there is no such connection. */
export type OpenDriver = (host: ConnectorHost, connection: string) => KafkaDriver;

/** The default driver. */
export const openKafkajs: OpenDriver = (host, connection) => createKafkajsDriver(readKafkaConnection(host, connection), host.egress);
