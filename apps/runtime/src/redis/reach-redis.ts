import { Redis } from "ioredis";

const giveUpMs = 3000;

/** Connects once, for a command that cannot wait. Rejects with words for a person when Redis does not answer. */
export async function reachRedis(url: string): Promise<Redis> {
  if (!URL.canParse(url)) throw new Error(`${url} is not a Redis URL; it looks like redis://127.0.0.1:6379.`);
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: giveUpMs, retryStrategy: () => null, maxRetriesPerRequest: null });
  let reason = "no answer";
  redis.on("error", (error: Error & { readonly code?: string }) => {
    reason = error.code ?? error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch {
    redis.disconnect();
    throw new Error(`Redis at ${withoutPassword(url)} cannot be reached (${reason}). Start it, or correct the address.`);
  }
}

/** A Redis URL fit for logs. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
