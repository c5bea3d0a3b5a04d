import { join } from "node:path";
import type { JsonObject } from "@millrace/engine";
import { rowsOf } from "./part-rows.ts";
import { sharedDataFolder } from "./shared-data.ts";

/** A record for a topic, in the order in which it arrives. */
export interface TopicRecord {
  readonly topic: "payments" | "customer-profiles";
  readonly key: string;
  readonly value: JsonObject;
}

const folder = join(sharedDataFolder, "fraud");

/**
 * The transactions and profiles of the Fraud-Detection-Handbook as the fraud template reads them from Kafka: under its names
 * of fields, each profile shortly before the transactions of its time. Repeats and disorder are those of the file.
 */
export function fraudRecords(): readonly TopicRecord[] {
  const profiles = rowsOf(join(folder, "profiles.ndjson")).map((row) => ({ at: Number(row.timestamp), record: profileRecord(row) }));
  const records: TopicRecord[] = [];
  let next = 0;
  for (const row of rowsOf(join(folder, "transactions.ndjson"))) {
    for (; next < profiles.length && profiles[next].at <= Number(row.timestamp) + 60_000; next++) records.push(profiles[next].record);
    records.push(paymentRecord(row));
  }
  return [...records, ...profiles.slice(next).map(({ record }) => record)];
}

function paymentRecord({ transactionId, timestamp, customerId, terminalId, amount }: JsonObject): TopicRecord {
  const value = {
    transaction_id: transactionId,
    timestamp,
    customer_id: customerId,
    card: customerId,
    merchant: terminalId,
    amount,
    status: "approved",
  };
  return { topic: "payments", key: String(customerId), value };
}

function profileRecord({ customerId, timestamp, tier, usualAmount, blocked }: JsonObject): TopicRecord {
  const value = { customer_id: customerId, timestamp, tier, usual_amount: usualAmount, blocked };
  return { topic: "customer-profiles", key: String(customerId), value };
}

/** Records a day later, one for each partition: what came before is complete. They themselves never leave the pipeline. */
export function endOfTime(
  partitions: number,
): readonly { readonly topic: TopicRecord["topic"]; readonly partition: number; readonly value: JsonObject }[] {
  const newest = rowsOf(join(folder, "transactions.ndjson")).reduce((most, row) => Math.max(most, Number(row.timestamp)), 0);
  const timestamp = newest + 86_400_000;
  const payments = Array.from({ length: partitions }, (_, partition) => ({
    topic: "payments" as const,
    partition,
    value: { transaction_id: `end-${partition}`, timestamp, customer_id: "nobody", amount: 0, status: "declined" },
  }));
  const profile = { customer_id: "nobody", timestamp, tier: "new", usual_amount: 0, blocked: false };
  return [...payments, { topic: "customer-profiles", partition: 0, value: profile }];
}

/** Rows of the fraud template under the names of the expected file. */
export function asExpected(row: Readonly<Record<string, unknown>>): JsonObject {
  const { transaction_id, timestamp, customer_id, amount, tier, recent_count, recent_sum, score } = row as JsonObject;
  return {
    transactionId: transaction_id,
    timestamp,
    customerId: customer_id,
    amount,
    tier,
    recentCount: recent_count,
    recentSum: recent_sum,
    score,
  };
}

/** One row for each transaction, as it must come out. */
export function expectedScores(): readonly JsonObject[] {
  return rowsOf(join(folder, "scored.expected.ndjson"));
}
