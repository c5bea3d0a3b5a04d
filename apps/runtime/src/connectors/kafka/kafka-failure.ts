import { ConnectorError } from "@millrace/engine";

/** Protocol errors that another try does not mend, with what to do. */
const lasting: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: "Give the connection's user the right to use the topic.",
  GROUP_AUTHORIZATION_FAILED: "Give the connection's user the right to use the group.",
  CLUSTER_AUTHORIZATION_FAILED: "Give the connection's user the right to write idempotently.",
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: "Give the connection's user the right to use the transactional id.",
  SASL_AUTHENTICATION_FAILED: "Check the connection's user, password and mechanism.",
  INVALID_TOPIC_EXCEPTION: "Check the name of the topic.",
  UNSUPPORTED_FOR_MESSAGE_FORMAT: "The broker is too old.",
};

/** Codes of writers that were replaced by a newer one of the same transactional id. */
const fenced: ReadonlySet<string> = new Set(["INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"]);

/** True when a newer writer of the same transactional id has been opened. */
export function isWriterFenced(cause: unknown): boolean {
  return protocolCodes(cause).some((code) => fenced.has(code));
}

/** Codes after which the same request may work a moment later: a partition has moved, a transaction is just being ended. */
const passing: ReadonlySet<string> = new Set([
  "NOT_LEADER_FOR_PARTITION",
  "LEADER_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "CONCURRENT_TRANSACTIONS",
  "NOT_COORDINATOR_FOR_GROUP",
  "GROUP_LOAD_IN_PROGRESS",
  // Of a batch behind one that has to be sent again.
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
]);

/** True when the same request may work a moment later. */
export function mayPassSoon(cause: unknown): boolean {
  return protocolCodes(cause).some((code) => passing.has(code)) || (cause instanceof Error && cause.name.startsWith("KafkaJSConnection"));
}

/** True when the broker has the batch already. */
export function isDuplicate(cause: unknown): boolean {
  return protocolCodes(cause).includes("DUPLICATE_SEQUENCE_NUMBER");
}

/** True when the broker no longer has the offset that was asked for. */
export function isOutOfRange(cause: unknown): boolean {
  return protocolCodes(cause).includes("OFFSET_OUT_OF_RANGE");
}

/** True when the broker refuses a record for its size alone. */
export function isTooLarge(cause: unknown): boolean {
  return protocolCodes(cause).some((code) => code === "MESSAGE_TOO_LARGE" || code === "RECORD_LIST_TOO_LARGE");
}

/** An error of a client in words; what can pass is retryable. It never echoes what an unknown server sent. */
export function kafkaFailure(cause: unknown, what: string): ConnectorError {
  if (cause instanceof ConnectorError) return cause;
  const [code] = protocolCodes(cause);
  const fix = code === undefined ? undefined : lasting[code];
  if (code !== undefined && fix !== undefined) {
    return new ConnectorError("KAFKA_REFUSED", `${what} was refused (${code}). ${fix}`, { retryable: false, cause });
  }
  const name = cause instanceof Error ? cause.name : "";
  if (name === "KafkaJSSASLAuthenticationError") {
    const message = `${what} was refused: the broker does not accept the connection's user. ${lasting.SASL_AUTHENTICATION_FAILED}`;
    return new ConnectorError("KAFKA_REFUSED", message, { retryable: false, cause });
  }
  const unreachable = name === "KafkaJSConnectionError" || name === "KafkaJSNumberOfRetriesExceeded";
  const reason = code ?? (unreachable ? `it cannot be reached${socketReason(cause)}` : "it failed");
  return new ConnectorError("KAFKA_UNAVAILABLE", `${what} cannot be used just now: ${reason}. It is tried again.`, {
    retryable: true,
    cause,
  });
}

/** The machine's own code for why a socket could not be opened, and what to do about certificates; never what a server sent. */
function socketReason(cause: unknown): string {
  for (let at = cause, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if (!("code" in at) || typeof at.code !== "string" || !/^[A-Z][A-Z_]*$/.test(at.code)) continue;
    const advice =
      at.code.includes("CERT") || at.code.includes("ISSUER") ? "; name the secret with its authority's certificate as ca=…" : "";
    return ` (${at.code}${advice})`;
  }
  return "";
}

/** Names of protocol errors in an error and in what caused it, outermost first. */
function protocolCodes(cause: unknown): string[] {
  const codes: string[] = [];
  for (let at = cause, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if ("type" in at && typeof at.type === "string") codes.push(at.type);
    if (at instanceof ConnectorError && at.code === "OFFSET_OUT_OF_RANGE") codes.push(at.code);
  }
  return codes;
}
