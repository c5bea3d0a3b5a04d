import { ConnectorError, type JsonObject } from "@millrace/engine";
import { z } from "zod";

const topicName = /^[A-Za-z0-9._-]{1,249}$/;

const optionsSchema = z.object({
  connection: z.string().min(1),
  /** Names, or one pattern with `*` for any characters. */
  topics: z
    .array(z.string().regex(/^[A-Za-z0-9._*-]{1,249}$/))
    .min(1)
    .max(100),
  start: z.union([z.enum(["earliest", "latest"]), z.object({ timestampMs: z.number() })]),
  /** `latest`: a bounded source, which ends at what is there when it starts. */
  until: z.enum(["never", "latest"]).default("never"),
  format: z.enum(["json", "text", "raw"]).default("json"),
  readCommitted: z.boolean().default(true),
  /** Fields for what a record has beside its value; null = none. */
  details: z
    .object({
      key: z.string().nullable().default(null),
      time: z.string().nullable().default(null),
      headers: z.string().nullable().default(null),
      topic: z.string().nullable().default(null),
      partition: z.string().nullable().default(null),
      offset: z.string().nullable().default(null),
    })
    .prefault({}),
});
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
  const patterns = wanted.map(
    (name) =>
      new RegExp(
        `^${name
          .split("*")
          .map((part) => part.replaceAll(".", "\\."))
          .join(".*")}$`,
      ),
  );
  return topics.filter((topic) => topicName.test(topic) && patterns.some((pattern) => pattern.test(topic))).sort();
}
