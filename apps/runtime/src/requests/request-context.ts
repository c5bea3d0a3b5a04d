import type { Redis } from "ioredis";
import type { ConnectorHost } from "../connectors/connector-host.ts";

/** What answers to requests may use. */
export interface RequestContext {
  readonly redis: Redis;
  /** As pipelines have it. */
  readonly host: ConnectorHost;
  /** Names of the secrets that are addresses with one of these schemes, in order. */
  readonly secretNames: (schemes: readonly string[]) => readonly string[];
}
