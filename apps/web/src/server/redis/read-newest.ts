import type { Redis } from "ioredis";
import { readEntry, type StreamEntry } from "./stream-entry.ts";

/** The newest entries of a stream that `read` understands, newest first. `before` pages on: entries older than that id. */
export async function readNewest<T>(
  redis: Redis,
  key: string,
  read: (entry: StreamEntry) => T | null,
  { limit, before = null }: { readonly limit: number; readonly before?: string | null },
): Promise<readonly T[]> {
  const entries = await redis.xrevrange(key, before === null ? "+" : `(${before}`, "-", "COUNT", limit);
  return entries.map((entry) => read(readEntry(entry))).filter((value) => value !== null);
}
