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

/** Shorter than what a broker waits for a transaction. */
const longestRecoveryMs = 2000;

/** What is wrong with how a simulation ended, or null. */
export function judge(world: World, story: Story, ended: boolean, expected: Expected): string | null {
  const { redis, jobs } = world;
  if (redis.state.token > mostTakeOvers) return `the pipeline was taken over ${redis.state.token} times`;
  if (world.tookOverAgain !== null) return `${world.tookOverAgain} was fenced, and has taken over again by itself`;
  if (!ended) return `it did not end: ${deploymentOutcome(world).join(", ")}`;
  if (world.slowestRecoveryMs > longestRecoveryMs) return `a recovery that nothing disturbed took ${world.slowestRecoveryMs} ms`;
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
  for (const sink of ["topic", "audit", "database", "redis"] as const) {
    const [actual, wanted] = [groups(outputs[sink]), groups(expected[sink])];
    // What Redis lost of its own is not in it; nothing may be there twice.
    const partial = !finished || (story === "edited" && sink === "database");
    const holds =
      story === "old-checkpoint" ? isReplay : story === "redis-loses" && sink === "redis" ? isWithin : partial ? isBeginning : isEqual;
    for (const group of new Set([...actual.keys(), ...wanted.keys()])) {
      const [rows, others] = [actual.get(group) ?? [], wanted.get(group) ?? []];
      if (!holds(rows, others)) return `${sink}: ${describe(group, rows, others)}`;
    }
  }
  return null;
}

/** Rows by what they are in order by: their card, or the partition that they were read from. */
function groups(rows: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byGroup = new Map<string, string[]>();
  for (const row of rows) {
    const group = /"(?:card|position)":"([^" ]+)/.exec(row)?.[1] ?? "";
    byGroup.set(group, [...(byGroup.get(group) ?? []), row]);
  }
  return byGroup;
}

function isEqual(actual: readonly string[], wanted: readonly string[]): boolean {
  return actual.length === wanted.length && isBeginning(actual, wanted);
}

/** The first of the rows. */
function isBeginning(actual: readonly string[], wanted: readonly string[]): boolean {
  return actual.every((row, i) => row === wanted[i]);
}

/** Some of the rows, in their order. */
function isWithin(actual: readonly string[], wanted: readonly string[]): boolean {
  let from = 0;
  return actual.every((row) => {
    const found = wanted.indexOf(row, from);
    from = found + 1;
    return found >= 0;
  });
}

/** All rows up to some point, then all from an earlier one: what came since an old checkpoint comes again, once. */
function isReplay(actual: readonly string[], wanted: readonly string[]): boolean {
  const repeated = actual.length - wanted.length;
  for (let until = Math.max(0, repeated); repeated >= 0 && until <= wanted.length; until++) {
    if (isEqual(actual, [...wanted.slice(0, until), ...wanted.slice(until - repeated)])) return true;
  }
  return false;
}

function describe(group: string, actual: readonly string[], wanted: readonly string[]): string {
  const at = actual.findIndex((row, i) => row !== wanted[i]);
  const place = at < 0 ? Math.min(actual.length, wanted.length) : at;
  const lost = wanted.filter((row) => !actual.includes(row)).length;
  const twice = actual.length - new Set(actual).size - (wanted.length - new Set(wanted).size);
  return `${actual.length} rows of ${group} instead of ${wanted.length}, lost ${lost}, twice ${twice}; row ${place + 1} is ${actual[place] ?? "missing"} instead of ${wanted[place] ?? "nothing"}`;
}
