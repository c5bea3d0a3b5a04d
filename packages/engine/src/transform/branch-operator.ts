import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { type Collector, noGauges, type Operator } from "../dataflow/operator.ts";
import { compilePredicate } from "../expression/compile-kernel.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";

/** Sends each record to the first branch whose condition is TRUE, else to `otherwise`. */
export function createBranchOperator(operator: Extract<PlannedOperator, { op: "branch" }>, _step: PlanStep): Operator {
  const conditions = operator.branches.map(({ value }) => compilePredicate(value));
  const taken = new Int32Array(maxBatchRows);
  const rest = new Int32Array(maxBatchRows);
  return {
    ports: [...operator.branches.map(({ name }) => name), "otherwise"],
    onBatch(_input: number, batch: Batch, out: Collector): void {
      let left = batch;
      for (let port = 0; port < conditions.length && left.selected > 0; port++) {
        const count = conditions[port](left, taken);
        if (count === 0) continue;
        left = withSelection(batch, rest, subtract(left, taken, count, rest));
        out.emit(port, withSelection(batch, taken, count));
      }
      if (left.selected > 0) out.emit(conditions.length, left);
    },
    onWatermark: (watermark) => watermark,
    snapshot() {},
    restore() {},
    gauges: () => noGauges,
  };
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
