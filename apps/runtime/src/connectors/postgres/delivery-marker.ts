import type { DeadLetter, Delivery } from "@millrace/engine";
import type { Client } from "pg";
import { quotedTable } from "./postgres-table.ts";

/** Which checkpoint a sink holds, and the token of the runtime that wrote it. */
export interface StoredDelivery {
  readonly checkpoint: number;
  readonly fencingToken: number;
  /** What the table refused of that checkpoint. */
  readonly refused: readonly DeadLetter[];
}

/** The row of one sink in `millrace_deliveries`, which is written in the same transaction as the records. */
export interface DeliveryMarker {
  create(): Promise<void>;
  read(): Promise<StoredDelivery | null>;
  /** Reads the row and keeps every other writer of it waiting until the end of the transaction. */
  lock(): Promise<StoredDelivery | null>;
  write(delivery: Delivery, refused: readonly DeadLetter[]): Promise<void>;
}

/** The marker of a sink; its table lies in the schema of the sink's own table. */
export function openDeliveryMarker(client: Client, schema: string, pipelineId: string, sinkId: string): DeliveryMarker {
  const table = quotedTable({ schema, table: "millrace_deliveries" });
  const id = [pipelineId, sinkId];
  const select = `SELECT checkpoint, fencing_token, refused FROM ${table} WHERE pipeline = $1 AND sink = $2`;
  const rowOf = async (sql: string): Promise<StoredDelivery | null> => {
    const { rows } = await client.query<{ checkpoint: string; fencing_token: string; refused: DeadLetter[] }>(sql, id);
    const row = rows.at(0);
    return row === undefined || row.checkpoint === "-1"
      ? null
      : { checkpoint: Number(row.checkpoint), fencingToken: Number(row.fencing_token), refused: row.refused };
  };
  return {
    async create() {
      // Two that create it at once: one of them may still fail on the catalogue's own unique index.
      await client
        .query(
          `CREATE TABLE IF NOT EXISTS ${table} (pipeline text, sink text, checkpoint bigint NOT NULL, fencing_token bigint NOT NULL, refused jsonb NOT NULL, PRIMARY KEY (pipeline, sink))`,
        )
        .catch(async (cause: unknown) => {
          const { rows } = await client.query("SELECT to_regclass($1) AS found", [table]);
          if (rows[0]?.found === null) throw cause;
        });
    },
    read: () => rowOf(select),
    async lock() {
      // A row to lock has to be there; -1 stands for no delivery.
      await client.query(`INSERT INTO ${table} VALUES ($1, $2, -1, 0, '[]') ON CONFLICT DO NOTHING`, id);
      return await rowOf(`${select} FOR UPDATE`);
    },
    async write({ checkpoint, fencingToken }, refused) {
      await client.query(`UPDATE ${table} SET checkpoint = $3, fencing_token = $4, refused = $5 WHERE pipeline = $1 AND sink = $2`, [
        ...id,
        checkpoint,
        fencingToken,
        // PostgreSQL holds no NUL in text, not even in JSON.
        JSON.stringify(refused).replaceAll("\\u0000", "\\ufffd"),
      ]);
    },
  };
}
