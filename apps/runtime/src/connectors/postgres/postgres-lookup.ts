import {
  ConnectorError,
  type Field,
  type LookupAnswer,
  type LookupConnector,
  type LookupContext,
  type LookupKey,
  type LookupReader,
  lookupRow,
  stringType,
} from "@millrace/engine";
import { escapeIdentifier, escapeLiteral } from "pg";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { connectPostgres, type PostgresConnection } from "./postgres-connection.ts";
import { isDataRefused, postgresFailure } from "./postgres-failure.ts";
import { columnsOf, parseTableName, quotedTable, readColumns, type TableName } from "./postgres-table.ts";

const options = z.object({ connection: z.string(), table: z.string() });
const maxKeys = 256;

/** Rows of one table of PostgreSQL by the values of some of its columns. Values are parameters; names are checked and quoted. */
export function createPostgresLookup(host: ConnectorHost): LookupConnector {
  return {
    async open(context) {
      const { connection, table } = options.parse(context.options);
      const name = parseTableName(table);
      if (name === null) {
        const message = `"${table}" is not the plain name of a table, such as customers or crm.customers.`;
        throw new ConnectorError("TABLE_NAME_INVALID", message, { retryable: false });
      }
      const reader = new PostgresReader(host, connection, name, context);
      await reader.prepare();
      return reader;
    },
  };
}

class PostgresReader implements LookupReader {
  readonly maxKeys = maxKeys;
  readonly #host: ConnectorHost;
  readonly #connectionName: string;
  readonly #table: TableName;
  readonly #keys: readonly string[];
  readonly #fields: readonly Field[];
  #connection: Promise<PostgresConnection> | null = null;
  #select = "";
  #keyTypes: readonly string[] = [];

  constructor(host: ConnectorHost, connection: string, table: TableName, { keys, fields }: LookupContext) {
    this.#host = host;
    this.#connectionName = connection;
    this.#table = table;
    this.#keys = keys;
    this.#fields = fields;
  }

  /** Reads the columns of the table. Rejects when it, or a column, is not there. */
  async prepare(): Promise<void> {
    const { client } = await this.#connect();
    const columns = await readColumns(client, this.#table).catch((cause: unknown) => {
      throw postgresFailure(cause, this.#what);
    });
    if (columns === null) {
      const message = `There is no table ${this.#table.schema}.${this.#table.table}, or its user may not see it.`;
      throw new ConnectorError("TABLE_MISSING", message, { retryable: false });
    }
    columnsOf(this.#table, columns, this.#fields);
    this.#keyTypes = columnsOf(
      this.#table,
      columns,
      this.#keys.map((name) => ({ name, type: stringType })),
    );
    this.#select = selectOf(this.#table, this.#keys, this.#keyTypes, this.#fields);
  }

  async lookup(keys: readonly LookupKey[], signal: AbortSignal): Promise<readonly LookupAnswer[]> {
    const connection = await this.#connect();
    if (signal.aborted) throw postgresFailure(signal.reason, this.#what);
    // A statement that hangs would keep those behind it waiting.
    const giveUp = (): void => void connection.close();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await this.#ask(connection, keys);
    } catch (cause) {
      throw postgresFailure(cause, this.#what);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => null);
    await connection?.close();
  }

  get #what(): string {
    return `The table ${this.#table.schema}.${this.#table.table}`;
  }

  async #connect(): Promise<PostgresConnection> {
    const pending = this.#connection ?? connectPostgres(this.#host, this.#connectionName);
    this.#connection = pending;
    const connection = await pending.catch((cause: unknown) => {
      if (this.#connection === pending) this.#connection = null;
      throw cause;
    });
    if (!connection.broken) return connection;
    if (this.#connection === pending) this.#connection = null;
    return this.#connect();
  }

  /** A value that is none of its column's type spoils the statement: then each key is asked by itself. */
  async #ask(connection: PostgresConnection, keys: readonly LookupKey[]): Promise<readonly LookupAnswer[]> {
    const columns = this.#keyTypes.map((type, i) => keys.map((key) => parameterOf(key[i], type)));
    try {
      const { rows } = await connection.client.query<{ n: number; row: string }>(this.#select, columns);
      return this.#answers(keys.length, rows);
    } catch (cause) {
      if (!isDataRefused(cause)) throw cause;
      if (keys.length === 1) return [{ kind: "failed", reason: `PostgreSQL refused: ${cause instanceof Error ? cause.message : cause}` }];
    }
    const answers: LookupAnswer[] = [];
    for (const key of keys) answers.push(...(await this.#ask(connection, [key])));
    return answers;
  }

  #answers(count: number, rows: readonly { readonly n: number; readonly row: string }[]): readonly LookupAnswer[] {
    const answers: LookupAnswer[] = Array.from({ length: count }, () => ({ kind: "none" }));
    for (const { n, row } of rows) {
      answers[n] = answers[n].kind === "none" ? lookupRow(this.#fields, rowOf(row)) : this.#ambiguous();
    }
    return answers;
  }

  #ambiguous(): LookupAnswer {
    return { kind: "failed", reason: `${this.#what} has several rows with these values of ${this.#keys.join(", ")}` };
  }
}

/** The statement: one array of texts a key column, one row for each key that has one, with its place among the keys. */
function selectOf(table: TableName, keys: readonly string[], keyTypes: readonly string[], fields: readonly Field[]): string {
  const members = fields.map(({ name, type }) => {
    const column = `t.${escapeIdentifier(name)}`;
    return `${escapeLiteral(name)}, ${type.kind === "string" ? `${column}::text` : column}`;
  });
  const arrays = keys.map((_key, i) => `$${i + 1}::text[]`);
  const names = keys.map((_key, i) => `k${i}`);
  const equal = keys.map((key, i) => `t.${escapeIdentifier(key)} = k.k${i}::${keyTypes[i]}`);
  return `SELECT (k.n - 1)::int AS n, json_build_object(${members.join(", ")})::text AS row
    FROM unnest(${arrays.join(", ")}) WITH ORDINALITY AS k(${[...names, "n"].join(", ")}) JOIN ${quotedTable(table)} t ON ${equal.join(" AND ")}`;
}

function parameterOf(value: string | number | boolean, type: string): string {
  const isMoment = type.startsWith("timestamp") || type === "date";
  return isMoment && typeof value === "number" ? new Date(value).toISOString() : String(value);
}

/** `json_build_object` makes nothing but objects. */
function rowOf(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}
