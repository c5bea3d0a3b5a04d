import type { Redis } from "ioredis";
import type { ConnectorHost } from "../connectors/connector-host.ts";

/** What answers to requests may use. */
export interface RequestContext {
  readonly redis: Redis;
  /** As pipelines have it. */
  readonly host: ConnectorHost;
}
