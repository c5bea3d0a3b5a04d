import { Client } from "pg";
import { redisProblem } from "./embedded-redis.ts";
import { LauncherError } from "./launcher-error.ts";

/** Checks that the PostgreSQL at `DATABASE_URL` serves. Rejects with a `LauncherError` that says what to do. */
export async function checkOwnDatabase(url: string): Promise<void> {
  const place = placeOf("DATABASE_URL", url, ["postgresql:", "postgres:"]);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new LauncherError(
      `The PostgreSQL at ${place} (DATABASE_URL) cannot be used: ${wordsOf(error)}.`,
      "Start it, correct DATABASE_URL, or unset it to run with the embedded PostgreSQL.",
      error,
    );
  }
  await client.end();
}

/** Checks that the Redis at `REDIS_URL` serves. Rejects with a `LauncherError` that says what to do. */
export async function checkOwnRedis(url: string): Promise<void> {
  const place = placeOf("REDIS_URL", url, ["redis:", "rediss:"]);
  const problem = await redisProblem(url);
  if (problem === null) return;
  throw new LauncherError(
    `The Redis at ${place} (REDIS_URL) cannot be used: ${problem}.`,
    "Start it, correct REDIS_URL, or unset it to run with a Redis that Millrace starts.",
  );
}

/** Host and port, without the password. */
function placeOf(variable: string, url: string, protocols: readonly string[]): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && protocols.includes(parsed.protocol)) return parsed.host;
  throw new LauncherError(`${variable} is no address of that kind.`, `Set it to ${protocols[0]}//user:password@host:port, or unset it.`);
}

function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
