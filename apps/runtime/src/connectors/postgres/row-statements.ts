import type { Field } from "@millrace/engine";
import { escapeIdentifier } from "pg";
import { columnValue } from "./postgres-table.ts";

/** SQL that takes a JSON array of records as its one parameter. */
export interface RowWriter {
  readonly write: string;
  /** Null where rows are only ever added. */
  readonly remove: string | null;
}

/** What a checkpoint's records come to, each as JSON text. */
export interface RowChanges {
  readonly written: readonly Uint8Array[];
  readonly removed: readonly Uint8Array[];
}

/** Statements for a table; with a key, rows replace those of the same key and can be removed. */
export function rowStatements(table: string, fields: readonly Field[], columnTypes: readonly string[], key: readonly string[]): RowWriter {
  const names = fields.map(({ name }) => escapeIdentifier(name));
  const values = fields.map((field, i) => columnValue(field, columnTypes[i]));
  const records = "jsonb_array_elements($1::jsonb) WITH ORDINALITY AS records(r, n)";
  const insert = `INSERT INTO ${table} (${names.join(", ")}) SELECT ${values.join(", ")} FROM ${records} ORDER BY n`;
  if (key.length === 0) return { write: insert, remove: null };
  const rest = names.filter((_, i) => !key.includes(fields[i].name));
  const update = rest.length === 0 ? "NOTHING" : `UPDATE SET ${rest.map((name) => `${name} = EXCLUDED.${name}`).join(", ")}`;
  const target = key.map((field) => escapeIdentifier(field)).join(", ");
  const same = fields.flatMap((field, i) => (key.includes(field.name) ? [`t.${names[i]} = ${values[i]}`] : []));
  return {
    write: `${insert} ON CONFLICT (${target}) DO ${update}`,
    remove: `DELETE FROM ${table} t USING ${records} WHERE ${same.join(" AND ")}`,
  };
}

/**
 * Of records with `_op` and a key the last change of each key, in the order of these last changes: one statement cannot
 * update a row twice. `-U` says nothing that its `+U` does not.
 */
export function lastPerKey(records: readonly Uint8Array[], key: readonly string[]): RowChanges {
  const last = new Map<string, { readonly record: Uint8Array; readonly removed: boolean }>();
  const decoder = new TextDecoder();
  for (const record of records) {
    // The engine's own encoder wrote it: always an object.
    const row = JSON.parse(decoder.decode(record)) as Readonly<Record<string, unknown>>;
    if (row._op === "-U") continue;
    const id = JSON.stringify(key.map((field) => row[field]));
    last.delete(id);
    last.set(id, { record, removed: row._op === "-D" });
  }
  const changes = [...last.values()];
  return {
    written: changes.filter(({ removed }) => !removed).map(({ record }) => record),
    removed: changes.filter(({ removed }) => removed).map(({ record }) => record),
  };
}
