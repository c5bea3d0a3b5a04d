import type { PlanStep } from "./logical-plan.ts";

/**
 * By which fields the records of each input of a step have to be together. `any`: each record stands for itself. `all`:
 * records of all keys have to be together, because the step has no key or looks across keys.
 */
export type StepKeys = "any" | "all" | readonly (readonly string[])[];

/** What a step asks of how its inputs are spread over workers. */
export function stepKeys(step: PlanStep): StepKeys {
  const { operator } = step;
  switch (operator.op) {
    case "source":
    case "filter":
    case "project":
    case "key-by":
    case "branch":
    case "union":
    case "unnest":
    case "sample":
    case "sink":
      return "any";
    case "assign-windows":
      return operator.window.kind === "session" ? keyed(step, operator.keyBy) : "any";
    case "window-aggregate":
    case "running-aggregate":
    case "count-window":
    case "look-back":
    case "top-n":
    case "feature-flag":
    case "threshold-alert":
    case "deduplicate":
    case "rate-limit":
    case "pattern-match":
      return keyed(step, operator.keyBy);
    case "window-join":
      // NOT IN of SQL looks for a NULL among all records of the right.
      return operator.kind === "not-in" ? "all" : joined(operator.on);
    case "interval-join":
    case "temporal-join":
    case "regular-join":
      return joined(operator.on);
    case "snapshot-join":
    case "lookup-join":
      // The limits of what waits, and when loading has ended, hold for all records together.
      return "all";
  }
}

function keyed({ inputs: [input] }: PlanStep, keyBy: readonly string[]): StepKeys {
  const names = keyBy.length > 0 ? keyBy : input.key;
  return names.length === 0 ? "all" : [names];
}

function joined(on: readonly { readonly left: string; readonly right: string }[]): StepKeys {
  if (on.length === 0) return "all";
  return [on.map(({ left }) => left), on.map(({ right }) => right)];
}

/**
 * Whether what comes out of a step depends on the order in which records of different keys come to it. Workers keep the
 * order of each key, but not that between keys. Steps that stand on each record alone hand on whatever order they get.
 */
export function needsOrder(step: PlanStep): boolean {
  const { operator } = step;
  switch (operator.op) {
    case "window-aggregate":
      return !(
        operator.output === "append" &&
        operator.early === undefined &&
        operator.panes !== "discarding" &&
        operator.aggregates.every(({ fn, argument }) => orderless.has(fn) || (exact.has(fn) && argument?.type.kind === "bigint"))
      );
    case "interval-join":
    case "window-join":
    case "lookup-join":
      return false;
    case "assign-windows":
      return operator.window.kind === "session";
    default:
      return stepKeys(step) !== "any";
  }
}

/** Whether a step hands on records as they come, without judging whether they are late. */
export function isPassing(step: PlanStep): boolean {
  return stepKeys(step) === "any" || step.operator.op === "lookup-join";
}

/** Whether rows of a port are never behind the watermark. */
export function isOnTime({ operator }: PlanStep, port: string): boolean {
  return operator.op === "window-aggregate" && port === "out" && operator.output === "append" && operator.early === undefined;
}

const orderless: ReadonlySet<string> = new Set([
  "count",
  "min",
  "max",
  "count_distinct",
  "approx_count_distinct",
  "median",
  "p90",
  "p95",
  "p99",
]);
/** Without order where no digit can be lost. */
const exact: ReadonlySet<string> = new Set(["sum", "avg"]);

/** The name under which field `name` of input `input` leaves by `port`; null when it does not, or may be NULL there. */
export function outputName(step: PlanStep, input: number, name: string, port: string): string | null {
  const found = nameAfter(step, input, name, port);
  const output = step.outputs[port];
  // Where a name stands for two fields, nothing is sure.
  return found !== null && output?.fields.filter((field) => field.name === found).length === 1 ? found : null;
}

function nameAfter(step: PlanStep, input: number, name: string, port: string): string | null {
  const { operator } = step;
  switch (operator.op) {
    case "project":
      return port === "dead_letter"
        ? name
        : (operator.fields.find(({ value }) => value.kind === "field" && value.name === name)?.name ?? null);
    case "union":
      return step.outputs.out.fields[step.inputs[input].fields.findIndex((field) => field.name === name)]?.name ?? null;
    case "unnest":
      return name === operator.field ? null : name;
    case "assign-windows":
      return ["window_start", "window_end"].includes(name) && port !== "late" ? null : name;
    case "top-n":
      return ["window_start", "window_end", "rank"].includes(name) && port !== "late" ? null : name;
    case "interval-join":
    case "window-join":
    case "temporal-join":
    case "regular-join":
      if (port !== "out") return (port === "late_right") === (input === 1) ? name : null;
      // Where the right comes out alone, the left is NULL.
      return input === 0 && operator.kind !== "right" && operator.kind !== "full" ? name : null;
    default:
      return name;
  }
}

/** The name of the field of input `input` that leaves by `port` as `name`; null when there is none. */
export function inputName(step: PlanStep, input: number, name: string, port: string): string | null {
  const fields = step.inputs[input].fields.filter((field) => outputName(step, input, field.name, port) === name);
  return fields.length === 1 ? fields[0].name : null;
}
