import { ConnectorError } from "@millrace/engine";
import type { EgressPolicy } from "./egress-policy.ts";

/**
 * The address to connect to for a server that speaks no HTTP: resolved once and judged by the egress policy, so that
 * the name cannot lead elsewhere between the check and the connection. Rejects with `EGRESS_DENIED` or `HOST_UNKNOWN`.
 */
export function checkedAddress(host: string, port: number, egress: EgressPolicy): Promise<string> {
  const url = new URL(`https://${host.includes(":") ? `[${host}]` : host}:${port}/`);
  egress.checkUrl(url);
  return new Promise((resolve, reject) => {
    egress.lookupFor(url)(url.hostname.replace(/^\[|\]$/g, ""), { all: false }, (cause, address) => {
      if (cause === null && typeof address === "string") resolve(address);
      else reject(cause instanceof ConnectorError ? cause : hostUnknown(host, cause));
    });
  });
}

function hostUnknown(host: string, cause: unknown): ConnectorError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new ConnectorError("HOST_UNKNOWN", `The host ${host} cannot be found (${code}). Check its name.`, { retryable: true, cause });
}
