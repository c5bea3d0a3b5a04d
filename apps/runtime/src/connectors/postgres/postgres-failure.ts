import { ConnectorError } from "@millrace/engine";

/** Classes of SQLSTATE that pass by themselves: lost connections, conflicts, exhausted resources, restarts, I/O. */
const passing = new Set(["08", "40", "53", "57", "58"]);

/** The SQLSTATE of an error of the server; null when it is not one. */
export function sqlState(cause: unknown): string | null {
  if (!(cause instanceof Error) || !("code" in cause)) return null;
  return typeof cause.code === "string" && /^[0-9A-Z]{5}$/.test(cause.code) ? cause.code : null;
}

/** True when the server refuses the data itself (data exceptions, constraints), not the statement or the moment. */
export function isDataRefused(cause: unknown): boolean {
  const state = sqlState(cause);
  return state !== null && (state.startsWith("22") || state.startsWith("23"));
}

/** An error of `pg` in words; what can pass by itself is retryable. */
export function postgresFailure(cause: unknown, what: string): ConnectorError {
  if (cause instanceof ConnectorError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const state = sqlState(cause);
  if (state === null || passing.has(state.slice(0, 2))) {
    const message = `${what} cannot be used just now: ${reason}. It is tried again.`;
    return new ConnectorError("POSTGRES_UNAVAILABLE", message, { retryable: true, cause });
  }
  return new ConnectorError("POSTGRES_REFUSED", `${what} refused: ${reason} (SQLSTATE ${state}).`, { retryable: false, cause });
}
