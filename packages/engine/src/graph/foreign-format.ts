import { importReasons } from "../diagnostics/import-reasons.ts";
import type { JsonValue } from "../types/json-value.ts";

/** How files of other kinds begin; bytes that are not UTF-8 may have become U+FFFD on the way. */
const fileMarks: readonly (readonly [string, string])[] = [
  ["PK\x03\x04", "a zip archive"],
  ["\x89PNG", "a PNG image"],
  ["\ufffdPNG", "a PNG image"],
  ["\x1f\x8b", "a gzip archive"],
  ["\x1f\ufffd", "a gzip archive"],
  ["GIF8", "a GIF image"],
  ["%PDF-", "a PDF document"],
];

const textMarks: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(?:!doctype|html|\?xml|[a-z])/i, "HTML or XML"],
  [/^\s*(?:---\s|#[^\n]*\n|%YAML|[A-Za-z_][\w-]*:(?:\s|$))/, "YAML"],
  [/^[^\n{}[\]]*,[^\n{}[\]]*(?:\r?\n|$)/, "CSV"],
];

/** Why a text holds nothing, or not text at all, as the end of an `IMPORT_INVALID`; null when it may be JSON. */
export function recogniseForeignFile(text: string): string | null {
  if (/^[\ufeff\s]*$/.test(text)) return importReasons.empty();
  for (const [mark, what] of fileMarks) if (text.startsWith(mark)) return importReasons.binary({ what });
  if (text.slice(0, 200).includes("\0")) return importReasons.binary({ what: "binary data or UTF-16 text" });
  return null;
}

/** What a text that is not JSON looks like, as the end of an `IMPORT_INVALID`; null when it looks like broken JSON. */
export function recogniseForeignText(text: string): string | null {
  // The marks need time quadratic in the text in the worst case; its beginning says enough.
  const start = text.slice(0, 500);
  for (const [mark, what] of textMarks) if (mark.test(start)) return importReasons.notJson({ what });
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
  return value.some(
    (entry: JsonValue) => has(entry, "wires") || (has(entry, "type") && (entry as { readonly type: JsonValue }).type === "tab"),
  );
}

function has(value: JsonValue, member: string): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, member);
}
