import { ConnectorError, type Field, type FieldType, showType } from "@millrace/engine";
import { type Client, escapeIdentifier, escapeLiteral } from "pg";

/** A table by its names, not yet quoted. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

const name = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/;

/** Reads `table` or `schema.table`; null when that is no plain name. */
export function parseTableName(text: string): TableName | null {
  const parts = text.split(".");
  if (parts.length > 2 || !parts.every((part) => name.test(part))) return null;
  const [schema, table] = parts.length === 2 ? parts : ["public", parts[0]];
  return { schema, table };
}

/** The name as it stands in SQL. */
export function quotedTable({ schema, table }: TableName): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
}

/** Columns of a table with their types as PostgreSQL writes them; null when there is no such table. */
export async function readColumns(client: Client, table: TableName): Promise<ReadonlyMap<string, string> | null> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped`,
    [table.schema, table.table],
  );
  return rows.length === 0 ? null : new Map(rows.map((row) => [row.name, row.type]));
}

/** Makes a table for records of these fields, with the key fields as primary key. */
export async function createTable(client: Client, table: TableName, fields: readonly Field[], key: readonly string[]): Promise<void> {
  const columns = fields.map(({ name, type }) => `${escapeIdentifier(name)} ${columnType(type)}`);
  const primary = key.length === 0 ? [] : [`PRIMARY KEY (${key.map((field) => escapeIdentifier(field)).join(", ")})`];
  await client.query(`CREATE TABLE IF NOT EXISTS ${quotedTable(table)} (${[...columns, ...primary].join(", ")})`);
}

function columnType(type: FieldType): string {
  switch (type.kind) {
    case "boolean":
      return "boolean";
    case "bigint":
      return "bigint";
    case "double":
      return "double precision";
    case "string":
    case "null":
      return "text";
    case "timestamp":
      return "timestamp with time zone";
    case "interval":
      return "interval";
    case "json":
    case "array":
    case "row":
      return "jsonb";
  }
}

/** The value of a field of the JSON object `r`, as SQL of the column's type. */
export function columnValue(field: Field, columnType: string): string {
  const text = `(r->>${escapeLiteral(field.name)})`;
  const moment = columnType.startsWith("timestamp") || columnType === "date";
  if (field.type.kind === "timestamp" && moment) return `to_timestamp(${text}::double precision / 1000)::${columnType}`;
  if (field.type.kind === "interval" && columnType.startsWith("interval")) {
    return `make_interval(secs => ${text}::double precision / 1000)::${columnType}`;
  }
  if (columnType === "json" || columnType === "jsonb") return `nullif(r->${escapeLiteral(field.name)}, 'null'::jsonb)::${columnType}`;
  if (columnType.endsWith("[]")) {
    const json = `r->${escapeLiteral(field.name)}`;
    return `CASE WHEN jsonb_typeof(${json}) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text(${json}))::${columnType} END`;
  }
  return `${text}::${columnType}`;
}

/** The types of the columns that the fields go to, in their order. Throws a `ConnectorError` that names a field without a column. */
export function columnsOf(table: TableName, columns: ReadonlyMap<string, string>, fields: readonly Field[]): string[] {
  return fields.map((field) => {
    const type = columns.get(field.name);
    if (type !== undefined) return type;
    const there = [...columns.keys()].slice(0, 20).join(", ");
    const what = `The table ${table.schema}.${table.table} has no column for the field ${field.name} (${showType(field.type)}); it has ${there}.`;
    throw new ConnectorError("COLUMN_MISSING", `${what} Add the column, or leave the field out with "Map fields".`, { retryable: false });
  });
}
