import {
  ConnectorError,
  type DeadLetter,
  type Delivery,
  FencedError,
  type ImmediateWrite,
  type SinkConnector,
  type SinkContext,
  type SinkWriter,
} from "@millrace/engine";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { splitRecords } from "../split-records.ts";
import { openDeliveryMarker, type StoredDelivery } from "./delivery-marker.ts";
import { connectPostgres, type PostgresConnection } from "./postgres-connection.ts";
import { postgresFailure } from "./postgres-failure.ts";
import { columnsOf, createTable, parseTableName, quotedTable, readColumns, type TableName } from "./postgres-table.ts";
import { lastPerKey, type RowWriter, rowStatements } from "./row-statements.ts";
import { writeRows } from "./write-rows.ts";

const optionsSchema = z.object({
  connection: z.string().min(1),
  table: z.string().transform((text, context) => {
    const parsed = parseTableName(text);
    if (parsed === null) context.addIssue({ code: "custom", message: "a table is named by letters, digits and _, as in sales.orders" });
    return parsed ?? z.NEVER;
  }),
  mode: z.enum(["insert", "upsert"]),
  key: z.array(z.string()).default([]),
  createTable: z.boolean().default(false),
});
type Options = z.infer<typeof optionsSchema>;

/**
 * Writes each checkpoint's records in one transaction together with `(pipeline, sink, checkpoint, fencing token)` in
 * the table `millrace_deliveries` of the same schema: exactly once, whatever dies in between. Rows that the server
 * refuses (wrong values, violated constraints) go to the dead letters; the others of the checkpoint are written.
 */
export function createPostgresSink(host: ConnectorHost): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open(context) {
      const options = readOptions(context);
      const writer = new PostgresWriter(host, context, options);
      try {
        await writer.prepare();
      } catch (cause) {
        await writer.close();
        throw cause;
      }
      return writer;
    },
  };
}

class PostgresWriter implements SinkWriter {
  readonly #host: ConnectorHost;
  readonly #context: SinkContext;
  readonly #options: Options;
  #connection: PostgresConnection | null = null;
  #rows: RowWriter | null = null;

  constructor(host: ConnectorHost, context: SinkContext, options: Options) {
    this.#host = host;
    this.#context = context;
    this.#options = options;
  }

  /** Connects and finds the table, so that a wrong name is told at the start. */
  async prepare(): Promise<void> {
    await this.#guarded(async ({ client }) => {
      this.#rows = await this.#openTable(client);
      await this.#marker(client).create();
    });
  }

  delivered(): Promise<number | null> {
    return this.#guarded(async ({ client }) => (await this.#marker(client).read())?.checkpoint ?? null);
  }

  async deliver(delivery: Delivery): Promise<void> {
    await this.#transaction(delivery.fencingToken, async (client, stored) => {
      if (stored !== null && delivery.checkpoint <= stored.checkpoint) {
        // It is delivered again only while no later checkpoint holds what was refused.
        return delivery.checkpoint === stored.checkpoint ? stored.refused : [];
      }
      const refused = await this.#write(client, delivery.bytes, `checkpoint ${delivery.checkpoint}`);
      await this.#marker(client).write(delivery, refused);
      return refused;
    });
  }

  async writeNow({ fencingToken, bytes }: ImmediateWrite): Promise<void> {
    await this.#transaction(fencingToken, (client) => this.#write(client, bytes, "written at once"));
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    this.#connection = null;
  }

  /** Runs `work` in a transaction that a runtime which was replaced cannot commit; then tells what the table refused. */
  async #transaction(
    fencingToken: number,
    work: (client: PostgresConnection["client"], stored: StoredDelivery | null) => Promise<readonly DeadLetter[]>,
  ): Promise<void> {
    const refused = await this.#guarded(async ({ client }) => {
      await client.query("BEGIN");
      const stored = await this.#marker(client).lock();
      if (stored !== null && fencingToken < stored.fencingToken) throw new FencedError(fencingToken, stored.fencingToken, "sink");
      const letters = await work(client, stored);
      await client.query("COMMIT");
      return letters;
    });
    if (refused.length > 0) this.#host.onDeadLetters(this.#context.sinkId, refused);
  }

  #write(client: PostgresConnection["client"], bytes: Uint8Array, position: string): Promise<DeadLetter[]> {
    if (this.#rows === null) throw new Error("the sink was not prepared");
    const records = splitRecords(bytes, Number.POSITIVE_INFINITY);
    const changes = this.#options.mode === "upsert" ? lastPerKey(records, this.#options.key) : { written: records, removed: [] };
    return writeRows(client, this.#rows, changes, position);
  }

  #marker(client: PostgresConnection["client"]) {
    return openDeliveryMarker(client, this.#options.table.schema, this.#context.pipelineId, this.#context.sinkId);
  }

  /** Works on a connection, a new one after a failure: whether a transaction that broke off was committed, its marker tells. */
  async #guarded<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    try {
      if (this.#connection?.broken) await this.close();
      this.#connection ??= await connectPostgres(this.#host, this.#options.connection);
      return await work(this.#connection);
    } catch (cause) {
      await this.close();
      if (cause instanceof FencedError) throw cause;
      throw postgresFailure(cause, `The table ${tableText(this.#options.table)}`);
    }
  }

  async #openTable(client: PostgresConnection["client"]): Promise<RowWriter> {
    const { table, key, mode } = this.#options;
    const { fields } = this.#context;
    for (const field of key) {
      if (fields.some(({ name }) => name === field)) continue;
      const there = fields.map(({ name }) => name).join(", ");
      throw invalid(`the key field ${field} is not in the stream, which has ${there}`);
    }
    if (mode === "upsert" && key.length === 0) throw invalid("rows are to be updated by key, and no key is named");
    if (this.#options.createTable) await createTable(client, table, fields, mode === "upsert" ? key : []);
    const columns = await readColumns(client, table);
    if (columns === null) {
      const how = `Create it, or switch "Create the table" on.`;
      throw new ConnectorError("TABLE_MISSING", `There is no table ${tableText(table)}. ${how}`, { retryable: false });
    }
    const types = columnsOf(table, columns, fields);
    if (mode === "upsert") await this.#requireUnique(client, table, key);
    return rowStatements(quotedTable(table), fields, types, mode === "upsert" ? key : []);
  }

  async #requireUnique(client: PostgresConnection["client"], table: TableName, key: readonly string[]): Promise<void> {
    const { rows } = await client.query<{ columns: string[] }>(
      `SELECT array_agg(a.attname::text ORDER BY a.attname::text) AS columns
       FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
       WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL GROUP BY i.indexrelid`,
      [quotedTable(table)],
    );
    const wanted = [...key].sort().join(", ");
    if (rows.some(({ columns }) => [...columns].sort().join(", ") === wanted)) return;
    const has = rows.length === 0 ? "none" : rows.map(({ columns }) => `(${columns.join(", ")})`).join(" and ");
    const what = `Rows are updated by (${key.join(", ")}), but ${tableText(table)} has no unique index over just these columns; it has ${has}.`;
    throw new ConnectorError("UNIQUE_INDEX_MISSING", `${what} Create one, or choose other key fields.`, { retryable: false });
  }
}

function readOptions(context: SinkContext): Options {
  const parsed = optionsSchema.safeParse(context.options);
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error).replaceAll("\n", " "));
}

function invalid(what: string): ConnectorError {
  return new ConnectorError("POSTGRES_INVALID", `The PostgreSQL sink is not set up right: ${what}.`, { retryable: false });
}

function tableText({ schema, table }: TableName): string {
  return `${schema}.${table}`;
}
