import type { JsonObject, JsonValue } from "@millrace/engine";
import { describe, expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { runExample } from "./testing/run-example.ts";

/** Rows as sorted texts with sorted members, so that they compare as multisets. */
function asMultiset(rows: readonly JsonObject[]): string[] {
  return rows.map((row) => JSON.stringify(sorted(row))).sort();
}

function sorted(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe.each(catalogue.definitions.map((definition) => [definition.type, definition] as const))("%s", (_, definition) => {
  test.each(definition.examples.map((example) => [example.title, example] as const))("%s", async (_title, example) => {
    const rows = await runExample(definition, example);
    for (const [port, expected] of Object.entries(example.expect)) expect(asMultiset(rows[port]), port).toEqual(asMultiset(expected));
  });
});
