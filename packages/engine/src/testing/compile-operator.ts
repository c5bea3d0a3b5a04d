import { compilePlan } from "../compile/compile-plan.ts";
import type { Operator } from "../dataflow/operator.ts";
import { deriveTypes } from "../plan/derive-type.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { StreamType } from "../types/stream-type.ts";
import { type HarnessOptions, OperatorHarness } from "./operator-harness.ts";
import { planStepOf } from "./plan-step.ts";

/** A harness around one planned operator, compiled as the engine compiles it. Throws when its types cannot be told. */
export function compiledHarness(
  operator: PlannedOperator,
  inputs: readonly StreamType[],
  options: Partial<HarnessOptions> = {},
): OperatorHarness {
  const outputs = deriveTypes(operator, inputs, (expression) => ({
    type: expression.type,
    field: expression.kind === "field" ? expression.name : null,
  }));
  if (outputs === null) throw new Error(`the types of ${operator.op} cannot be derived`);
  const step = planStepOf(operator, inputs, outputs);
  const create = (): Operator => {
    const [compiled] = compilePlan({ pipelineId: "test", steps: [step], edges: [] }).steps;
    if (compiled.kind !== "operator") throw new Error(`${operator.op} is no operator`);
    return compiled.operator;
  };
  return new OperatorHarness({ create, inputs, outputs, ...options });
}
