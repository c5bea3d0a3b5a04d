import { type Operator, passingGauges, passWatermark } from "../dataflow/operator.ts";

/** An operator that hands on every batch of every input as it is. */
export function createPassThrough(): Operator {
  return {
    ports: ["out"],
    onBatch(_input, batch, out, watermark): void {
      out.emit(0, batch, watermark);
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: () => passingGauges,
  };
}
