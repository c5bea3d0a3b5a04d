import { DeploymentRunner, type RunnerHost } from "@millrace/runtime/supervision";
import { claimSimStatus, type SimDeployment, untilClear } from "./sim-jobs.ts";
import { startPipelineProcess } from "./sim-pipeline-process.ts";
import { SimProcess } from "./sim-process.ts";
import type { World } from "./world.ts";

const lookEveryMs = 700;
const renewEveryMs = 2500;
const reconcileEveryMs = 3000;

/** A runtime: its supervisor takes jobs and runs each with the real runner; when it dies, another one starts in its place. */
export function startRuntime(world: World, name: string, life = 1): void {
  const process = new SimProcess(life === 1 ? name : `${name}'${life}`, world);
  world.supervisors.add(process);
  process.onExit(() => {
    world.supervisors.delete(process);
    world.scheduler.after(1000 + world.scheduler.random.below(3000), () => startRuntime(world, name, life + 1));
  });
  const running = new Set<string>();
  const look = async (): Promise<void> => {
    for (;;) {
      const deployment = world.jobs.take(process, running);
      if (deployment !== null) void runJob(world, process, deployment, running);
      await process.clock.sleep(lookEveryMs);
    }
  };
  void look();
  const reconcile = async (): Promise<void> => {
    for (;;) {
      await process.clock.sleep(reconcileEveryMs);
      world.jobs.reconcile(process);
    }
  };
  void reconcile();
}

async function runJob(world: World, process: SimProcess, deployment: SimDeployment, running: Set<string>): Promise<void> {
  const id = deployment.job.deploymentId;
  running.add(id);
  const lost = new AbortController();
  const over = new AbortController();
  void renewUntil(world, process, deployment, over.signal, () => lost.abort());
  const runner = new DeploymentRunner(deployment.job, hostOf(world, process, deployment));
  deployment.control = (message) => process.receive(() => runner.control(message));
  const outcome = await runner.run(deployment.desired, lost.signal);
  over.abort();
  world.scheduler.say(() => `${process.name} is through with ${id}: ${outcome}`);
  world.jobs.release(deployment, process);
  running.delete(id);
}

async function renewUntil(
  world: World,
  process: SimProcess,
  deployment: SimDeployment,
  signal: AbortSignal,
  onLost: () => void,
): Promise<void> {
  for (;;) {
    await process.clock.sleep(renewEveryMs, signal);
    if (signal.aborted) return;
    if (!world.jobs.renew(deployment, process)) return onLost();
  }
}

function hostOf(world: World, process: SimProcess, deployment: SimDeployment): RunnerHost {
  const { scheduler, jobs } = world;
  let children = 0;
  const say = (details: object, message: string): void => scheduler.say(() => `${process.name} ${message} ${JSON.stringify(details)}`);
  return {
    clock: process.clock,
    log: { info: say, warn: say, error: say },
    random: () => scheduler.random.fraction(),
    startProcess: ({ owner }, onMessage) =>
      startPipelineProcess(
        world,
        { name: `${process.name}.${deployment.job.deploymentId}.${++children}`, supervisor: process, job: deployment.job, owner },
        onMessage,
      ),
    claimStatus: (nowMs) => claimSimStatus(jobs, deployment, process, nowMs),
    isSuperseded: () => untilClear(process, () => process.call("order", () => jobs.isSuperseded(deployment))),
  };
}
