import type { Batch } from "../column/batch.ts";
import type { RecordEncoder } from "../column/record-decoder.ts";
import { noGauges, type Operator, type OperatorGauges, passWatermark } from "./operator.ts";
import type { TakeColumns } from "./pipeline-run.ts";

/**
 * The in-memory end of a sink: encodes what arrives and keeps it until the next checkpoint takes it. What is
 * taken is part of the checkpoint, so the stage has no state of its own.
 */
export interface SinkStage extends Operator {
  readonly stagedBytes: number;
  /** Records since the run started, for the books. */
  readonly stagedTotal: number;
  /** Takes the staged records; the stage is empty afterwards. */
  take(): StagedRecords;
}

/** What a sink is to get: encoded records, in pieces of whole records. */
export interface StagedRecords {
  readonly pieces: readonly Uint8Array[];
  readonly records: number;
}

export function createSinkStage(encoder: RecordEncoder): SinkStage {
  let total = 0;
  return {
    ports: [],
    get stagedBytes() {
      return encoder.size;
    },
    get stagedTotal() {
      return total;
    },
    take() {
      const records = encoder.records;
      return { pieces: encoder.take(), records };
    },
    onBatch(_input: number, batch: Batch): void {
      encoder.write(batch);
      total += batch.selected;
    },
    onWatermark: passWatermark,
    snapshot() {},
    restore() {},
    gauges: (): OperatorGauges => noGauges,
  };
}

/** The end of a sink whose columns the host takes: it stages nothing. */
export function createColumnsStage(node: string, take: TakeColumns): SinkStage {
  const nothing: RecordEncoder = {
    size: 0,
    records: 0,
    write: (batch) => take(node, batch),
    take: () => [],
  };
  return createSinkStage(nothing);
}
