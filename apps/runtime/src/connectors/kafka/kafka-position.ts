import type { JsonValue } from "@millrace/engine";
import { z } from "zod";

/** Where reading goes on, as a checkpoint keeps it: by topic and partition the offset of the next record. */
export type KafkaPosition = Readonly<Record<string, Readonly<Record<string, number>>>>;

const positionSchema = z.object({
  topics: z.record(z.string(), z.record(z.string().regex(/^\d+$/), z.int().nonnegative())),
  /** Offsets at which a bounded source ends. */
  ends: z.record(z.string(), z.record(z.string().regex(/^\d+$/), z.int().nonnegative())).optional(),
});

/** Reads a position; null when it is not one of Kafka. */
export function parseKafkaPosition(value: JsonValue): { readonly topics: KafkaPosition; readonly ends: KafkaPosition | null } | null {
  const parsed = positionSchema.safeParse(value);
  return parsed.success ? { topics: parsed.data.topics, ends: parsed.data.ends ?? null } : null;
}

/** The offset of a partition in a position. */
export function offsetIn(position: KafkaPosition | null, topic: string, partition: number): number | undefined {
  if (position === null || !Object.hasOwn(position, topic)) return undefined;
  return position[topic][String(partition)];
}
