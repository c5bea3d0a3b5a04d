import {
  CheckpointGone,
  type CheckpointManifest,
  type CheckpointStore,
  type ChunkRef,
  CommitRefused,
  FencedError,
  type Savepoint,
  type TakeOver,
} from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { parseManifest } from "./parse-manifest.ts";
import { commitScript, keepScript, putChunkScript, removeChunksScript, takeOverScript } from "./redis-checkpoint-scripts.ts";

/** How many of the newest manifests, with their chunks, stay. */
export const retainedManifests = 3;

const removedAtOnce = 100;

/** Bytes that never become a chunk, because their owner died in between, go after so long. */
const comingSeconds = 60;

/**
 * Checkpoints of one pipeline in Redis. The connection is shared and stays open. What a commit survives is
 * Redis' `appendfsync`. `deploymentId` is noted with each commit (see `checkpointDeployment`); a deployment after which
 * another one of the pipeline has started takes nothing over, nor does a process whose supervisor (`owner`) is no longer the
 * one that has the deployment.
 */
export function createRedisCheckpointStore(
  redis: Redis,
  pipelineId: string,
  deploymentId: string,
  owner: number | null = null,
): CheckpointStore {
  const keys = {
    checkpoint: redisKeys.checkpoint(pipelineId),
    manifests: redisKeys.manifests(pipelineId),
    chunks: redisKeys.chunks(pipelineId),
    savepoints: redisKeys.savepoints(pipelineId),
  };
  const chunkKey = (sha256: string): string => redisKeys.chunk(pipelineId, sha256);
  return {
    async takeOver(): Promise<TakeOver> {
      const own = [keys.checkpoint, redisKeys.deploymentOrder(pipelineId), redisKeys.statusOwner(deploymentId)];
      let answer: ReturnType<typeof answerOf>;
      do {
        const seen = (await redis.hget(keys.checkpoint, "token")) ?? "0";
        answer = answerOf(await redis.eval(takeOverScript, 3, ...own, deploymentId, seen, owner ?? ""));
      } while (answer[0] === "moved");
      refuseFenced(answer, 0);
      const [, token, manifest] = answer;
      return {
        fencingToken: Number(token),
        manifest: manifest === undefined ? null : parseManifest(manifest, `Redis key ${keys.checkpoint}`),
      };
    },
    async putChunk(fencingToken: number, ref: ChunkRef, bytes: Uint8Array): Promise<void> {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const coming = redisKeys.comingChunk(pipelineId, ref.sha256, fencingToken);
      const own = [keys.checkpoint, chunkKey(ref.sha256), keys.chunks, coming];
      // One after the other on one connection: there is nothing to wait for in between.
      const [, answer] = await Promise.all([
        redis.set(coming, body, "EX", comingSeconds),
        redis.eval(putChunkScript, own.length, ...own, fencingToken, ref.sha256),
      ]);
      const [verdict, ...more] = answerOf(answer);
      refuseFenced([verdict, ...more], fencingToken);
      if (verdict === "gone") throw new Error(`chunk ${ref.sha256} was lost on its way`);
    },
    async commit(fencingToken: number, manifest: CheckpointManifest): Promise<void> {
      const text = JSON.stringify(manifest);
      const args = [fencingToken, manifest.checkpoint, text, deploymentId, retainedManifests];
      const answer = answerOf(await redis.eval(commitScript, 2, keys.checkpoint, keys.manifests, ...args));
      refuseFenced(answer, fencingToken);
      if (answer[0] === "refused") throw new CommitRefused(manifest.checkpoint, Number(answer[1]));
    },
    async readChunk(ref: ChunkRef): Promise<Uint8Array | null> {
      return await redis.getBuffer(chunkKey(ref.sha256));
    },
    async keep(fencingToken: number, { checkpoint, name, atMs }: Savepoint): Promise<void> {
      const args = [fencingToken, checkpoint, JSON.stringify({ name, atMs })];
      const answer = answerOf(await redis.eval(keepScript, 3, keys.checkpoint, keys.manifests, keys.savepoints, ...args));
      refuseFenced(answer, fencingToken);
      if (answer[0] === "gone") throw new CheckpointGone(checkpoint);
    },
    async readManifest(checkpoint: number): Promise<CheckpointManifest | null> {
      const text =
        (await redis.hget(keys.manifests, String(checkpoint))) ?? (await redis.hget(keys.savepoints, savedManifestField(checkpoint)));
      return text === null ? null : parseManifest(text, `Redis key ${keys.manifests}`);
    },
    async readNewest(): Promise<CheckpointManifest | null> {
      const text = await redis.hget(keys.checkpoint, "manifest");
      return text === null ? null : parseManifest(text, `Redis key ${keys.checkpoint}`);
    },
    async collectGarbage(fencingToken: number, ahead: ReadonlySet<string> = new Set()): Promise<void> {
      const [token, number] = await redis.hmget(keys.checkpoint, "token", "checkpoint");
      if (token !== String(fencingToken)) throw new FencedError(fencingToken, Number(token));
      const committed = Number(number ?? 0);
      const saved = Object.entries(await redis.hgetall(keys.savepoints)).filter(([field]) => field.endsWith(":manifest"));
      const texts = [...(await redis.hvals(keys.manifests)), ...saved.map(([, text]) => text)];
      const manifests = texts.map((text) => parseManifest(text, `Redis key ${keys.manifests}`));
      const live = new Set(manifests.flatMap(chunksOf));
      // What was stored since the last commit has its number as score, and may belong to the next checkpoint.
      const stored = await redis.zrange(keys.chunks, "-inf", `(${committed}`, "BYSCORE");
      const dead = stored.filter((sha256) => !live.has(sha256) && !ahead.has(sha256));
      for (let at = 0; at < dead.length; at += removedAtOnce) {
        const some = dead.slice(at, at + removedAtOnce);
        const removed = [keys.checkpoint, keys.chunks, ...some.map(chunkKey)];
        const answer = await redis.eval(removeChunksScript, removed.length, ...removed, fencingToken, committed, ...some);
        refuseFenced(answerOf(answer), fencingToken);
      }
    },
    async close(): Promise<void> {},
  };
}

/** Which deployment wrote the newest checkpoint of a pipeline; null when there is none. */
export async function checkpointDeployment(redis: Redis, pipelineId: string): Promise<string | null> {
  return await redis.hget(redisKeys.checkpoint(pipelineId), "deployment");
}

/** Field of the savepoints' hash with the manifest of a kept checkpoint. */
function savedManifestField(checkpoint: number): string {
  return `${checkpoint}:manifest`;
}

/** Hashes of all chunks that a manifest refers to. */
export function chunksOf(manifest: CheckpointManifest): string[] {
  return manifest.parts.flatMap((part) => part.chunks.map((ref) => ref.sha256));
}

/** Answers of the scripts are lists of strings and numbers. */
function answerOf(answer: unknown): readonly (string | undefined)[] {
  if (!Array.isArray(answer)) throw new Error(`unexpected answer of a checkpoint script: ${String(answer)}`);
  return answer.map((item: unknown) => (item === null || item === undefined ? undefined : String(item)));
}

function refuseFenced(answer: readonly (string | undefined)[], ownToken: number): void {
  if (answer[0] === "fenced") throw new FencedError(ownToken, Number(answer[1]));
}
