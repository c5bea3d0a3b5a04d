import type { Database } from "@millrace/db";
import type { Redis } from "ioredis";
import { LiveHub } from "../live/live-hub.ts";
import type { Services } from "../services.ts";

/** Stands for PostgreSQL and Redis that are away: every use of them fails as an unreachable one does. */
function unreachable(code: string): unknown {
  const refuse = (): Promise<never> => Promise.reject(Object.assign(new Error("connect refused"), { code }));
  const proxy: unknown = new Proxy(refuse, {
    get: (_target, name) => (name === "then" ? undefined : name === "on" || name === "once" ? () => proxy : proxy),
    apply: refuse,
  });
  return proxy;
}

/** Services for tests: what is not given is unreachable. */
export function fakeServices(parts: { readonly database?: unknown; readonly redis?: unknown; readonly nowMs?: number } = {}): Services {
  // Tests give only the members that the code under test uses.
  const redis = (parts.redis ?? unreachable("ECONNREFUSED")) as Redis;
  return {
    settings: { databaseUrl: null, redisUrl: "", allowedHosts: [] },
    database: (parts.database ?? unreachable("P1001")) as Database,
    redis,
    runtime: { ask: () => Promise.reject(new Error("no runtime")), close: () => Promise.resolve() },
    queue: { add: () => Promise.resolve(), close: () => Promise.resolve() },
    live: new LiveHub(redis, unreachable("ECONNREFUSED") as Redis),
    shutdown: new AbortController(),
    nowMs: () => parts.nowMs ?? 0,
  };
}
