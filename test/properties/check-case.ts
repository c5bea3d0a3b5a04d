import * as Engine from "@millrace/engine";
import { type JsonObject, type LogicalPlan, operatorInputs } from "@millrace/engine";
import { RandomSource } from "@millrace/engine/testing";
import { catalogue } from "@millrace/nodes";
import { runNaively } from "./naive/run-naively.ts";
import type { RandomCase } from "./random-case.ts";
import { lineDifference, netLines, parse, roundedLine, rowDifference } from "./row-difference.ts";
import { type EngineOfRuns, type FeedRun, runFeeds } from "./run-feeds.ts";

/** What checking a case brought; `problem` null: all holds. */
export interface CaseVerdict {
  readonly problem: string | null;
  /** Kinds of operators in the plan. */
  readonly operators: readonly string[];
  /** Sinks that were compared with the naive evaluation. */
  readonly naiveSinks: number;
  readonly sinks: number;
  readonly rows: number;
}

const batchSize = 64;
const otherBatchSizes = [1, 1024] as const;
/** Of the cases, which run on several workers too. */
const shareSpread = 0.08;
/** Of the runs of a case that another order of rows does not change, which keep few keys in memory. */
const shareSpilled = 0.12;

/**
 * Holds a case to everything that must hold of any: its document is what the writer makes of it again; its rows are the
 * same in batches of every size, after a kill at any checkpoint, on any number of workers, and as the naive evaluation has them where there is one;
 * and no record is unaccounted for.
 */
export async function checkCase(of: RandomCase): Promise<CaseVerdict> {
  try {
    return await check(of);
  } catch (cause) {
    return failed(`it fails: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
  }
}

function failed(problem: string): CaseVerdict {
  return { problem, operators: [], naiveSinks: 0, sinks: 0, rows: 0 };
}

async function check(of: RandomCase): Promise<CaseVerdict> {
  const planned = planOf(of);
  if (typeof planned === "string") return failed(planned);
  const operators = [...new Set(planned.steps.map(({ operator }) => nameOf(operator)))];
  const naive = runNaively(planned, of.feeds);
  const straight = await runFeeds(planned, of.feeds, { rowsPerChunk: batchSize, killAfter: null });
  return {
    operators,
    sinks: planned.steps.filter(({ operator }) => operator.op === "sink").length,
    naiveSinks: naive.size,
    rows: [...straight.lines.values()].reduce((sum, list) => sum + list.length, 0),
    problem: (await differs(of, planned, straight)) ?? differsFromNaive(planned, straight, naive) ?? lost(planned, straight),
  };
}

function nameOf(operator: LogicalPlan["steps"][number]["operator"]): string {
  return operator.op === "window-aggregate" ? `${operator.window.kind}-${operator.op}` : operator.op;
}

/** The engine and the nodes, as they are or as they were. */
export interface Version {
  readonly engine: Pick<typeof Engine, "checkGraph" | "contentHash" | "parsePipeline" | "planGraph" | "writePipeline"> & EngineOfRuns;
  readonly catalogue: typeof catalogue;
}

const present: Version = { engine: Engine, catalogue };

/** The plan, or what is wrong with the document. */
export function planOf(of: RandomCase, { engine, catalogue }: Version = present): LogicalPlan | string {
  const { checkGraph, contentHash, parsePipeline, planGraph, writePipeline } = engine;
  const parsed = parsePipeline(JSON.stringify(of.document), catalogue);
  if (!parsed.ok) return `it does not parse: ${parsed.diagnostics[0].message}`;
  const text = writePipeline(parsed.value, catalogue);
  const again = parsePipeline(text, catalogue);
  if (!again.ok) return `the written document does not parse: ${again.diagnostics[0].message}`;
  if (writePipeline(again.value, catalogue) !== text) return "writing the written document again gives other bytes";
  const hash = contentHash(parsed.value.pipeline, catalogue);
  if (contentHash(again.value.pipeline, catalogue) !== hash) return "the written document has another content hash";
  const { checked, diagnostics } = checkGraph(parsed.value.pipeline, catalogue);
  if (checked === null) {
    const found = diagnostics.find(({ severity }) => severity === "error");
    return `it does not check: ${found?.code} ${found?.message}`;
  }
  const plan = planGraph(checked);
  return plan.ok ? plan.value : `it is not planned: ${plan.diagnostics[0].message}`;
}

/** Runs the case in other batches and killed, with all in memory or, of some, few keys; says where the rows differ. */
async function differs(of: RandomCase, plan: LogicalPlan, straight: FeedRun): Promise<string | null> {
  const random = new RandomSource(of.variant);
  const keys = Array.from({ length: 4 }, () =>
    random.chance(shareSpilled) && !dependsOnOrder(plan) ? random.below(4) : Number.POSITIVE_INFINITY,
  );
  for (const [i, rowsPerChunk] of otherBatchSizes.entries()) {
    const other = await runFeeds(plan, of.feeds, { rowsPerChunk, killAfter: null, hotKeys: keys[i] });
    const difference = runDifference(straight, other, plan, keys[i]);
    if (difference !== null)
      return `batches of ${rowsPerChunk} instead of ${batchSize}, with ${keys[i]} keys in memory, change ${difference}`;
  }
  const rowsPerChunk = 7;
  const checkpointed = await runFeeds(plan, of.feeds, { rowsPerChunk, killAfter: new Set(), hotKeys: keys[2] });
  const difference = runDifference(straight, checkpointed, plan, keys[2]);
  if (difference !== null)
    return `batches of ${rowsPerChunk} with a checkpoint after each, and ${keys[2]} keys in memory, change ${difference}`;
  const killAfter = new Set(Array.from({ length: 3 }, () => 1 + random.below(checkpointed.checkpoints * 1.5)));
  const killed = await runFeeds(plan, of.feeds, { rowsPerChunk, killAfter, hotKeys: keys[3] });
  const loss = runDifference(straight, killed, plan, keys[3]);
  if (loss !== null)
    return `kills after checkpoints ${[...killAfter].join(", ")}, in batches of ${rowsPerChunk} with ${keys[3]} keys in memory, change ${loss}`;
  if (!random.chance(shareSpread)) return null;
  const parallelism = Array.from({ length: 3 }, () => 1 + random.below(4));
  const workers = { parallelism, seed: of.variant };
  const spread = await runFeeds(plan, of.feeds, { rowsPerChunk, killAfter, workers });
  const spreading = runDifference(straight, spread, plan);
  if (spreading === null) return null;
  return `${parallelism.join(", ")} workers in turn, killed after checkpoints ${[...killAfter].join(", ")}, change ${spreading}`;
}

/** Operators to which it makes no difference in which order rows of one time come, if they are of several keys. */
const orderless: ReadonlySet<string> = new Set(["filter", "project", "key-by", "branch", "union", "unnest", "lookup-join", "sink"]);

/** Operators that leave open, with keys on disk, how keys follow each other. */
const opening: ReadonlySet<string> = new Set(["window-aggregate", "running-aggregate", "pattern-match", "window-join", "top-n"]);

function opens({ operator }: LogicalPlan["steps"][number]): boolean {
  // What a window by count lacks at the end comes out key by key.
  return opening.has(operator.op) || (operator.op === "count-window" && operator.incomplete);
}

/** Whether something goes by the order of rows of one time from an operator that leaves that open. */
export function dependsOnOrder(plan: LogicalPlan): boolean {
  const open = new Set<string>();
  // Steps come after those that they read.
  for (const step of plan.steps) {
    const readsOpen = operatorInputs(step.operator).some(({ operator }) => open.has(operator));
    if (readsOpen && !orderless.has(step.operator.op)) return true;
    if (readsOpen || opens(step)) open.add(step.id);
  }
  return false;
}

/**
 * Where the committed rows of two runs differ; of changelogs, what is left when all is taken back that is. With few keys in
 * memory (`hotKeys`), what a window adds up is added up in another order, so that doubles agree to 12 digits.
 */
export function runDifference(expected: FeedRun, actual: FeedRun, plan: LogicalPlan, hotKeys = Number.POSITIVE_INFINITY): string | null {
  for (const { id, operator, inputs } of plan.steps) {
    if (operator.op !== "sink") continue;
    const net = inputs[0].changelog === "retract" ? netLines : (lines: readonly string[]) => lines;
    const [wanted, got] = [expected, actual].map(({ lines }) => {
      const own = lines.get(id) ?? [];
      return net(hotKeys === Number.POSITIVE_INFINITY ? own : own.map(roundedLine));
    });
    const difference = lineDifference(wanted, got);
    if (difference !== null) return `${id}: ${difference}`;
  }
  return null;
}

function differsFromNaive(plan: LogicalPlan, straight: FeedRun, naive: ReadonlyMap<string, readonly JsonObject[]>): string | null {
  for (const { id, inputs } of plan.steps) {
    const rows = naive.get(id);
    if (rows === undefined) continue;
    const lines = straight.lines.get(id) ?? [];
    const net = inputs[0].changelog === "retract";
    const difference = net ? lineDifference(netLines(rows.map(lineOf)), netLines(lines)) : rowDifference(rows, lines.map(parse));
    if (difference !== null) return `the naive evaluation has other rows at ${id}: ${difference}`;
  }
  return null;
}

function lineOf(row: JsonObject): string {
  return JSON.stringify(row);
}

/** Records that one of the operators has lost or made, where its kind says how many come out of those that go in. */
function lost(plan: LogicalPlan, { metrics }: FeedRun): string | null {
  if (metrics.unaccounted !== 0) return `${metrics.unaccounted} records are unaccounted for`;
  for (const { node, operator } of plan.steps) {
    const { recordsIn, recordsOut, deadLettered } = metrics.nodes[node];
    const all =
      operator.op === "project" || operator.op === "key-by" || operator.op === "union" || (operator.op === "branch" && !operator.every);
    if (all && recordsIn !== recordsOut + deadLettered) return `${node} took ${recordsIn} records and gave ${recordsOut}`;
    if (operator.op === "lookup-join" && operator.kind === "left" && recordsIn !== recordsOut + deadLettered) {
      return `${node} took ${recordsIn} records and gave ${recordsOut} and ${deadLettered} dead letters`;
    }
    if (operator.op === "filter" && recordsOut > recordsIn) return `${node} took ${recordsIn} records and gave ${recordsOut}`;
  }
  return null;
}
