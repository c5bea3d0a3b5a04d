import { ConnectorError, type JsonValue, type LookupKey } from "@millrace/engine";

/** The texts around the holes of a template, as the node wrote them into the options. */
export function templateParts(parts: JsonValue | undefined): readonly string[] {
  if (Array.isArray(parts) && parts.length > 0 && parts.every((part) => typeof part === "string")) return parts;
  throw new ConnectorError("OPTION_INVALID", "The template of the lookup is no list of texts.", { retryable: false });
}

/** The texts with the values of a key between them, each as `write` makes it. */
export function fillTemplate(parts: readonly string[], key: LookupKey, write: (value: string) => string): string {
  return parts.map((part, i) => (i < key.length ? part + write(String(key[i])) : part)).join("");
}
