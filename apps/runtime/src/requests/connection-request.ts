import { ConnectorError } from "@millrace/engine";
import type { RuntimeAnswer, RuntimeRequest } from "@millrace/protocol";
import { systemClock } from "../system-clock.ts";
import type { RequestContext } from "./request-context.ts";
import { RequestRefused } from "./request-refused.ts";

/** Whoever asks waits fifteen seconds. */
const timeoutMs = 12_000;

/** Whether a connection works, and what is there. */
export async function testConnection(
  { service, connection }: Extract<RuntimeRequest, { readonly kind: "connection-test" }>,
  { host }: RequestContext,
): Promise<RuntimeAnswer<"connection-test">> {
  // Clients are loaded when they are first needed: a runtime that starts should not wait for them.
  const { probeConnection } = await import("../connectors/probe-connection.ts");
  return { found: await inTime(probeConnection(host, service, connection, systemClock), `The connection "${connection}"`) };
}

/** With which schemes addresses of a service begin. */
const schemes = {
  kafka: ["kafka"],
  postgresql: ["postgres", "postgresql"],
  redis: ["redis", "rediss"],
  "schema-registry": ["http", "https"],
} as const;

/** Names of the connections to a service that this runtime knows. */
export async function listConnections(
  { service }: Extract<RuntimeRequest, { readonly kind: "connection-list" }>,
  { secretNames }: RequestContext,
): Promise<RuntimeAnswer<"connection-list">> {
  return { names: [...secretNames(schemes[service])] };
}

/** What `work` brings, or a refusal in words: of the connector, or because it takes too long. */
export async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const timeout = setTimeout(() => {
    timer.reject(new RequestRefused("CONNECTION_TIMEOUT", `${what} has not answered within ${timeoutMs / 1000} s.`));
  }, timeoutMs);
  try {
    return await Promise.race([work, timer.promise]);
  } catch (cause) {
    if (cause instanceof ConnectorError) throw new RequestRefused(cause.code, cause.message);
    throw cause;
  } finally {
    clearTimeout(timeout);
    work.catch(() => {});
  }
}
