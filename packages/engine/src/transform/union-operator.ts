import type { Operator } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { createPassThrough } from "./pass-through.ts";

/**
 * Records of all inputs, in order of arrival; the host combines the watermarks. Batches of different
 * inputs come with different dictionaries.
 */
export function createUnionOperator(_operator: Extract<PlannedOperator, { op: "union" }>, _step: PlanStep): Operator {
  return createPassThrough();
}
