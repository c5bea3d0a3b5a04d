import { planOf, runDifference, type Version } from "./check-case.ts";
import { randomCase } from "./random-case.ts";
import { runFeeds } from "./run-feeds.ts";

/** What was seen of random pipelines that an earlier version has begun and this one has ended. */
export interface AcrossVersions {
  /** Runs that were begun by the one and ended by the other. */
  readonly runs: number;
  /** Pipelines of nodes or settings that the earlier version did not have. */
  readonly unknown: number;
  readonly operators: ReadonlyMap<string, number>;
  /** The first case whose rows are others, or that does not go on; null: there is none. */
  readonly failure: { readonly seed: number; readonly report: string } | null;
}

/** Begins the cases of some seeds with an earlier version, kills them after a third and after two thirds of their checkpoints, and goes on with this one. */
export async function fuzzAcross(earlier: Version, from: number, count: number): Promise<AcrossVersions> {
  const operators = new Map<string, number>();
  let runs = 0;
  let unknown = 0;
  for (let seed = from; seed < from + count; seed++) {
    const found = await acrossOne(earlier, seed, operators);
    if (typeof found === "string") return { runs, unknown, operators, failure: { seed, report: found } };
    runs += found;
    if (found === 0) unknown++;
  }
  return { runs, unknown, operators, failure: null };
}

/** How many runs were compared, or what is wrong with one. */
async function acrossOne(earlier: Version, seed: number, operators: Map<string, number>): Promise<number | string> {
  const of = randomCase(seed);
  const before = planOf(of, earlier);
  if (typeof before === "string") return 0;
  const plan = planOf(of);
  if (typeof plan === "string") return `the pipeline opened in the earlier version, and now ${plan}`;
  const straight = await runFeeds(plan, of.feeds, { rowsPerChunk: 7, killAfter: new Set() });
  const begun = { plan: before, engine: earlier.engine };
  for (const share of [1, 2]) {
    const dies = Math.ceil((straight.checkpoints * share) / 3);
    try {
      const actual = await runFeeds(plan, of.feeds, { rowsPerChunk: 7, killAfter: new Set([dies]), begun });
      const difference = runDifference(straight, actual, plan);
      if (difference !== null) return `gone on with after checkpoint ${dies} it has other rows at ${difference}`;
    } catch (cause) {
      return `gone on with after checkpoint ${dies} it fails: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`;
    }
  }
  for (const { operator } of plan.steps) operators.set(operator.op, (operators.get(operator.op) ?? 0) + 1);
  return 2;
}
