import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { type Collector, noGauges, type Operator, passingGauges, passWatermark } from "../dataflow/operator.ts";
import { compileKernel, compilePredicate } from "../expression/compile-kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { NamedExpression } from "../plan/logical-operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { FailedRows } from "./failed-rows.ts";

/**
 * Sends each record to the first branch whose condition is TRUE, or to every one, else to `otherwise`. A record on which a
 * condition fails goes to the dead letters alone, where that is wanted.
 */
export function createBranchOperator(operator: Extract<PlannedOperator, { op: "branch" }>, step: PlanStep): Operator {
  const conditions = operator.branches.map(({ value }) => compilePredicate(value));
  const strict = operator.strict === true ? createFailureCheck(operator.branches, step) : null;
  const isTaken = new Uint8Array(maxBatchRows);
  const taken = new Int32Array(maxBatchRows);
  const rest = new Int32Array(maxBatchRows);
  const sendToEvery = (batch: Batch, out: Collector, watermark: number): void => {
    isTaken.fill(0, 0, batch.length);
    for (let port = 0; port < conditions.length; port++) {
      const count = conditions[port](batch, taken);
      for (let i = 0; i < count; i++) isTaken[taken[i]] = 1;
      if (count > 0) out.emit(port, withSelection(batch, taken, count), watermark);
    }
    let left = 0;
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i];
      if (isTaken[row] === 0) rest[left++] = row;
    }
    if (left > 0) out.emit(conditions.length, withSelection(batch, rest, left), watermark);
  };
  return {
    ports: [...operator.branches.map(({ name }) => name), "otherwise", ...(strict === null ? [] : ["dead_letter"])],
    onBatch(_input: number, given: Batch, out: Collector, watermark: number): void {
      const batch = strict?.(given, out) ?? given;
      if (operator.every === true) {
        sendToEvery(batch, out, watermark);
        return;
      }
      let left = batch;
      for (let port = 0; port < conditions.length && left.selected > 0; port++) {
        const count = conditions[port](left, taken);
        if (count === 0) continue;
        left = withSelection(batch, rest, subtract(left, taken, count, rest));
        out.emit(port, withSelection(batch, taken, count), watermark);
      }
      if (left.selected > 0) out.emit(conditions.length, left, watermark);
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: () => (operator.every === true ? noGauges : passingGauges),
  };
}

/** Parts off the records on which a condition failed, into the last port. */
function createFailureCheck(
  branches: readonly NamedExpression<TypedExpression>[],
  step: PlanStep,
): (batch: Batch, out: Collector) => Batch {
  const kernels = branches.map(({ value }) => compileKernel(value));
  const failed = new FailedRows(branches, step.inputs[0]);
  const port = branches.length + 1;
  return (batch, out) =>
    failed.part(
      batch,
      kernels.map((kernel) => kernel(batch)),
      out,
      port,
    );
}

/** Live rows of `batch` without the first `count` of `taken`, into `rest` (which may be the batch's own selection). */
function subtract(batch: Batch, taken: Int32Array, count: number, rest: Int32Array): number {
  const { selection, selected } = batch;
  let kept = 0;
  let next = 0;
  for (let i = 0; i < selected; i++) {
    const row = selection === null ? i : selection[i];
    if (next < count && taken[next] === row) next++;
    else rest[kept++] = row;
  }
  return kept;
}
