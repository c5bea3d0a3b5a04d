import { ConnectorError } from "@millrace/engine";
import { Client, type ClientConfig } from "pg";
import { checkedAddress } from "../checked-address.ts";
import type { ConnectorHost } from "../connector-host.ts";
import { secretVariable } from "../secret-from-env.ts";
import { postgresFailure } from "./postgres-failure.ts";

const connectTimeoutMs = 10_000;

/** An open connection that knows whether it can still be used. */
export interface PostgresConnection {
  readonly client: Client;
  readonly broken: boolean;
  close(): Promise<void>;
}

/**
 * Connects to the server whose address, `postgresql://user:password@host:port/database?sslmode=…`, is the secret of
 * that name. `sslmode`: `disable`, `require` and `verify-full` (both check the certificate), `no-verify`. Rejects with
 * a `ConnectorError` that never holds the address.
 */
export async function connectPostgres(host: ConnectorHost, connection: string): Promise<PostgresConnection> {
  const config = await clientConfig(host, connection);
  const client = new Client(config);
  let broken = false;
  client.on("error", () => {
    broken = true;
  });
  client.on("end", () => {
    broken = true;
  });
  try {
    await client.connect();
  } catch (cause) {
    await client.end().catch(() => {});
    throw postgresFailure(cause, `PostgreSQL of the connection "${connection}"`);
  }
  return {
    client,
    get broken() {
      return broken;
    },
    close: () => client.end().catch(() => {}),
  };
}

async function clientConfig(host: ConnectorHost, connection: string): Promise<ClientConfig> {
  const url = addressOf(host, connection);
  const port = url.port === "" ? 5432 : Number(url.port);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const address = await checkedAddress(name, port, host.egress);
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    host: address,
    port,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...(database === "" ? {} : { database }),
    ssl: sslOf(url.searchParams.get("sslmode") ?? "disable", name, connection),
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: "millrace",
  };
}

function addressOf(host: ConnectorHost, connection: string): URL {
  const text = host.secret(connection);
  if (text === null) {
    const what = `The connection "${connection}" is not known to this runtime.`;
    const how = `Set ${secretVariable(connection)} to postgresql://user:password@host:5432/database.`;
    throw new ConnectorError("CONNECTION_MISSING", `${what} ${how}`, { retryable: false });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === "postgres:" || url.protocol === "postgresql:") && url.hostname !== "") return url;
  const how = "It has to look like postgresql://user:password@host:5432/database.";
  throw new ConnectorError("CONNECTION_INVALID", `The connection "${connection}" is no address of PostgreSQL. ${how}`, {
    retryable: false,
  });
}

function sslOf(mode: string, servername: string, connection: string): ClientConfig["ssl"] {
  switch (mode) {
    case "disable":
      return false;
    case "require":
    case "verify-full":
      return { servername, rejectUnauthorized: true };
    case "no-verify":
      return { servername, rejectUnauthorized: false };
  }
  const choices = "disable, require, verify-full and no-verify";
  const what = `The connection "${connection}" has the sslmode "${mode}"; possible are ${choices}.`;
  throw new ConnectorError("CONNECTION_INVALID", what, { retryable: false });
}
