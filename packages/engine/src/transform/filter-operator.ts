import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { type Collector, noGauges, type Operator } from "../dataflow/operator.ts";
import { compilePredicate } from "../expression/compile-kernel.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";

/** Keeps the records for which the condition is TRUE; columns are shared, only the selection changes. */
export function createFilterOperator(operator: Extract<PlannedOperator, { op: "filter" }>, _step: PlanStep): Operator {
  const keep = compilePredicate(operator.where);
  const selection = new Int32Array(maxBatchRows);
  return {
    ports: ["out"],
    onBatch(_input: number, batch: Batch, out: Collector): void {
      const kept = keep(batch, selection);
      if (kept > 0) out.emit(0, withSelection(batch, selection, kept));
    },
    onWatermark: (watermark) => watermark,
    snapshot() {},
    restore() {},
    gauges: () => noGauges,
  };
}
