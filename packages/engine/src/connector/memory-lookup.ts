import type { JsonObject } from "../types/json-value.ts";
import { ConnectorError } from "./connector-error.ts";
import type { LookupAnswer, LookupConnector, LookupContext, LookupKey } from "./lookup-port.ts";
import { lookupRow } from "./lookup-row.ts";

/**
 * A lookup in rows in memory: those of option `rows`, JSON objects with the keys and the fields as members; of several
 * rows with one key the last counts. A row given as an array of `rows` replaces the option, for tests and examples.
 */
export function createMemoryLookup(given?: readonly JsonObject[]): LookupConnector {
  return {
    async open(context: LookupContext) {
      const table = tableOf(given ?? rowsOf(context.options.rows), context);
      return {
        maxKeys: 1024,
        lookup: async (keys: readonly LookupKey[]) => keys.map((key): LookupAnswer => table.get(JSON.stringify(key)) ?? { kind: "none" }),
        async close() {},
      };
    },
  };
}

function tableOf(rows: readonly JsonObject[], { keys, fields }: LookupContext): ReadonlyMap<string, LookupAnswer> {
  const keyOf = (row: JsonObject) => JSON.stringify(keys.map((key) => (Object.hasOwn(row, key) ? row[key] : null)));
  return new Map(rows.map((row) => [keyOf(row), lookupRow(fields, row)]));
}

function rowsOf(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new ConnectorError("LOOKUP_ROWS_INVALID", "The rows of the table are no list of JSON objects.", { retryable: false });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
