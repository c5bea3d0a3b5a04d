import { ConnectorError } from "@millrace/engine";
import { Redis } from "ioredis";
import { checkedAddress } from "../checked-address.ts";
import type { ConnectorHost } from "../connector-host.ts";
import { secretVariable } from "../secret-from-env.ts";

const connectTimeoutMs = 10_000;

/**
 * Connects once to the Redis whose address, `redis://user:password@host:port/db` or `rediss://…` for TLS, is the secret of
 * that name. It does not connect again by itself: its owner asks for a new one. Rejects with a `ConnectorError` that
 * never holds the address.
 */
export async function connectRedisService(host: ConnectorHost, connection: string): Promise<Redis> {
  const url = addressOf(host, connection);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? 6379 : Number(url.port);
  const address = await checkedAddress(name, port, host.egress);
  const db = Number(url.pathname.slice(1) || "0");
  const redis = new Redis({
    host: address,
    port,
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(Number.isInteger(db) ? { db } : {}),
    ...(url.protocol === "rediss:" ? { tls: { servername: name } } : {}),
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectionName: "millrace-pipeline",
  });
  let reason = "no answer";
  redis.on("error", (error: Error & { readonly code?: string }) => {
    reason = error.code ?? error.message;
  });
  try {
    await redis.connect();
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw redisUnavailable(connection, reason, cause);
  }
}

/** A failure that can pass by itself; without a connection, of Millrace's own Redis. */
export function redisUnavailable(connection: string | null, reason: string, cause: unknown): ConnectorError {
  const which = connection === null ? "The Redis that Millrace runs on" : `Redis of the connection "${connection}"`;
  const message = `${which} cannot be used just now: ${reason}. It is tried again.`;
  return new ConnectorError("REDIS_UNAVAILABLE", message, { retryable: true, cause });
}

function addressOf(host: ConnectorHost, connection: string): URL {
  const text = host.secret(connection);
  if (text === null) {
    const what = `The connection "${connection}" is not known to this runtime.`;
    const how = `Set ${secretVariable(connection)} to redis://user:password@host:6379.`;
    throw new ConnectorError("CONNECTION_MISSING", `${what} ${how}`, { retryable: false });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === "redis:" || url.protocol === "rediss:") && url.hostname !== "") return url;
  const how = "It has to look like redis://user:password@host:6379.";
  throw new ConnectorError("CONNECTION_INVALID", `The connection "${connection}" is no address of Redis. ${how}`, { retryable: false });
}
