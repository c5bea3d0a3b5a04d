import type { DeadLetter } from "@millrace/engine";
import type { Client } from "pg";
import { isDataRefused, sqlState } from "./postgres-failure.ts";
import type { RowChanges, RowWriter } from "./row-statements.ts";

const rowsPerStatement = 5000;
const bytesPerStatement = 4 << 20;

/**
 * Writes and removes rows inside the open transaction. What the server refuses is found by halving, each try inside a
 * savepoint, and comes back as dead letters; everything else is written.
 */
export async function writeRows(client: Client, rows: RowWriter, changes: RowChanges, position: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  const bury = (record: Uint8Array, cause: unknown): void => {
    const reason = `POSTGRES_REFUSED: ${cause instanceof Error ? cause.message : String(cause)} (SQLSTATE ${sqlState(cause)})`;
    letters.push({ position, reason, raw: new TextDecoder().decode(record.subarray(0, 4096)) });
  };
  if (rows.remove !== null) await runOver(client, rows.remove, changes.removed, bury);
  await runOver(client, rows.write, changes.written, bury);
  return letters;
}

async function runOver(
  client: Client,
  sql: string,
  records: readonly Uint8Array[],
  bury: (record: Uint8Array, cause: unknown) => void,
): Promise<void> {
  const waiting = pieces(records);
  for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
    await client.query("SAVEPOINT piece");
    try {
      await client.query(sql, [jsonArray(piece)]);
      await client.query("RELEASE SAVEPOINT piece");
    } catch (cause) {
      if (!isDataRefused(cause)) throw cause;
      await client.query("ROLLBACK TO SAVEPOINT piece");
      const half = piece.length >> 1;
      if (piece.length === 1) bury(piece[0], cause);
      else waiting.unshift(piece.slice(0, half), piece.slice(half));
    }
  }
}

function pieces(records: readonly Uint8Array[]): Uint8Array[][] {
  const result: Uint8Array[][] = [];
  let bytes = 0;
  for (const record of records) {
    const current = result.at(-1);
    if (current === undefined || current.length >= rowsPerStatement || bytes + record.length > bytesPerStatement) {
      result.push([record]);
      bytes = record.length;
    } else {
      current.push(record);
      bytes += record.length;
    }
  }
  return result;
}

function jsonArray(records: readonly Uint8Array[]): string {
  return `[${records.map((record) => Buffer.from(record.buffer, record.byteOffset, record.length).toString("utf8")).join(",")}]`;
}
