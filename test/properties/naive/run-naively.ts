import type { JsonObject, LogicalPlan, PlanInput, PlannedOperator, PlanStep } from "@millrace/engine";
import type { FeedEvent } from "../random-feed.ts";
import { naiveCountWindow, naiveRunningAggregate } from "./naive-counts.ts";
import { naiveIntervalJoin, naiveRegularJoin, naiveTemporalJoin, naiveWindowJoin } from "./naive-joins.ts";
import { naiveFlag, naiveLookup } from "./naive-lookups.ts";
import type { NaiveOperator, NaiveRow } from "./naive-operator.ts";
import {
  naiveAlert,
  naiveBranch,
  naiveDeduplicate,
  naiveFilter,
  naivePassThrough,
  naiveProject,
  naiveRateLimit,
  naiveUnnest,
} from "./naive-records.ts";
import { naiveSource } from "./naive-source.ts";
import { naiveLookBack, naiveTopN, naiveWindow } from "./naive-windows.ts";

interface Station {
  readonly step: PlanStep;
  /** null: of a source. */
  readonly operator: NaiveOperator | null;
  readonly targets: { readonly port: string; readonly station: Station; readonly input: number }[];
  readonly watermarks: number[];
  watermark: number;
  /** Rows that a sink took. */
  readonly taken: NaiveRow[];
  /** Whether its rows come in the same order as those of the engine, and not only at the same watermarks. */
  readonly ordered: boolean;
}

/**
 * The rows of the sinks of a plan, one record at a time, each followed by its watermark. Sinks behind operators without
 * a naive form are left out; so is everything when a feed has gaps, whose idleness has none, but at its end: what is idle then
 * ends as everything does.
 */
export function runNaively(
  plan: LogicalPlan,
  given: Readonly<Record<string, readonly FeedEvent[]>>,
): ReadonlyMap<string, readonly JsonObject[]> {
  const feeds = Object.fromEntries(
    Object.entries(given).map(([path, events]) => [path, events.slice(0, events.findLastIndex(({ kind }) => kind === "line") + 1)]),
  );
  if (Object.values(feeds).some((events) => events.some(({ kind }) => kind === "gap"))) return new Map();
  const stations = new Map<string, Station>();
  const needed = leadingToSinks(plan);
  for (const step of plan.steps) if (needed.has(step.id)) addStation(stations, step);
  const sources = [...stations.values()].flatMap((station) => {
    const { operator } = station.step;
    if (operator.op !== "source") return [];
    const live = station.step.liveFields.out ?? operator.fields.map(() => true);
    return [{ station, source: naiveSource(operator, live, feeds[String(operator.options.path)] ?? []) }];
  });
  for (let open = true; open; ) {
    open = false;
    for (const { station, source } of sources) {
      const next = source.next();
      if (next === null) continue;
      open = true;
      for (const row of next.rows) emit(station, "out", row);
      if (next.watermark !== null) forward(station, next.watermark);
    }
  }
  for (const { station } of sources) forward(station, Number.POSITIVE_INFINITY);
  const sinks = [...stations.values()].filter(({ step }) => step.operator.op === "sink");
  return new Map(sinks.map((station) => [station.step.id, station.taken.map((row) => sinkRow(station.step, row))]));
}

/** Steps of which a sink gets something. Sources do not look at what only others would read, so that it may be anything there. */
function leadingToSinks({ steps }: LogicalPlan): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const { id, operator } of steps.toReversed()) {
    if (operator.op === "sink") needed.add(id);
    if (needed.has(id)) for (const input of inputsOf(operator)) needed.add(input.operator);
  }
  return needed;
}

function addStation(stations: Map<string, Station>, step: PlanStep): void {
  const inputs = inputsOf(step.operator);
  const upstream = inputs.map(({ operator }) => stations.get(operator));
  const operator = naiveOperator(step);
  if (operator === null && step.operator.op !== "source") return;
  if (
    upstream.includes(undefined) ||
    inputs.some(({ port, operator: id }) => port === "dead_letter" && stations.get(id)?.operator === null)
  )
    return;
  const ordered = upstream.every((station) => station?.ordered !== false);
  if (!ordered && dependsOnOrder(step.operator)) return;
  const watermarks = inputs.map(() => Number.NEGATIVE_INFINITY);
  const isOrdered = ordered && !mixesKeys(step.operator);
  const station: Station = { step, operator, targets: [], watermarks, watermark: Number.NEGATIVE_INFINITY, taken: [], ordered: isOrdered };
  stations.set(step.id, station);
  inputs.forEach(({ port }, input) => {
    upstream[input]?.targets.push({ port, station, input });
  });
}

/** Whether rows of several keys come out at one watermark, in an order among the keys that nothing promises. */
function mixesKeys({ op }: PlannedOperator): boolean {
  return op === "window-aggregate" || op === "top-n" || op === "feature-flag" || (op.endsWith("-join") && op !== "lookup-join");
}

/** Functions that have a naive form. */
const naiveFunctions: ReadonlySet<string> = new Set([
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "count_distinct",
  "first",
  "last",
  "collect",
  "string_agg",
]);

const orderedFunctions: ReadonlySet<string> = new Set(["first", "last", "collect", "string_agg"]);

/** Whether it makes a difference which of two rows of one time comes first. */
function dependsOnOrder(operator: PlannedOperator): boolean {
  switch (operator.op) {
    case "rate-limit":
    case "deduplicate":
    case "top-n":
    case "threshold-alert":
    case "feature-flag":
    case "temporal-join":
    case "count-window":
    case "running-aggregate":
      return true;
    case "window-aggregate":
    case "look-back":
      return operator.aggregates.some(({ fn }) => orderedFunctions.has(fn)) || ("window" in operator && operator.window.kind === "session");
    default:
      return false;
  }
}

function inputsOf(operator: PlannedOperator): readonly PlanInput[] {
  if (operator.op === "source") return [];
  if (operator.op === "union") return operator.inputs;
  return "left" in operator ? [operator.left, operator.right] : [operator.input];
}

function naiveOperator(step: PlanStep): NaiveOperator | null {
  const { operator } = step;
  if ("strict" in operator && operator.strict === true) return null;
  if ("aggregates" in operator && operator.aggregates.some(({ fn }) => !naiveFunctions.has(fn))) return null;
  switch (operator.op) {
    case "filter":
      return naiveFilter(operator, step);
    case "project":
      return naiveProject(operator, step);
    case "key-by":
    case "union":
    case "sink":
      return naivePassThrough;
    case "branch":
      return naiveBranch(operator, step);
    case "unnest":
      return naiveUnnest(operator);
    case "deduplicate":
      return naiveDeduplicate(operator, step);
    case "rate-limit":
      return naiveRateLimit(operator, step);
    case "threshold-alert":
      return naiveAlert(operator, step);
    case "window-aggregate":
      return naiveWindow(operator, step);
    case "look-back":
      return naiveLookBack(operator, step);
    case "count-window":
      return naiveCountWindow(operator, step);
    case "running-aggregate":
      return naiveRunningAggregate(operator, step);
    case "top-n":
      return naiveTopN(operator, step);
    case "interval-join":
      return naiveIntervalJoin(operator, step);
    case "window-join":
      return naiveWindowJoin(operator, step);
    case "temporal-join":
      return naiveTemporalJoin(operator, step);
    case "regular-join":
      return naiveRegularJoin(operator, step);
    case "lookup-join":
      return naiveLookup(operator, step);
    case "feature-flag":
      return naiveFlag(operator, step);
    default:
      return null;
  }
}

function emit(station: Station, port: string, row: NaiveRow): void {
  for (const target of station.targets) {
    if (target.port !== port) continue;
    const { station: next } = target;
    if (next.step.operator.op === "sink") next.taken.push(row);
    else next.operator?.row(target.input, row, (outPort, out) => emit(next, outPort, out));
  }
}

/** Every port of a station carries its watermark; an operator has that of the input that is furthest behind. */
function forward(station: Station, watermark: number): void {
  for (const { station: next, input } of station.targets) {
    next.watermarks[input] = Math.max(next.watermarks[input], watermark);
    const combined = Math.min(...next.watermarks);
    if (!(combined > next.watermark)) continue;
    next.watermark = combined;
    const out = next.operator?.watermark?.(combined, (port, row) => emit(next, port, row)) ?? combined;
    forward(next, out);
  }
}

/** A row as the sink's line would be read. */
function sinkRow(step: PlanStep, { fields, kind }: NaiveRow): JsonObject {
  const [type] = step.inputs;
  const row = Object.fromEntries(type.fields.map(({ name }) => [name, fields[name] ?? null]));
  return JSON.parse(JSON.stringify(type.changelog === "append" ? row : { _op: kind, ...row }));
}
