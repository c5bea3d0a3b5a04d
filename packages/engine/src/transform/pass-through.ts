import { type Operator, passingGauges, passWatermark } from "../dataflow/operator.ts";

/** An operator that hands on every batch of every input as it is. */
export function createPassThrough(): Operator {
  return {
    ports: ["out"],
    onBatch(_input, batch, out): void {
      out.emit(0, batch);
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: () => passingGauges,
  };
}
