/** Where deployments keep their checkpoints: for those that measure it. */

export { createRedisCheckpointStore } from "./checkpoint/redis-checkpoint-store.ts";
