import type { Redis } from "ioredis";

/** What answers to requests may use. */
export interface RequestContext {
  readonly redis: Redis;
}
