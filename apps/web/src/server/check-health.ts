import { type RuntimeInfo, redisKeys, runtimeInfo } from "@millrace/protocol";
import type { Services } from "./services.ts";

export interface Health {
  readonly database: "up" | "down";
  readonly redis: "up" | "down";
  /** Runtimes that are alive; empty when Redis is down. */
  readonly runtimes: readonly RuntimeInfo[];
}

const patienceMs = 2000;

/** Asks PostgreSQL and Redis; never rejects, and answers within two seconds. */
export async function checkHealth({ database, redis }: Pick<Services, "database" | "redis">): Promise<Health> {
  const [databaseUp, runtimes] = await Promise.all([within(database.$queryRaw`select 1`.then(() => true)), within(readRuntimes(redis))]);
  return { database: databaseUp === null ? "down" : "up", redis: runtimes === null ? "down" : "up", runtimes: runtimes ?? [] };
}

async function readRuntimes(redis: Services["redis"]): Promise<readonly RuntimeInfo[]> {
  const keys: string[] = [];
  let cursor = "0";
  do {
    const [next, found] = await redis.scan(cursor, "MATCH", redisKeys.runtime("*"), "COUNT", 500);
    keys.push(...found);
    cursor = next;
  } while (cursor !== "0");
  if (keys.length === 0) return [];
  const texts = await redis.mget(keys);
  return texts.flatMap((text) => {
    const parsed = runtimeInfo.safeParse(text === null ? null : JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  });
}

async function within<T>(work: PromiseLike<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
