import { type Batch, columnAt } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import { type Collector, type Operator, passingGauges, passWatermark } from "../dataflow/operator.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { FailedRows } from "./failed-rows.ts";

/**
 * Computes the fields that something downstream reads; a plain field shares its column. Time, kinds and
 * selection stay those of the input, but for records that go to the dead letters.
 */
export function createProjectOperator(operator: Extract<PlannedOperator, { op: "project" }>, step: PlanStep): Operator {
  const live = step.liveFields.out;
  const isStrict = operator.strict === true;
  const fields = operator.fields.map(({ value }, i) => (live?.[i] === false && !isStrict ? absent : columnOf(value)));
  const failed = isStrict ? new FailedRows(operator.fields, step.inputs[0]) : null;
  return {
    ports: ["out", "dead_letter"],
    onBatch(_input: number, batch: Batch, out: Collector, watermark: number): void {
      const columns = fields.map((field) => field(batch));
      const { length, selection, selected, time, kinds } = failed?.part(batch, columns, out, 1) ?? batch;
      out.emit(0, { length, selection, selected, columns, time, kinds }, watermark);
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: () => passingGauges,
  };
}

function absent(): null {
  return null;
}

function columnOf(value: TypedExpression): (batch: Batch) => Column | null {
  if (value.kind !== "field") return compileKernel(value);
  const { index } = value;
  return (batch) => columnAt(batch, index);
}
