/** Where deployments keep their checkpoints: for those that measure it. */

export { createFileCheckpointStore } from "./checkpoint/file-checkpoint-store.ts";
export { nativeChunks } from "./checkpoint/native-chunks.ts";
export { createRedisCheckpointStore } from "./checkpoint/redis-checkpoint-store.ts";
