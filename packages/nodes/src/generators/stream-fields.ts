import { bigintType, booleanType, doubleType, type Field, stringType, timestampType } from "@millrace/engine";
import type { GeneratorOptions } from "./generator-options.ts";

/** The field of every generated stream that holds its event time. */
export const timeField = "timestamp";

/** The fields of each generated stream, in the order of its columns. */
export const streamFields = {
  logs: [
    { name: "timestamp", type: timestampType },
    { name: "service", type: stringType },
    { name: "host", type: stringType },
    { name: "level", type: stringType },
    { name: "status", type: bigintType },
    { name: "latency_ms", type: doubleType },
    { name: "message", type: stringType },
    { name: "trace_id", type: stringType },
  ],
  clicks: [
    { name: "timestamp", type: timestampType },
    { name: "user_id", type: stringType },
    { name: "page", type: stringType },
    { name: "action", type: stringType },
    { name: "device", type: stringType },
    { name: "feature", type: stringType },
    { name: "variant", type: stringType },
  ],
  payments: [
    { name: "timestamp", type: timestampType },
    { name: "transaction_id", type: stringType },
    { name: "customer_id", type: stringType },
    { name: "card", type: stringType },
    { name: "amount", type: doubleType },
    { name: "merchant", type: stringType },
    { name: "country", type: stringType },
    { name: "status", type: stringType },
  ],
  crm: [
    { name: "timestamp", type: timestampType },
    { name: "customer_id", type: stringType },
    { name: "tier", type: stringType },
    { name: "usual_amount", type: doubleType },
    { name: "blocked", type: booleanType },
  ],
} as const satisfies Readonly<Record<GeneratorOptions["kind"], readonly Field[]>>;
