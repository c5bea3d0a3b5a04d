import { deploymentOutcome, type Expected } from "./expected-output.ts";
import type { Story } from "./incidents.ts";
import type { World } from "./world.ts";

/** Stops that are allowed, as they say what they are about; what was written until then must be right. */
const loudStops: Readonly<Record<Story, readonly string[]>> = {
  alone: [],
  edited: [],
  "deployed-again": [],
  "old-checkpoint": [],
  "redis-loses": ["SINK_AHEAD", "FENCED", "CHECKPOINT_DAMAGED", "SINK_FENCED", "CHECKPOINT_STORE_UNAVAILABLE"],
  "by-hand": ["FENCED", "SINK_FENCED"],
};

/** More take-overs than this are no accident. */
const mostTakeOvers = 60;

/** What is wrong with how a simulation ended, or null. */
export function judge(world: World, story: Story, ended: boolean, expected: Expected): string | null {
  const { redis, jobs } = world;
  if (redis.state.token > mostTakeOvers) return `the pipeline was taken over ${redis.state.token} times`;
  if (!ended) return `it did not end: ${deploymentOutcome(world).join(", ")}`;
  if (world.unaccounted !== 0) return `${world.unaccounted} records are unaccounted for`;
  const states = [...jobs.deployments.values()].map(({ status }) => status);
  const stopped = states.find((status) => status?.state === "FAILED");
  if (stopped !== undefined && !loudStops[story].includes(stopped?.problem?.code ?? "")) {
    return `it failed with ${stopped?.problem?.code}: ${stopped?.problem?.message}`;
  }
  const finished = states.some((status) => status?.state === "FINISHED") || world.finishedByHand;
  if (!finished && stopped === undefined) return `nothing has finished: ${deploymentOutcome(world).join(", ")}`;
  return wrongOutput(world, story, finished, expected);
}

function wrongOutput(world: World, story: Story, finished: boolean, expected: Expected): string | null {
  const outputs = world.outputs();
  for (const sink of ["topic", "database", "redis"] as const) {
    const [actual, wanted] = [outputs[sink], expected[sink]];
    // What Redis lost of its own is not in it; nothing may be there twice.
    const partial = !finished || (story === "edited" && sink === "database") || (story === "redis-loses" && sink === "redis");
    const problem =
      story === "old-checkpoint"
        ? notReplayed(actual, wanted)
        : story === "redis-loses" && sink === "redis"
          ? notWithin(actual, wanted)
          : notEqual(actual, wanted, partial);
    if (problem !== null) return `${sink}: ${problem}`;
  }
  return null;
}

/** All rows in order; `partial`: the first of them. */
function notEqual(actual: readonly string[], wanted: readonly string[], partial: boolean): string | null {
  const at = actual.findIndex((row, i) => row !== wanted[i]);
  if (at >= 0) return describe(actual, wanted, at);
  return partial || actual.length === wanted.length ? null : describe(actual, wanted, actual.length);
}

/** Rows of `wanted` without repeats, in their order. */
function notWithin(actual: readonly string[], wanted: readonly string[]): string | null {
  let from = 0;
  for (const [at, row] of actual.entries()) {
    const found = wanted.indexOf(row, from);
    if (found < 0) return describe(actual, wanted, at);
    from = found + 1;
  }
  return null;
}

/** All rows up to some point, then all from an earlier one: what came since an old checkpoint comes again, once. */
function notReplayed(actual: readonly string[], wanted: readonly string[]): string | null {
  const repeated = actual.length - wanted.length;
  if (repeated < 0) return describe(actual, wanted, actual.length);
  for (let until = repeated; until <= wanted.length; until++) {
    const [before, after] = [actual.slice(0, until), actual.slice(until)];
    if (before.every((row, i) => row === wanted[i]) && after.every((row, i) => row === wanted[until - repeated + i])) return null;
  }
  return `${actual.length} rows are no replay of ${wanted.length}`;
}

function describe(actual: readonly string[], wanted: readonly string[], at: number): string {
  const lost = wanted.filter((row) => !actual.includes(row)).length;
  const twice = actual.length - new Set(actual).size - (wanted.length - new Set(wanted).size);
  return `row ${at + 1} is ${actual[at] ?? "missing"} instead of ${wanted[at] ?? "nothing"} (lost ${lost}, twice ${twice}, ${actual.length} of ${wanted.length} rows)`;
}
