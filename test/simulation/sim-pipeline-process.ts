import { hash } from "node:crypto";
import { type CheckpointStore, createPipelineRun, type PipelineRun, type SinkConnector } from "@millrace/engine";
import type { DeploymentJob } from "@millrace/protocol";
import {
  type ChildEnd,
  failedMessage,
  type ProcessMessage,
  type RunningProcess,
  type SupervisorMessage,
} from "@millrace/runtime/supervision";
import type { Life } from "./crash-points.ts";
import { SimProcess } from "./sim-process.ts";
import type { World } from "./world.ts";

const startUpMs = 60;
const checkpointIntervalMs = 110;
const sha256 = (bytes: Uint8Array): string => hash("sha256", bytes);
const sinkPaths = ["topic", "database", "redis"];

export interface ProcessStart {
  readonly name: string;
  /** null: started by hand, without one. */
  readonly supervisor: SimProcess | null;
  readonly job: DeploymentJob;
  /** The supervisor's number among the owners of the status. */
  readonly owner: number | null;
}

/** Starts the pipeline of a job in a process of its own. */
export function startPipelineProcess(world: World, start: ProcessStart, onMessage: (message: ProcessMessage) => void): RunningProcess {
  const { name, supervisor } = start;
  const process = new SimProcess(name, world);
  const { scheduler } = world;
  world.children.add(process);
  let lastWord: ChildEnd | null = null;
  let run: PipelineRun | null = null;
  let stopRequest: Extract<SupervisorMessage, { readonly kind: "stop" }> | null = null;
  const hear = (tell: () => void): void => (supervisor === null ? tell() : supervisor.receive(tell));
  const ended = new Promise<ChildEnd>((resolve) => {
    process.onExit(() => {
      world.children.delete(process);
      world.quietSinceMs = scheduler.nowMs;
      hear(() => resolve(world.wiring.childEnd(lastWord ?? { kind: "lost", how: "it was ended by SIGKILL" })));
    });
  });
  // The watchdog of a process whose supervisor is gone.
  supervisor?.onExit(() =>
    scheduler.after(500 + scheduler.random.below(2500), () => process.receive(() => process.die("without a supervisor"))),
  );
  const main = async (): Promise<void> => {
    try {
      run = await openRun(world, process, start, (message) => scheduler.after(1, () => hear(() => onMessage(message))));
      if (stopRequest !== null) run.stop(stopRequest);
      const outcome = await run.run();
      if (run.metrics().unaccounted !== 0) world.unaccounted += run.metrics().unaccounted;
      lastWord = { kind: "ended", outcome, checkpoint: run.metrics().checkpoint.number };
    } catch (cause) {
      const failed = failedMessage(cause);
      if (failed.fenced) world.fencedOwners.add(ownerOf(start));
      lastWord = failed;
    }
    scheduler.say(() => `${name} says ${JSON.stringify(lastWord)}`);
    process.exit();
  };
  scheduler.after(startUpMs, () => process.receive(() => void main()));
  return {
    pid: undefined,
    ended,
    send(message) {
      scheduler.after(1, () =>
        process.receive(() => {
          if (message.kind === "stop") {
            stopRequest = message;
            run?.stop(message);
          } else if (message.kind === "checkpoint") run?.checkpointNow();
          else if (message.kind === "savepoint") run?.savepoint(message.name);
        }),
      );
    },
    kill: (why) => process.die(`because ${why}`),
  };
}

/** Whoever starts a pipeline process again when it has failed. */
function ownerOf({ supervisor, job, owner }: ProcessStart): string {
  return `${supervisor?.name ?? "by hand"} for ${job.deploymentId} as owner ${owner}`;
}

/** As the real process does it: `startFrom` and the savepoint count until the deployment's own first checkpoint. */
async function openRun(
  world: World,
  process: SimProcess,
  start: ProcessStart,
  tell: (message: ProcessMessage) => void,
): Promise<PipelineRun> {
  const { job, owner } = start;
  const { plan, graphHash } = world.pipeline(job.version);
  const begun = (await process.call("store.deployment", () => world.redis.state.deployment)) === job.deploymentId;
  const life = world.watcher.begin(process);
  let tookOverAtMs = 0;
  const run = createPipelineRun({
    plan,
    graphHash,
    checkpointIntervalMs,
    // In every other world bit by bit, in the others with their checkpoints.
    prewriteBytes: world.prewrites ? 1 : Number.POSITIVE_INFINITY,
    connectors: {
      sources: new Map([["file", world.wiring.source(world, process, () => noteRead(life))]]),
      sinks: new Map([["file", routed(sinkPaths, (path) => world.wiring.sink(world, process, path))]]),
    },
    store: watched(world.wiring.store(world, process, { deploymentId: job.deploymentId, owner }), life, () => {
      tookOverAtMs = world.scheduler.nowMs;
    }),
    clock: process.clock,
    startFrom: begun || job.savepoint === undefined ? (begun ? "latest" : job.startFrom) : { checkpoint: job.savepoint },
    sha256,
    onEvent(event) {
      if (event.kind === "restored" || event.kind === "started-empty") {
        life.restoring = false;
        noteRecovery(world, process, tookOverAtMs);
        if (world.fencedOwners.has(ownerOf(start))) world.tookOverAgain ??= ownerOf(start);
        if (event.kind === "restored" && world.quietSinceMs !== null && world.scheduler.nowMs - world.quietSinceMs > 1000)
          world.watcher.hit(19);
        tell({ kind: "running", checkpoint: event.kind === "restored" ? event.checkpoint : 0 });
      }
      if (event.kind === "checkpoint-committed") world.unaccounted += run.metrics().unaccounted;
      world.scheduler.say(() => `${process.name} ${JSON.stringify(event)}`);
    },
  });
  return run;
}

function noteRead(life: Life): void {
  life.dirty = true;
}

/** When nothing goes wrong any more, a recovery must not wait for what nobody is going to end. */
function noteRecovery(world: World, process: SimProcess, sinceMs: number): void {
  const tookMs = world.scheduler.nowMs - sinceMs;
  if (sinceMs > world.faults.untilMs && !process.wasStopped) world.slowestRecoveryMs = Math.max(world.slowestRecoveryMs, tookMs);
}

/** Notes which checkpoint is being stored, and when the pipeline was taken over. */
function watched(store: CheckpointStore, life: Life, onTakeOver: () => void): CheckpointStore {
  return {
    ...store,
    async takeOver() {
      const taken = await store.takeOver();
      onTakeOver();
      return taken;
    },
    putChunk(token, ref, bytes) {
      life.dirty = false;
      return store.putChunk(token, ref, bytes).then(() => void life.chunks++);
    },
    async commit(token, manifest) {
      life.storing = manifest;
      life.dirty = false;
      await store.commit(token, manifest);
      life.chunks = 0;
    },
  };
}

/** A sink connector that is one of several, by the path in its options. */
function routed(paths: readonly string[], create: (path: string) => SinkConnector): SinkConnector {
  const connectors = new Map(paths.map((path) => [path, create(path)]));
  return {
    guarantee: "exactly-once",
    open(context) {
      const connector = connectors.get(String(context.options.path));
      if (connector === undefined) throw new Error(`no sink ${String(context.options.path)}`);
      return connector.open(context);
    },
  };
}
