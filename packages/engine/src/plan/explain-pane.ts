import type { TypedExpression } from "../expression/typed-expression.ts";
import { writeDuration } from "../types/duration.ts";
import { explainAggregate } from "./explain-record.ts";
import { explainWindow } from "./explain-window.ts";
import type { PlanInput } from "./logical-operator.ts";
import type { PaneOperator, Trigger } from "./pane-operator.ts";

/** What a pane operator does, as lines for people. */
export function explainPane(operator: PaneOperator<TypedExpression, PlanInput>): readonly string[] {
  const by = `by ${operator.keyBy.length === 0 ? "the key of the input" : operator.keyBy.join(", ")}`;
  switch (operator.op) {
    case "running-aggregate":
      return [
        `over all records so far ${by}, ${explainTrigger(operator.trigger)}`,
        `${operator.panes}, output ${operator.output}${explainTtl(operator.ttlMs)}`,
        ...operator.aggregates.map(explainAggregate),
      ];
    case "count-window":
      return [
        `windows of ${operator.size} records sliding by ${operator.slide} ${by}${explainTtl(operator.ttlMs)}`,
        ...(operator.incomplete ? ["incomplete ones at the end of the input"] : []),
        ...operator.aggregates.map(explainAggregate),
      ];
    case "assign-windows":
      return [operator.window.kind === "session" ? `${explainWindow(operator.window)} ${by}` : explainWindow(operator.window)];
  }
}

/** `every 10 records`. */
export function explainTrigger(trigger: Trigger): string {
  if (trigger.kind === "records") return trigger.every === 1 ? "with every record" : `every ${trigger.every} records`;
  return `every ${writeDuration(trigger.everyMs)} of ${trigger.kind === "event-time" ? "event" : "processing"} time`;
}

function explainTtl(ttlMs: number | null): string {
  return ttlMs === null ? "" : `, forgotten after ${writeDuration(ttlMs)}`;
}
