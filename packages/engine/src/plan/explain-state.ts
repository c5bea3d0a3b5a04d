import type { PipelineSettings } from "../graph/pipeline-settings.ts";
import type { LogicalPlan, PlannedOperator } from "./logical-plan.ts";

type Op = PlannedOperator["op"];

/** Whether keys of an operator may leave memory when a pipeline keeps its state on disk. */
export function canSpill(operator: PlannedOperator): boolean {
  switch (operator.op) {
    case "deduplicate":
    case "look-back":
    case "regular-join":
    case "interval-join":
    case "window-aggregate":
    case "running-aggregate":
    case "count-window":
    case "top-n":
    case "rate-limit":
    case "pattern-match":
    case "threshold-alert":
    case "feature-flag":
    case "temporal-join":
    case "snapshot-join":
      return true;
    case "assign-windows":
      return operator.window.kind === "session";
    case "window-join":
      return operator.kind !== "not-in";
    default:
      return false;
  }
}

/** Operators without state that grows with the data. */
const statelessOperators: ReadonlySet<Op> = new Set<Op>([
  "source",
  "filter",
  "project",
  "key-by",
  "union",
  "branch",
  "sample",
  "unnest",
  "sink",
]);

function hasState(operator: PlannedOperator): boolean {
  if (operator.op === "assign-windows") return operator.window.kind === "session";
  return !statelessOperators.has(operator.op);
}

/** Where the state of each step of a plan is, as a line for people. */
export function explainState(plan: LogicalPlan, mode: PipelineSettings["state"]): string {
  const stateful = plan.steps.filter(({ operator }) => hasState(operator));
  const spilling = mode === "memory" ? [] : stateful.filter(({ operator }) => canSpill(operator));
  const staying = stateful.filter((step) => !spilling.includes(step));
  const parts = [
    ...(spilling.length === 0 ? [] : [`on disk when it grows: ${spilling.map(({ id }) => id).join(", ")}`]),
    ...(staying.length === 0 ? [] : [`in memory: ${staying.map(({ id }) => id).join(", ")}`]),
  ];
  return `state ${parts.length === 0 ? "none" : parts.join("; ")}\n`;
}
