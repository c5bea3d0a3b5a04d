import { ConnectorError, type JsonObject } from "@millrace/engine";
import { z } from "zod";

const optionsSchema = z.object({
  connection: z.string().min(1),
  topic: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, "a topic is named by letters, digits, . _ and -"),
  /** Members that the node puts beside the fields: they become key, partition and headers, and leave the value. */
  keyMember: z.string().nullable().default(null),
  partitionMember: z.string().nullable().default(null),
  /** By name of the header. */
  headerMembers: z.record(z.string(), z.string()).default({}),
  /** Member that the node puts beside the fields: where it is true the record has no value. */
  tombstoneMember: z.string().nullable().default(null),
  upsert: z.boolean().default(false),
  compression: z.enum(["none", "gzip", "snappy", "lz4", "zstd"]).default("none"),
  /** Partitions of a topic that is created when it is missing; null: that is an error. */
  createPartitions: z.int().min(1).max(10_000).nullable().default(null),
});
export type KafkaSinkOptions = z.infer<typeof optionsSchema>;

/** Reads the options of a Kafka sink. Throws a `ConnectorError`. */
export function readSinkOptions(options: JsonObject): KafkaSinkOptions {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const what = z.prettifyError(parsed.error).replaceAll("\n", " ");
  throw new ConnectorError("KAFKA_INVALID", `The Kafka sink is not set up right: ${what}`, { retryable: false });
}
