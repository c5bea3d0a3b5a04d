/** A field as a source's schema declares it. */
export interface InferredField {
  readonly name: string;
  readonly type: "string" | "bigint" | "double" | "boolean" | "timestamp" | "json";
}

/** What a sample says, or why it says nothing. */
export type Inference =
  | { readonly ok: true; readonly fields: readonly InferredField[]; readonly records: number; readonly skipped: number }
  | { readonly ok: false; readonly reason: string };

/** Most records of a sample that are looked at, and most fields that a schema may have. */
const maxRecords = 1000;
const maxFields = 512;

const isoTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/**
 * The fields of a sample: JSON objects one a line, or a JSON array of objects. A field that is a whole number here
 * and a fraction there is a double; one of several kinds is a string; NULLs say nothing.
 */
export function inferSchema(sample: string): Inference {
  const { records, skipped } = readRecords(sample);
  if (records.length === 0) {
    return {
      ok: false,
      reason: skipped === 0 ? "Paste a few records first." : "No line is a JSON object. Paste records as JSON, one on each line.",
    };
  }
  const types = new Map<string, InferredField["type"] | null>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      if (!types.has(name) && types.size >= maxFields) continue;
      const type = typeOf(value);
      const before = types.get(name) ?? null;
      types.set(name, before === null || type === null ? (before ?? type) : merge(before, type));
    }
  }
  return { ok: true, fields: [...types].map(([name, type]) => ({ name, type: type ?? "string" })), records: records.length, skipped };
}

function readRecords(sample: string): { readonly records: readonly object[]; readonly skipped: number } {
  const whole = parse(sample);
  if (Array.isArray(whole)) {
    const records = whole.filter(isRecord);
    return { records: records.slice(0, maxRecords), skipped: whole.length - records.length };
  }
  if (isRecord(whole)) return { records: [whole], skipped: 0 };
  const lines = sample.split("\n").filter((line) => line.trim() !== "");
  const records = lines.slice(0, maxRecords).map(parse).filter(isRecord);
  return { records, skipped: Math.min(lines.length, maxRecords) - records.length };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): InferredField["type"] | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "bigint" : "double";
  if (typeof value === "string") return isoTime.test(value) ? "timestamp" : "string";
  return "json";
}

function merge(a: InferredField["type"], b: InferredField["type"]): InferredField["type"] {
  if (a === b) return a;
  const both = new Set([a, b]);
  if (both.has("bigint") && both.has("double")) return "double";
  return both.has("json") ? "json" : "string";
}
