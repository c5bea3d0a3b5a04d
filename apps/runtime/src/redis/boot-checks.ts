import type { RuntimeInfo } from "@millrace/protocol";
import type { Redis } from "ioredis";

/** What was found out about a Redis server when a runtime started. */
export interface BootChecks {
  readonly version: string;
  readonly durability: RuntimeInfo["durability"];
  /** The sentence that says which promise holds. */
  readonly promise: string;
  /** What an administrator has to change; empty when all is well. */
  readonly problems: readonly string[];
}

const oldestVersion = [6, 2] as const;

/** Looks at the version, the eviction policy and the append-only file of a Redis server. */
export async function checkRedis(redis: Redis): Promise<BootChecks> {
  const version = /redis_version:(\S+)/.exec(await redis.info("server"))?.[1] ?? "unknown";
  const problems: string[] = [];
  const [major, minor] = version.split(".").map(Number);
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])) {
    problems.push(`Redis ${version} is too old: Millrace needs ${oldestVersion.join(".")} or newer.`);
  }
  const policy = await setting(redis, "maxmemory-policy");
  if (policy !== null && policy !== "noeviction") {
    problems.push(`maxmemory-policy is ${policy}: Redis may throw checkpoints and jobs away. Set it to noeviction.`);
  }
  return { version, problems, ...durabilityOf(await setting(redis, "appendonly"), await setting(redis, "appendfsync")) };
}

function durabilityOf(appendOnly: string | null, fsync: string | null): Pick<BootChecks, "durability" | "promise"> {
  if (appendOnly === null || fsync === null) {
    return { durability: "unknown", promise: "Redis does not show its settings, so it is unknown what a committed checkpoint survives." };
  }
  if (appendOnly !== "yes" || fsync === "no") {
    return {
      durability: "nothing",
      promise: "Redis does not flush its append-only file: a committed checkpoint may be lost when Redis or the machine crashes.",
    };
  }
  if (fsync === "always") return { durability: "power-cut", promise: "appendfsync always: a committed checkpoint survives a power cut." };
  return {
    durability: "crash",
    promise: "appendfsync everysec: a committed checkpoint survives every crash of a process; a power cut may lose the last second.",
  };
}

/** A setting; null where a managed Redis does not allow CONFIG. */
async function setting(redis: Redis, name: string): Promise<string | null> {
  const answer: unknown = await redis.config("GET", name).catch(() => null);
  if (!Array.isArray(answer)) return null;
  const value: unknown = answer[1];
  return typeof value === "string" ? value : null;
}
