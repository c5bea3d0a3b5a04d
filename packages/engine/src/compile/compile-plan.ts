import { createFeatureFlagOperator } from "../alert/feature-flag-operator.ts";
import { createThresholdAlertOperator } from "../alert/threshold-alert-operator.ts";
import { createEncoder } from "../column/create-encoder.ts";
import type { CompiledStep, Dataflow } from "../dataflow/dataflow.ts";
import type { Operator } from "../dataflow/operator.ts";
import type { TakeColumns } from "../dataflow/pipeline-run.ts";
import { createColumnsStage, createSinkStage } from "../dataflow/sink-stage.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { createIntervalJoinOperator } from "../join/interval-join-operator.ts";
import { createRegularJoinOperator } from "../join/regular-join-operator.ts";
import { createSnapshotJoinOperator } from "../join/snapshot-join-operator.ts";
import { createTemporalJoinOperator } from "../join/temporal-join-operator.ts";
import { createWindowJoinOperator } from "../join/window-join-operator.ts";
import { createLookupJoinOperator } from "../lookup/lookup-join-operator.ts";
import { eventConditions } from "../pattern/operator-pattern.ts";
import { createPatternMatchOperator } from "../pattern/pattern-match-operator.ts";
import type { NamedExpression } from "../plan/logical-operator.ts";
import type { LogicalPlan, PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { createBranchOperator } from "../transform/branch-operator.ts";
import { createDeduplicateOperator } from "../transform/deduplicate-operator.ts";
import { createFilterOperator } from "../transform/filter-operator.ts";
import { createKeyByOperator } from "../transform/key-by-operator.ts";
import { createProjectOperator } from "../transform/project-operator.ts";
import { createRateLimitOperator } from "../transform/rate-limit-operator.ts";
import { createSampleOperator } from "../transform/sample-operator.ts";
import { createStrictOperator } from "../transform/strict-operator.ts";
import { createUnionOperator } from "../transform/union-operator.ts";
import { createUnnestOperator } from "../transform/unnest-operator.ts";
import { createAssignWindowsOperator } from "../window/assign-windows-operator.ts";
import { createCountWindowOperator } from "../window/count-window-operator.ts";
import { createLookBackOperator } from "../window/look-back-operator.ts";
import { createRunningAggregateOperator } from "../window/running-aggregate-operator.ts";
import { createTopNOperator } from "../window/top-n-operator.ts";
import { createWindowAggregateOperator } from "../window/window-aggregate-operator.ts";

/** Makes the physical operators of a plan. Exhaustive over the closed union of logical operators. `takeColumns`: see `PipelineRunOptions`. */
export function compilePlan(plan: LogicalPlan, takeColumns?: TakeColumns): Dataflow {
  return { plan, steps: plan.steps.map((step) => compileStep(step, takeColumns)) };
}

function compileStep(step: PlanStep, takeColumns: TakeColumns | undefined): CompiledStep {
  const { operator } = step;
  if (operator.op === "source") return { kind: "source", step };
  if (operator.op === "sink") {
    const [input] = step.inputs;
    if (takeColumns !== undefined) return { kind: "sink", step, stage: createColumnsStage(step.node, takeColumns) };
    return { kind: "sink", step, stage: createSinkStage(createEncoder(operator.format, input.fields, input.changelog)) };
  }
  return { kind: "operator", step, operator: createOperator(operator, step) };
}

function createOperator(operator: Exclude<PlannedOperator, { readonly op: "source" | "sink" }>, step: PlanStep): Operator {
  switch (operator.op) {
    case "filter":
      return createFilterOperator(operator, step);
    case "project":
      return createProjectOperator(operator, step);
    case "key-by":
      return createKeyByOperator(operator, step);
    case "branch":
      return createBranchOperator(operator, step);
    case "union":
      return createUnionOperator(operator, step);
    case "window-aggregate":
      return createWindowAggregateOperator(operator, step);
    case "interval-join":
      return createIntervalJoinOperator(operator, step);
    case "window-join":
      return createWindowJoinOperator(operator, step);
    case "temporal-join":
      return createTemporalJoinOperator(operator, step);
    case "snapshot-join":
      return createSnapshotJoinOperator(operator, step);
    case "regular-join":
      return createRegularJoinOperator(operator, step);
    case "lookup-join":
      return createLookupJoinOperator(operator, step);
    case "deduplicate":
      return createDeduplicateOperator(operator, step);
    case "look-back":
      return createLookBackOperator(operator, step);
    case "running-aggregate":
      return createRunningAggregateOperator(operator, step);
    case "count-window":
      return createCountWindowOperator(operator, step);
    case "assign-windows":
      return createAssignWindowsOperator(operator, step);
    case "top-n":
      return createTopNOperator(operator, step);
    case "rate-limit":
      return createRateLimitOperator(operator, step);
    case "sample":
      return createSampleOperator(operator, step);
    case "unnest":
      return createUnnestOperator(operator, step);
    case "pattern-match":
      return strictly(operator, step, createPatternMatchOperator(operator, step), eventConditions(operator, step.inputs[0].fields));
    case "feature-flag":
      return strictly(operator, step, createFeatureFlagOperator(operator, step), [
        { name: "setWhen", value: operator.setWhen },
        ...(operator.unsetWhen === null ? [] : [{ name: "unsetWhen", value: operator.unsetWhen }]),
      ]);
    case "threshold-alert":
      return strictly(operator, step, createThresholdAlertOperator(operator, step), [
        { name: "raiseWhen", value: operator.raiseWhen },
        ...(operator.clearWhen === null ? [] : [{ name: "clearWhen", value: operator.clearWhen }]),
      ]);
  }
}

/** The operator, without the records on which a condition fails where that is wanted. */
function strictly(
  { strict }: { readonly strict?: boolean },
  step: PlanStep,
  operator: Operator,
  conditions: readonly NamedExpression<TypedExpression>[],
): Operator {
  return strict === true ? createStrictOperator(operator, conditions, step.inputs[0]) : operator;
}
