import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { type ISocketFactoryArgs, Kafka, type KafkaConfig, logLevel } from "kafkajs";
import type { EgressPolicy } from "../egress-policy.ts";
import type { KafkaConnection } from "./kafka-connection.ts";

/** Settings of every client of a connection. */
export function clientConfig(connection: KafkaConnection, egress: EgressPolicy): KafkaConfig {
  return {
    clientId: "millrace",
    brokers: [...connection.brokers],
    ssl: connection.tls,
    ...(connection.sasl === null ? {} : { sasl: connection.sasl }),
    connectionTimeout: 5000,
    requestTimeout: 30_000,
    // The run tries again by itself, with its own pauses, and tells what is wrong.
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 2000 },
    logLevel: logLevel.NOTHING,
    socketFactory: (socket) => openSocket(socket, egress),
  };
}

/** A client of a connection. */
export function createClient(connection: KafkaConnection, egress: EgressPolicy): Kafka {
  return new Kafka(clientConfig(connection, egress));
}

/** Connects where the policy allows; a broker that advertises a forbidden address is refused like any other. */
function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs, egress: EgressPolicy) {
  const url = new URL(`https://${host.includes(":") ? `[${host}]` : host}:${port}/`);
  egress.checkUrl(url);
  const options = { host, port, lookup: egress.lookupFor(url) };
  const socket = ssl
    ? connectTls({ ...options, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
    : connectTcp(options, onConnect);
  socket.setKeepAlive(true, 30_000);
  socket.setNoDelay(true);
  return socket;
}
