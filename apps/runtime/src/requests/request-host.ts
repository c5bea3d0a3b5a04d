import type { Redis } from "ioredis";
import type { ConnectorHost } from "../connectors/connector-host.ts";
import { createEgressPolicy } from "../connectors/egress-policy.ts";
import { createGuardedFileAccess } from "../connectors/file-access.ts";
import { secretFromEnv } from "../connectors/secret-from-env.ts";
import type { RuntimeConfig } from "../runtime-config.ts";

/** What connectors share that answer requests: the same limits as in pipelines, and nobody to tell. */
export function requestHost({ fileFolders, egressAllow }: RuntimeConfig, redis: Redis): ConnectorHost {
  return {
    files: createGuardedFileAccess(fileFolders),
    redis,
    egress: createEgressPolicy(egressAllow),
    secret: secretFromEnv(process.env),
    onNotice: () => {},
    onDeadLetters: () => {},
    onRows: () => {},
    outputs: "durable",
  };
}
