import { ConnectorError, type JsonObject } from "@millrace/engine";
import { z } from "zod";

const topicName = /^[A-Za-z0-9._-]{1,249}$/;
const fieldName = z.string().nullable().default(null);

const optionsSchema = z
  .object({
    connection: z.string().min(1),
    /** Names, or patterns with `*` for any characters. */
    topics: z
      .array(z.string().regex(/^[A-Za-z0-9._*-]{1,249}$/, "a topic is named by letters, digits, . _ and -; * stands for any of them"))
      .min(1)
      .max(100),
    start: z.union([
      z.enum(["earliest", "latest"]),
      z.object({ timestampMs: z.int() }),
      /** So many of the newest records of each partition, or a little fewer. */
      z.object({ newest: z.int().positive() }),
      /** By topic and partition; a partition that is not named is read from its start. */
      z.object({ offsets: z.record(z.string(), z.record(z.string().regex(/^\d{1,6}$/), z.int().nonnegative())) }),
    ]),
    /** `latest`: a bounded source, which ends at what is there when it starts. */
    until: z.enum(["never", "latest"]).default("never"),
    format: z.enum(["json", "text", "raw", "avro", "protobuf"]).default("json"),
    /** Name of the connection to the schema registry, for the formats that need one. */
    registry: z.string().nullable().default(null),
    /** What becomes of a record without a value: a dead letter, nothing, or a record whose fields are NULL beside its details. */
    tombstones: z.enum(["dead-letter", "skip", "nulls"]).default("dead-letter"),
    readCommitted: z.boolean().default(true),
    /** Fields for what a record has beside its value; null = none. */
    details: z
      .object({ key: fieldName, time: fieldName, headers: fieldName, topic: fieldName, partition: fieldName, offset: fieldName })
      .prefault({}),
  })
  .refine(
    ({ format, registry }) => (format !== "avro" && format !== "protobuf") || registry !== null,
    "the format needs a schema registry",
  );
export type KafkaSourceOptions = z.infer<typeof optionsSchema>;

/** Reads the options of a Kafka source. Throws a `ConnectorError`. */
export function readSourceOptions(options: JsonObject): KafkaSourceOptions {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const what = z.prettifyError(parsed.error).replaceAll("\n", " ");
  throw new ConnectorError("KAFKA_INVALID", `The Kafka source is not set up right: ${what}`, { retryable: false });
}

/** Those of `topics` that a name or a pattern with `*` stands for. */
export function matchingTopics(wanted: readonly string[], topics: readonly string[]): string[] {
  const patterns = wanted.map((name) => {
    const parts = name.split("*").map((part) => part.replaceAll(".", "\\."));
    return new RegExp(`^${parts.join(".*")}$`);
  });
  return topics.filter((topic) => topicName.test(topic) && patterns.some((pattern) => pattern.test(topic))).sort();
}
