import { crashPoints } from "./crash-points.ts";
import { expectedOutput } from "./expected-output.ts";
import { randomFaultPlan } from "./faults.ts";
import { firstJob, planIncidents, randomStory, type Story } from "./incidents.ts";
import { inputs } from "./scenario.ts";
import { startRuntime } from "./sim-runtime.ts";
import { judge } from "./verdict.ts";
import { rightWiring, type Wiring } from "./wiring.ts";
import { World } from "./world.ts";

/** A line for each point at which something can die, with how often it was hit. */
export function crashPointTable(hits: ReadonlyMap<number, number>): string {
  return Object.entries(crashPoints)
    .map(([point, words]) => `${point.padStart(4)} ${String(hits.get(Number(point)) ?? 0).padStart(7)}  ${words}`)
    .join("\n");
}

/** How the simulation of one seed went. */
export interface SimResult {
  readonly seed: number;
  readonly story: Story;
  /** null: all is as it must be. */
  readonly problem: string | null;
  readonly trace: readonly string[];
  readonly crashPoints: ReadonlyMap<number, number>;
}

const longestMs = 600_000;

/**
 * Runs the whole system through what a seed has in store for it: two runtimes, their supervisors and processes, Redis, a
 * broker, a database, and everything that can go wrong between them.
 */
export async function simulate(seed: number, options: { readonly wiring?: Wiring; readonly trace?: boolean } = {}): Promise<SimResult> {
  const input = seed % inputs;
  const expected = await expectedOutput(input);
  const world = new World(seed, input, options.wiring ?? rightWiring, options.trace ?? false);
  const { random } = world.scheduler;
  const story = randomStory(random);
  world.faults = randomFaultPlan(random);
  world.scheduler.say(() => `${story}, ${JSON.stringify(world.faults)} at ${world.faults.ports?.source ?? "all ports"}`);
  planIncidents(world, story, world.faults.untilMs);
  world.jobs.add(firstJob());
  startRuntime(world, "r1");
  startRuntime(world, "r2");
  const isOver = (): boolean => world.jobs.allDone && world.children.size === 0 && world.scheduler.nowMs > world.faults.untilMs;
  const ended = await world.scheduler.run(isOver, longestMs);
  if (world.kafka.timedOut > 0) world.watcher.hit(14);
  const problem = judge(world, story, ended, expected);
  world.scheduler.say(() => `verdict: ${problem ?? "right"}`);
  return { seed, story, problem, trace: world.scheduler.trace, crashPoints: world.watcher.hits };
}
