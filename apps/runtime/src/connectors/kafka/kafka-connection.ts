import { ConnectorError } from "@millrace/engine";
import type { SASLOptions } from "kafkajs";
import type { ConnectorHost } from "../connector-host.ts";
import { secretVariable } from "../secret-from-env.ts";

/** How to reach a cluster. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  /** false: not encrypted. PEM texts; without a `ca` the machine's own authorities are trusted. */
  readonly tls: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl: SASLOptions | null;
}

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512", "oauthbearer"] as const;
const mostBrokers = 50;
const form = "kafka://user:password@broker1:9092,broker2:9092?tls=true&sasl=scram-sha-256";

const optionNames: ReadonlySet<string> = new Set(["tls", "sasl", "ca", "cert", "key"]);

/**
 * Reads the connection that the secret of that name holds: `kafka://[user:password@]host:port[,host:port…][?tls=true]
 * [&sasl=plain|scram-sha-256|scram-sha-512|oauthbearer][&ca=NAME][&cert=NAME&key=NAME]`. With `oauthbearer` the password is
 * the token; `ca`, `cert` and `key` name secrets that hold PEM. No other option is possible. Throws a `ConnectorError` that never holds the address.
 */
export function readKafkaConnection(host: ConnectorHost, name: string): KafkaConnection {
  const text = host.secret(name);
  if (text === null) {
    const what = `The connection "${name}" is not known to this runtime.`;
    throw new ConnectorError("CONNECTION_MISSING", `${what} Set ${secretVariable(name)} to ${form}.`, { retryable: false });
  }
  const parts = /^kafka:\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/.exec(text);
  if (parts === null) throw invalid(name, `it has to look like ${form}`);
  const [, login, hosts, query] = parts;
  const brokers = hosts.split(",").map((broker) => broker.trim());
  if (brokers.length > mostBrokers) throw invalid(name, `it lists ${brokers.length} brokers; ${mostBrokers} are enough to find the others`);
  const wrong = brokers.findIndex((broker) => !isBroker(broker));
  if (wrong >= 0) throw invalid(name, `broker ${wrong + 1} is no host with a port`);
  const options = new URLSearchParams(query ?? "");
  for (const option of options.keys())
    if (!optionNames.has(option)) throw invalid(name, `it has no option "${option}", only ${[...optionNames].join(", ")}`);
  return { brokers, tls: readTls(host, name, options), sasl: readSasl(name, login, options.get("sasl")) };
}

function readTls(host: ConnectorHost, name: string, options: URLSearchParams): KafkaConnection["tls"] {
  const tls = options.get("tls") ?? "false";
  if (tls !== "true" && tls !== "false") throw invalid(name, "tls is true or false");
  const files = (["ca", "cert", "key"] as const).flatMap((option) => {
    const secret = options.get(option);
    if (secret === null) return [];
    const pem = host.secret(secret);
    if (pem === null)
      throw invalid(name, `${option} names the secret "${secret}", which is not known: set ${secretVariable(secret)} to the PEM`);
    return [[option, pem] as const];
  });
  if (tls === "false" && files.length > 0) throw invalid(name, `${files[0][0]} needs tls=true`);
  if (options.has("cert") !== options.has("key")) throw invalid(name, "cert and key belong together");
  return tls === "false" ? false : files.length === 0 ? true : Object.fromEntries(files);
}

function readSasl(name: string, login: string | undefined, mechanism: string | null): SASLOptions | null {
  if (login === undefined) {
    if (mechanism !== null) throw invalid(name, `sasl=${mechanism} needs a user and a password`);
    return null;
  }
  const colon = login.indexOf(":");
  const username = decoded(name, colon < 0 ? login : login.slice(0, colon));
  const password = decoded(name, colon < 0 ? "" : login.slice(colon + 1));
  const chosen = mechanisms.find((known) => known === (mechanism ?? "plain"));
  if (chosen === undefined) throw invalid(name, `sasl is one of ${mechanisms.join(", ")}`);
  if (chosen === "oauthbearer") return { mechanism: chosen, oauthBearerProvider: async () => ({ value: password }) };
  return { mechanism: chosen, username, password };
}

function decoded(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(name, "user and password have to be percent-encoded, also the percent sign");
  }
}

function isBroker(broker: string): boolean {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(broker);
  return match !== null && Number(match[2]) >= 1 && Number(match[2]) <= 65_535;
}

function invalid(name: string, what: string): ConnectorError {
  return new ConnectorError("CONNECTION_INVALID", `The connection "${name}" cannot be used for Kafka: ${what}.`, { retryable: false });
}
