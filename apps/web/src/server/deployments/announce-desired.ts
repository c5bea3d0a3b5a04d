import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { hasEnded } from "../../live/observe-deployment.ts";
import type { Services } from "../services.ts";
import { type DeploymentRow, deploymentRow, desiredEntry } from "./desired-entry.ts";
import { readStatuses } from "./read-statuses.ts";

/**
 * Makes the mirror in Redis equal to the desired state in PostgreSQL: missing and differing entries are written,
 * those of deployments that are gone or have ended after a stop are removed. Heals a Redis that lost its data.
 * Returns how many entries it changed.
 */
export async function announceDesired({ database, redis }: Pick<Services, "database" | "redis">): Promise<number> {
  // Redis first: a deployment is committed to PostgreSQL before it is mirrored, so an entry that is read here and
  // then not found there is truly gone.
  const mirrored = await redis.hgetall(redisKeys.desired);
  const ids = Object.keys(mirrored);
  const rows = await database.deployment.findMany({ where: { OR: [{ desired: "RUNNING" }, { id: { in: ids } }] }, select: deploymentRow });
  const wanted = await entriesToKeep(redis, rows);

  const transaction = redis.multi();
  let changes = 0;
  for (const [id, text] of wanted) {
    if (mirrored[id] === text) continue;
    transaction.hset(redisKeys.desired, id, text);
    changes++;
  }
  for (const id of ids) {
    if (wanted.has(id)) continue;
    transaction.hdel(redisKeys.desired, id);
    changes++;
  }
  if (changes > 0) await transaction.exec();
  return changes;
}

/** Entries of what is to run, and of what is to stop and has not said yet that it did. */
async function entriesToKeep(redis: Redis, rows: readonly DeploymentRow[]): Promise<ReadonlyMap<string, string>> {
  const stopped = rows.filter((row) => row.desired === "STOPPED").map((row) => row.id);
  const statuses = await readStatuses(redis, stopped);
  const entries = new Map<string, string>();
  for (const row of rows) {
    const state = statuses.get(row.id)?.state;
    if (row.desired === "RUNNING" || (state !== undefined && !hasEnded(state))) entries.set(row.id, JSON.stringify(desiredEntry(row)));
  }
  return entries;
}
