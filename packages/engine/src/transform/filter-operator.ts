import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { type Collector, noGauges, type Operator, type OperatorGauges, passWatermark } from "../dataflow/operator.ts";
import { compileKernel, compilePredicate } from "../expression/compile-kernel.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { FailedRows } from "./failed-rows.ts";

/** Keeps the records for which the condition is TRUE; columns are shared, only the selection changes. */
export function createFilterOperator(operator: Extract<PlannedOperator, { op: "filter" }>, step: PlanStep): Operator {
  if (operator.strict === true) return createStrictFilter(operator, step);
  const keep = compilePredicate(operator.where);
  const selection = new Int32Array(maxBatchRows);
  let filtered = 0;
  return {
    ports: ["out"],
    onBatch(_input: number, batch: Batch, out: Collector, watermark: number): void {
      const kept = keep(batch, selection);
      filtered += batch.selected - kept;
      if (kept > 0) out.emit(0, withSelection(batch, selection, kept), watermark);
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: () => filterGauges(filtered),
  };
}

/** Ports: `out`, `dead_letter`. */
function createStrictFilter(operator: Extract<PlannedOperator, { op: "filter" }>, step: PlanStep): Operator {
  const kernel = compileKernel(operator.where);
  const failed = new FailedRows([{ name: "where", value: operator.where }], step.inputs[0]);
  const selection = new Int32Array(maxBatchRows);
  let filtered = 0;
  return {
    ports: ["out", "dead_letter"],
    onBatch(_input: number, batch: Batch, out: Collector, watermark: number): void {
      const result = kernel(batch);
      if (result.kind !== "boolean") throw new TypeError(`a condition gives booleans, not ${result.kind}`);
      const { values, valid } = result;
      const good = failed.part(batch, [result], out, 1);
      let kept = 0;
      for (let i = 0; i < good.selected; i++) {
        const row = good.selection === null ? i : good.selection[i];
        if (values[row] === 1 && (valid === null || valid[row] !== 0)) selection[kept++] = row;
      }
      filtered += good.selected - kept;
      if (kept > 0) out.emit(0, withSelection(batch, selection, kept), watermark);
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: () => filterGauges(filtered),
  };
}

function filterGauges(filtered: number): OperatorGauges {
  return { ...noGauges, books: { settled: filtered } };
}
