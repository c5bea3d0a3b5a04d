import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { type Collector, noGauges, type Operator, passWatermark } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyHash } from "./key-hash.ts";

type Sample = Extract<PlannedOperator, { op: "sample" }>;

const hashes = 2 ** 32;

/**
 * Keeps the records whose key hashes below the share. Without state: a key is in the sample always or never, and
 * every key of a smaller share is in a larger one too.
 */
export function createSampleOperator(operator: Sample, step: PlanStep): Operator {
  const keyHash = new KeyHash(keyFieldsOf(operator.keyBy, step.inputs[0]));
  const below = operator.share * hashes;
  const rows = new Int32Array(maxBatchRows);
  const rowHashes = new Uint32Array(maxBatchRows);
  let dropped = 0;
  return {
    ports: operator.rest === true ? ["out", "rest"] : ["out"],
    onBatch(_input: number, batch: Batch, out: Collector, watermark: number): void {
      const { selection, selected } = batch;
      for (let i = 0; i < selected; i++) rows[i] = selection === null ? i : selection[i];
      keyHash.hash(batch, rows, selected, rowHashes);
      let kept = 0;
      for (let i = 0; i < selected; i++) if (rowHashes[i] < below) rows[kept++] = rows[i];
      if (kept > 0) out.emit(0, withSelection(batch, rows, kept), watermark);
      if (operator.rest !== true) dropped += selected - kept;
      if (operator.rest !== true || kept === selected) return;
      let left = 0;
      for (let i = 0; i < selected; i++) if (rowHashes[i] >= below) rows[left++] = selection === null ? i : selection[i];
      out.emit(1, withSelection(batch, rows, left), watermark);
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: () => ({ ...noGauges, books: { settled: dropped } }),
  };
}
