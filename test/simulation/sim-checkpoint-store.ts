import type { CheckpointStore, ChunkRef } from "@millrace/engine";
import type { SimJobs } from "./sim-jobs.ts";
import type { SimProcess } from "./sim-process.ts";
import type { SimRedis } from "./sim-redis.ts";

/** On whose behalf a process takes the pipeline over. */
export interface Claim {
  readonly deploymentId: string;
  readonly owner: number | null;
}

/** The checkpoints of the pipeline as a process sees them over its connection. */
export function createSimCheckpointStore(redis: SimRedis, jobs: SimJobs, process: SimProcess, claim: Claim): CheckpointStore {
  return {
    async takeOver() {
      for (;;) {
        const seen = await process.call("store.token", () => redis.state.token);
        const taken = await process.call("store.takeOver", () => redis.takeOver(jobs.isOlder(claim.deploymentId, claim.owner), seen));
        if (taken !== null) return taken;
      }
    },
    putChunk: (token, { sha256 }: ChunkRef, bytes) => process.call("store.putChunk", () => redis.putChunk(token, sha256, bytes)),
    commit: (token, manifest) =>
      process.call(`store.commit ${manifest.checkpoint}`, () => redis.commit(token, manifest, claim.deploymentId)),
    readChunk: ({ sha256 }) => process.call("store.readChunk", () => redis.state.chunks.get(sha256)?.bytes.slice() ?? null),
    keep: (token, savepoint) => process.call("store.keep", () => redis.keep(token, savepoint.checkpoint)),
    readManifest: (checkpoint) => process.call("store.readManifest", () => redis.state.manifests.get(checkpoint) ?? null),
    readNewest: () => process.call("store.readNewest", () => redis.state.manifests.get(redis.state.newest) ?? null),
    collectGarbage: (token, ahead) => process.call("store.collectGarbage", () => redis.collectGarbage(token, ahead)),
    async close() {},
  };
}
