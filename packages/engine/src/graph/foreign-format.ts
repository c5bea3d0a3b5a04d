import { importReasons } from "../diagnostics/import-reasons.ts";
import type { JsonValue } from "../types/json-value.ts";

const fileMarks: readonly (readonly [RegExp, string])[] = [
  [/^PK\x03\x04/, "a zip archive"],
  [/^[\x89\ufffd]PNG/, "a PNG image"],
  [/^\x1f[\x8b\ufffd]/, "a gzip archive"],
  [/^%PDF-/, "a PDF document"],
  [/^(?:GIF8|\ufffd\ufffd\ufffd\ufffd.{2}JFIF)/, "an image"],
  [/^.{0,200}\0/s, "binary data or UTF-16 text"],
];

const textMarks: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(?:!doctype|html|\?xml|[a-z])/i, "HTML or XML"],
  [/^\s*(?:---\s|#[^\n]*\n|%YAML|[A-Za-z_][\w-]*:(?:\s|$))/, "YAML"],
  [/^[^\n{}[\]]*,[^\n{}[\]]*(?:\r?\n|$)/, "CSV"],
];

/** Why a text holds nothing, or not text at all, as the end of an `IMPORT_INVALID`; null when it may be JSON. */
export function recogniseForeignFile(text: string): string | null {
  if (/^[\ufeff\s]*$/.test(text)) return importReasons.empty();
  for (const [mark, what] of fileMarks) if (mark.test(text)) return importReasons.binary({ what });
  return null;
}

/** What a text that is not JSON looks like, as the end of an `IMPORT_INVALID`; null when it looks like broken JSON. */
export function recogniseForeignText(text: string): string | null {
  for (const [mark, what] of textMarks) if (mark.test(text)) return importReasons.notJson({ what });
  return null;
}

/** Why a JSON value is another tool's export, or no document at all; null when it may be a pipeline. */
export function recogniseForeignJson(value: JsonValue): string | null {
  if (isNodeRed(value)) return importReasons.nodeRed();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return importReasons.document({ found: value });
  if (has(value, "nodes") && has(value, "connections") && !has(value, "pipeline")) return importReasons.n8n();
  return null;
}

function isNodeRed(value: JsonValue): boolean {
  if (!Array.isArray(value)) {
    // Node-RED's admin API wraps the list: `{"rev": …, "flows": […]}`.
    return has(value, "flows") && !has(value, "pipeline") && isNodeRed((value as { readonly flows: JsonValue }).flows);
  }
  return value.some((entry: JsonValue) => has(entry, "wires") || (has(entry, "type") && (entry as { readonly type: JsonValue }).type === "tab"));
}

function has(value: JsonValue, member: string): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, member);
}
