import type { CheckpointManifest, ChunkRef } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import { waitFor } from "../integration/runtime/wait-for.ts";
import type { ChaosStage } from "./chaos-stage.ts";
import type { ChaosState } from "./chaos-state.ts";
import type { Fault } from "./faults.ts";
import { chaosPipelineId, fraudJob } from "./fraud-job.ts";
import { pipelinePid, signal } from "./pipeline-process.ts";
import type { Seeded } from "./seeded.ts";
import { flushStore, restoreStore } from "./store-backup.ts";

const answerWithinMs = 120_000;
/** A commit that was on its way when its process was frozen has arrived after so long. */
const settledMs = 300;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What happens to the bytes of a chunk; null: it is gone. `others`: those of other chunks. */
type Damage = (bytes: Buffer, random: Seeded, others: readonly Buffer[]) => Buffer | null;

const damages: Readonly<Record<string, Damage>> = {
  corrupted: (bytes, random) => {
    const changed = Buffer.from(bytes);
    changed[random.below(changed.length)] ^= 1 << random.below(8);
    return changed;
  },
  truncated: (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  missing: () => null,
  swapped: (bytes, random, others) => (others.length > 0 ? random.pick(others) : Buffer.from(bytes).reverse()),
};

/**
 * Damages a chunk of the newest checkpoint, then kills the process that wrote it. What follows must be a loud stop, not an
 * empty start; after that the chunk is put back, as from a backup, and a new deployment goes on.
 */
function chunkIs(what: string, damage: Damage): Fault {
  return {
    name: `a chunk of the newest checkpoint is ${what}`,
    async run(stage, random, state) {
      const { manifest, pid } = await frozenWithChunks(stage);
      const refs = chunksOfState(manifest);
      const ref = random.pick(refs);
      const key = redisKeys.chunk(chaosPipelineId, ref.sha256);
      const { redis } = stage.deployments;
      const original = await redis.getBuffer(key);
      if (original === null) throw new Error(`the chunk ${ref.sha256} of a committed checkpoint is not there`);
      const other = refs.find(({ sha256 }) => sha256 !== ref.sha256);
      const others = other === undefined ? [] : [await redis.getBuffer(redisKeys.chunk(chaosPipelineId, other.sha256))];
      const damaged = damage(
        original,
        random,
        others.filter((bytes) => bytes !== null),
      );
      if (damaged === null) await redis.del(key);
      else await redis.set(key, damaged);
      signal(pid, "SIGKILL");
      await expectLoudStop(stage, state, what, manifest.checkpoint, ["CHECKPOINT_DAMAGED"]);
      await redis.set(key, original);
      await deployAgain(stage, state);
    },
  };
}

/** All of Redis is lost while the pipeline runs; the web server announces what should run. Then a backup comes back. */
const redisIsFlushed: Fault = {
  name: "Redis is flushed",
  async run(stage, _random, state) {
    const backup = await flushStore(stage.deployments.redis);
    await stage.deployments.deploy(fraudJob(state.deployment));
    await expectLoudStop(stage, state, "Redis flushed", 0, ["SINK_AHEAD", "SINK_FENCED", "FENCED"]);
    await restoreStore(stage.deployments.redis, backup);
    await deployAgain(stage, state);
  },
};

/** What can happen to the checkpoint store itself. */
export const storeFaults: readonly Fault[] = [...Object.entries(damages).map(([what, damage]) => chunkIs(what, damage)), redisIsFlushed];

/** Stops the process that runs the pipeline when its newest checkpoint has chunks of its operators' state. */
async function frozenWithChunks(stage: ChaosStage): Promise<{ readonly manifest: CheckpointManifest; readonly pid: number }> {
  return await waitFor(
    "a checkpoint with chunks",
    async () => {
      const pid = pipelinePid(stage);
      if (pid === null) return null;
      signal(pid, "SIGSTOP");
      await pause(settledMs);
      const text = await stage.deployments.redis.hget(redisKeys.checkpoint(chaosPipelineId), "manifest");
      // Written by the product, and parsed there with care.
      const manifest = text === null ? null : (JSON.parse(text) as CheckpointManifest);
      if (manifest !== null && chunksOfState(manifest).length > 0) return { manifest, pid };
      signal(pid, "SIGCONT");
      await pause(settledMs);
      return null;
    },
    answerWithinMs,
  );
}

function chunksOfState({ parts }: CheckpointManifest): readonly ChunkRef[] {
  return parts.filter(({ kind }) => kind === "operator").flatMap(({ chunks }) => chunks);
}

/** Waits until the deployment has stopped with one of these codes, or has gone on; only the former is an answer. */
async function expectLoudStop(
  stage: ChaosStage,
  { deployment, tally }: ChaosState,
  what: string,
  before: number,
  codes: readonly string[],
): Promise<void> {
  tally.damages++;
  const answer = await waitFor(
    `an answer to: ${what}`,
    async () => {
      const committed = Number(await stage.deployments.redis.hget(redisKeys.checkpoint(chaosPipelineId), "checkpoint"));
      if (committed > before) return `it went on with checkpoint ${committed} after ${before}`;
      const status = await stage.deployments.status(fraudJob(deployment).deploymentId);
      return status?.state === "FAILED" ? (status.problem?.code ?? "no code") : null;
    },
    answerWithinMs,
  );
  tally.stops.set(answer, (tally.stops.get(answer) ?? 0) + 1);
  if (codes.includes(answer)) tally.detected++;
  else tally.examples.push(`${what}: ${answer}`);
}

/** What a person does after a loud stop, once the store is whole again. */
async function deployAgain(stage: ChaosStage, state: ChaosState): Promise<void> {
  await stage.deployments.desire(fraudJob(state.deployment), "STOPPED");
  state.deployment++;
  await stage.deployments.deploy(fraudJob(state.deployment));
}
