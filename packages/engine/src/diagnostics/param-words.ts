import type { z } from "zod";
import type { ParamKind } from "../node/param-kind.ts";
import type { AggregateFunction } from "../plan/logical-operator.ts";
import { writeDuration } from "../types/duration.ts";
import type { JsonValue } from "../types/json-value.ts";
import { quote, show } from "./import-reasons.ts";

/** What is to be done about a parameter of a kind that has no value yet. */
export function missingWords(label: string, kind: ParamKind["kind"]): string {
  switch (kind) {
    case "field":
    case "own-field":
      return `Choose a field for "${label}".`;
    case "fields":
    case "order":
      return `Choose the fields for "${label}".`;
    case "choice":
    case "toggle":
    case "file-path":
    case "secret":
    case "connection":
      return `Choose "${label}".`;
    case "expression":
    case "own-expression":
      return `Write an expression for "${label}".`;
    case "template":
    case "text":
      return `Write "${label}".`;
    case "number":
    case "duration":
    case "url":
      return `Enter "${label}".`;
    case "named-expressions":
    case "conditions":
    case "aggregates":
    case "pattern-stages":
    case "schema":
    case "headers":
      return `Add at least one entry to "${label}".`;
    case "group":
      return `Fill in "${label}".`;
  }
}

/** What each aggregate needs as its argument. */
export const aggregateWords: Readonly<Record<AggregateFunction, string>> = {
  count: "any value",
  sum: "a number",
  avg: "a number",
  min: "a number, a text, a timestamp or an interval",
  max: "a number, a text, a timestamp or an interval",
  count_distinct: "a single value, such as a number, a text or a timestamp",
  approx_count_distinct: "a single value, such as a number, a text or a timestamp",
  stddev_samp: "a number",
  stddev_pop: "a number",
  median: "a number",
  p90: "a number",
  p95: "a number",
  p99: "a number",
  percentile: "a number",
  top_k: "a number, a text, a timestamp or an interval",
  most_frequent: "a single value, such as a number, a text or a timestamp",
  first: "a value that has a type, which a bare NULL has not",
  last: "a value that has a type, which a bare NULL has not",
  collect: "a value that has a type, which a bare NULL has not",
  string_agg: "a text",
};

/** A list for a sentence: the first twelve, and how many more there are. */
export function some(names: readonly string[]): string {
  if (names.length <= 12) return names.join(", ");
  return `${names.slice(0, 12).join(", ")} and ${names.length - 12} more`;
}

/** Label of a part of a parameter: `Aggregates, entry 2, function`. */
export function entryLabel(label: string, inside: readonly string[]): string {
  return [label, ...inside.map((name) => (/^\d+$/.test(name) ? `entry ${Number(name) + 1}` : (partNames.get(name) ?? name)))].join(", ");
}

const partNames: ReadonlyMap<string, string> = new Map([
  ["as", "name"],
  ["fn", "function"],
  ["where", "condition"],
  ["withinPrevious", "within of the event before"],
]);

/** A value as saved, for a message; cut. */
export function showValue(value: JsonValue | undefined): string {
  if (typeof value === "object" && value !== null) return show(value);
  return typeof value === "string" ? quote(value) : String(value);
}

/** What a refused value must be: the end of "it must be …". */
export function expectedWords(issue: z.core.$ZodIssue, kind: ParamKind | undefined, inside: readonly string[]): string {
  if (kind !== undefined && inside.length === 0) {
    const words = kindWords(kind);
    if (words !== null) return words;
  }
  if (kind?.kind === "headers") return headerWords;
  switch (issue.code) {
    case "invalid_type":
      return typeWords[issue.expected] ?? issue.expected;
    case "too_big":
      return `at most ${String(issue.maximum)}${unitWords[issue.origin] ?? ""}`;
    case "too_small":
      return `at least ${String(issue.minimum)}${unitWords[issue.origin] ?? ""}`;
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return "a name of letters, digits and _ that begins with a letter";
    default:
      return "a valid value";
  }
}

function kindWords(kind: ParamKind): string | null {
  switch (kind.kind) {
    case "duration":
      return `a duration from ${writeDuration(kind.minMs ?? 0)}${kind.maxMs === undefined ? " on" : ` to ${writeDuration(kind.maxMs)}`}, such as 5m or 1h30m`;
    case "number":
      return numberWords(kind);
    case "choice":
      return `one of ${kind.options.map((option) => option.value).join(", ")}`;
    case "toggle":
      return "true or false";
    case "url":
      return "an http or https address without a user name, a password or spaces";
    case "secret":
      return "the name of a secret: a small letter, then a-z, 0-9, _ and - (63 characters at most)";
    case "connection":
      return "the name of a connection: a small letter, then a-z, 0-9, _ and - (63 characters at most)";
    case "headers":
      return headerWords;
    default:
      return null;
  }
}

function numberWords(kind: Extract<ParamKind, { readonly kind: "number" }>): string {
  const unit = kind.unit === undefined ? "" : ` ${kind.unit}`;
  const number = kind.step === 1 ? "a whole number" : "a number";
  if (kind.min !== undefined && kind.max !== undefined) return `${number} from ${kind.min} to ${kind.max}${unit}`;
  if (kind.min !== undefined) return `${number} from ${kind.min}${unit} on`;
  return kind.max === undefined ? number : `${number} up to ${kind.max}${unit}`;
}

const headerWords =
  "a map of header names to values without line breaks; Host, Content-Length, Cookie and the like are set by the connection";

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const unitWords: Readonly<Record<string, string>> = { string: " characters long", array: " entries long" };
