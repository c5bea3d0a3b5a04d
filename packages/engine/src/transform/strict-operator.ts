import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { NamedExpression } from "../plan/logical-operator.ts";
import type { StreamType } from "../types/stream-type.ts";
import { FailedRows } from "./failed-rows.ts";

/**
 * The operator without the records on which one of its conditions fails: they leave by a further port, `dead_letter`, before
 * the operator sees them. Its state is the operator's own, so that it may become strict with its state kept.
 */
export function createStrictOperator(
  inner: Operator,
  conditions: readonly NamedExpression<TypedExpression>[],
  input: StreamType,
): Operator {
  const kernels = conditions.map(({ value }) => compileKernel(value));
  const failed = new FailedRows(conditions, input);
  const port = inner.ports.length;
  const { onInputWatermark, onProcessingTime } = inner;
  return {
    ports: [...inner.ports, "dead_letter"],
    onBatch(index, batch, out: Collector, watermark): void {
      const results = kernels.map((kernel) => kernel(batch));
      const good = failed.part(batch, results, out, port);
      if (good.selected > 0) inner.onBatch(index, good, out, watermark);
    },
    onWatermark: (watermark, out) => inner.onWatermark(watermark, out),
    ...(onInputWatermark === undefined ? {} : { onInputWatermark: onInputWatermark.bind(inner) }),
    ...(onProcessingTime === undefined ? {} : { onProcessingTime: onProcessingTime.bind(inner) }),
    ...(inner.spilling === undefined ? {} : { spilling: inner.spilling }),
    ...(inner.parting === undefined ? {} : { parting: inner.parting }),
    snapshot: (writer) => inner.snapshot(writer),
    restore: (reader) => inner.restore(reader),
    gauges: () => withDeadLetters(inner.gauges()),
  };
}

function withDeadLetters(gauges: OperatorGauges): OperatorGauges {
  const { books } = gauges;
  return books?.ports === undefined ? gauges : { ...gauges, books: { ...books, ports: [...books.ports, "dead_letter"] } };
}
