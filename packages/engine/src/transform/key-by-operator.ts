import type { Operator } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { createPassThrough } from "./pass-through.ts";

/** Keys are declared in the stream type, where keyed operators find them; records pass as they are. */
export function createKeyByOperator(_operator: Extract<PlannedOperator, { op: "key-by" }>, _step: PlanStep): Operator {
  return createPassThrough();
}
