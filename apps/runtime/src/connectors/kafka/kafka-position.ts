import { ConnectorError, type JsonValue } from "@millrace/engine";
import { z } from "zod";
import type { TopicPartition } from "./kafka-driver.ts";

const byPartition = z.record(z.string().regex(/^\d+$/), z.int().nonnegative());
const positionSchema = z.object({
  topics: z.record(z.string(), byPartition),
  /** Offsets at which a bounded source ends. */
  ends: z.record(z.string(), byPartition).optional(),
});

/** Where reading goes on, as a checkpoint keeps it: by topic and partition the offset of the next record. */
export interface KafkaPosition {
  readonly topics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly ends?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
}

/** Reads a position of a checkpoint; null when there is none. Throws a `ConnectorError` when it is not one of Kafka. */
export function readKafkaPosition(value: JsonValue | null): KafkaPosition | null {
  if (value === null) return null;
  const parsed = positionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConnectorError("KAFKA_POSITION_INVALID", "The checkpoint's position is not one of Kafka. Deploy with an empty start.", {
    retryable: false,
  });
}

/** The offset of a partition among some offsets. */
export function offsetIn(offsets: KafkaPosition["topics"] | undefined, { topic, partition }: TopicPartition): number | undefined {
  return offsets !== undefined && Object.hasOwn(offsets, topic) ? offsets[topic][String(partition)] : undefined;
}
