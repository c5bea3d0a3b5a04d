import type { Batch } from "../column/batch.ts";
import { maxBatchRows } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";

const layoutVersion = 1;

/**
 * Runs an operator of event time by the clock: the time of a record is when it comes, and the clock is the watermark, of
 * `now - 1`, as records may still come at this very moment. So nothing is late, and windows close by themselves. Windows
 * that became due while nothing ran close with the first look at the clock. A clock that goes back stands still here.
 *
 * The end of the input closes everything. The watermark of the input is passed on where results are not older.
 */
export class ProcessingTimeOperator implements Operator {
  readonly #inner: Operator;
  readonly ports: readonly string[];
  readonly spilling?: Spilling;
  readonly parting?: Parting;
  readonly #time = new Float64Array(maxBatchRows);
  #nowMs = noWatermark;
  /** What the operator would forward. */
  #held = noWatermark;
  #watermark = noWatermark;

  constructor(inner: Operator) {
    this.#inner = inner;
    this.ports = inner.ports;
    if (inner.spilling !== undefined) this.spilling = inner.spilling;
    if (inner.parting !== undefined) this.parting = this.#partsAround(inner.parting);
  }

  onBatch(input: number, batch: Batch, out: Collector): void {
    this.#time.fill(this.#nowMs === noWatermark ? Number.NaN : this.#nowMs, 0, batch.length);
    this.#inner.onBatch(input, { ...batch, time: this.#time }, out, noWatermark);
  }

  onProcessingTime(nowMs: number, out: Collector): void {
    if (nowMs > this.#nowMs) {
      this.#nowMs = nowMs;
      this.#held = Math.max(this.#held, this.#inner.onWatermark(nowMs - 1, out));
    }
    this.#inner.onProcessingTime?.(nowMs, out);
  }

  onWatermark(watermark: number, out: Collector): number {
    this.#watermark = Math.max(this.#watermark, watermark);
    if (watermark === endOfTime) this.#held = this.#inner.onWatermark(endOfTime, out);
    return Math.min(this.#watermark, this.#held);
  }

  #partsAround(parting: Parting): Parting {
    return {
      standing: () => {
        const { progress, counts } = parting.standing();
        return { progress: [this.#nowMs, this.#held, this.#watermark, ...progress], counts };
      },
      stand: ({ progress: [nowMs, held, watermark, ...progress], counts }) => {
        [this.#nowMs, this.#held, this.#watermark] = [nowMs, held, watermark];
        parting.stand({ progress, counts });
      },
      part: (give) => parting.part(give),
      take: (key, state) => parting.take(key, state),
      ...(parting.settle === undefined ? {} : { settle: () => parting.settle?.() }),
    };
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    for (const value of [this.#nowMs, this.#held, this.#watermark]) writer.f64(value);
    this.#inner.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`state in processing time has layout ${version}, this version reads ${layoutVersion}`);
    this.#nowMs = reader.f64();
    this.#held = reader.f64();
    this.#watermark = reader.f64();
    this.#inner.restore(reader);
  }

  gauges(): OperatorGauges {
    return this.#inner.gauges();
  }
}
