import type { RandomSource } from "@millrace/engine/testing";
import type { DeploymentJob } from "@millrace/protocol";
import { startPipelineProcess } from "./sim-pipeline-process.ts";
import type { World } from "./world.ts";

/** What a seed is about, beside the faults of single calls. */
export type Story = "alone" | "edited" | "deployed-again" | "old-checkpoint" | "redis-loses" | "by-hand";

const stories: readonly Story[] = [
  "alone",
  "alone",
  "alone",
  "alone",
  "alone",
  "edited",
  "deployed-again",
  "old-checkpoint",
  "redis-loses",
  "by-hand",
];

export function randomStory(random: RandomSource): Story {
  return random.pick(stories);
}

export function firstJob(): DeploymentJob {
  return { protocolVersion: 1, deploymentId: "d1", pipelineId: "payments", version: 1, pipeline: "{}", startFrom: "latest" };
}

/** Plans what happens to the machines, and what the story asks for. */
export function planIncidents(world: World, story: Story, endMs: number): void {
  const { scheduler } = world;
  const { random } = scheduler;
  const sometime = (): number => 100 + random.below(endMs);
  for (let n = random.below(3); n > 0; n--) scheduler.after(sometime(), () => killChild(world));
  if (random.chance(0.25)) scheduler.after(sometime(), () => killSupervisor(world));
  if (random.chance(0.4)) scheduler.after(sometime(), () => stopMachine(world));
  if (random.chance(0.15)) scheduler.after(sometime(), () => youngest(world.children)?.stopFor(200 + random.below(3000)));
  if (random.chance(0.2)) scheduler.after(sometime(), () => giveTwice(world));
  if (random.chance(0.1)) scheduler.after(sometime(), () => loseJob(world));
  if (random.chance(0.3)) scheduler.after(sometime(), () => jumpBack(world));
  tell(world, story, sometime);
}

function tell(world: World, story: Story, sometime: () => number): void {
  const { scheduler, redis, jobs } = world;
  if (story === "redis-loses") {
    scheduler.after(sometime(), () => {
      const writes = 1 + scheduler.random.below(4);
      scheduler.say(() => `Redis loses its newest ${writes} writes`);
      redis.lose(writes);
      world.watcher.hit(15);
    });
  }
  if (story === "edited" || story === "deployed-again") {
    const version = story === "edited" ? 2 : 1;
    scheduler.after(sometime(), () => {
      if (jobs.allDone) return;
      if (story === "edited" && redis.state.newest > 0) world.watcher.hit(16);
      jobs.add({ ...firstJob(), deploymentId: "d2", version });
    });
  }
  if (story === "old-checkpoint") {
    scheduler.after(sometime(), () => {
      const old = [...redis.state.manifests.keys()].filter((number) => number < redis.state.newest);
      if (jobs.allDone || old.length === 0) return;
      const savepoint = scheduler.random.pick(old);
      redis.keep(redis.state.token, savepoint);
      world.watcher.hit(12);
      scheduler.say(() => `started again from checkpoint ${savepoint}, the newest is ${redis.state.newest}`);
      jobs.add({ ...firstJob(), deploymentId: "d2", savepoint });
    });
  }
  if (story === "by-hand") {
    scheduler.after(sometime(), () => {
      scheduler.say(() => "somebody runs the pipeline by hand");
      runByHand(world, 1);
    });
  }
}

/** As a service manager does it: what fails is started again, unless it is told not to. */
function runByHand(world: World, life: number): void {
  const job = { ...firstJob(), deploymentId: "hand" };
  const { ended } = startPipelineProcess(world, { name: `by-hand.${life}`, supervisor: null, job, owner: null }, () => {});
  void ended.then((end) => {
    if (end.kind === "ended") world.finishedByHand = true;
    else if (end.kind === "lost" || end.retryable) world.scheduler.after(300, () => runByHand(world, life + 1));
  });
}

function youngest<T>(all: ReadonlySet<T>): T | undefined {
  return [...all].at(-1);
}

function killChild(world: World): void {
  const child = youngest(world.children);
  if (child === undefined) return;
  world.watcher.onKill(child);
  child.die("because it is killed");
}

function killSupervisor(world: World): void {
  [...world.supervisors]
    .find((supervisor) => [...world.jobs.deployments.values()].some(({ holder }) => holder === supervisor))
    ?.die("because it is killed");
}

/** Everything of the runtime that holds the job stands still, often for longer than its lock. */
function stopMachine(world: World): void {
  const ms = 300 + world.scheduler.random.below(12_000);
  for (const { holder } of world.jobs.deployments.values()) {
    if (holder === null) continue;
    holder.stopFor(ms);
    for (const child of world.children)
      if (child.name.startsWith(`${holder.name}.`)) child.stopFor(ms + 5 * world.scheduler.random.below(100));
  }
}

function giveTwice(world: World): void {
  for (const deployment of world.jobs.deployments.values()) deployment.extra = true;
}

function loseJob(world: World): void {
  for (const deployment of world.jobs.deployments.values()) world.jobs.lose(deployment);
}

function jumpBack(world: World): void {
  const ms = 1000 + world.scheduler.random.below(3_600_000);
  world.scheduler.say(() => `the wall clock goes back by ${ms} ms`);
  world.wallOffsetMs -= ms;
  world.watcher.hit(20);
}
