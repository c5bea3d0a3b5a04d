import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { IntervalGroups } from "../window/interval-groups.ts";
import { IntervalRouter } from "../window/interval-router.ts";

type RateLimit = Extract<PlannedOperator, { op: "rate-limit" }>;

const layoutVersion = 1;
const outPort = 0;
const overPort = 1;
const latePort = 2;

/**
 * Lets the first records to arrive of each key and interval of event time through. Ports: `out`, `over` (the others),
 * `late` (records whose interval the watermark has passed: its count is forgotten). Counter: `without_time`.
 */
export function createRateLimitOperator(operator: RateLimit, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog !== "append") throw new Error(`${step.id} limits a changelog (${input.changelog}); it needs append-only input`);
  return new RateLimitOperator(operator, step);
}

class RateLimitOperator implements Operator {
  readonly ports = ["out", "over", "late"];
  readonly #limit: number;
  readonly #keys: KeyTable;
  readonly #groups: IntervalGroups;
  readonly #router = new IntervalRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #outRows = new Int32Array(maxBatchRows);
  readonly #overRows = new Int32Array(maxBatchRows);
  /** Records that went through, by slot of their group. */
  #counts: Int32Array = new Int32Array(64);

  constructor(operator: RateLimit, step: PlanStep) {
    this.#limit = operator.limit;
    this.#keys = new KeyTable(keyFieldsOf(operator.keyBy, step.inputs[0]));
    this.#groups = new IntervalGroups(this.#keys, operator.intervalMs, 0);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    this.#router.route(batch, this.#groups);
    const { rows, intervals, count, lateRows, lateCount } = this.#router;
    this.#keys.assign(batch, rows, count, this.#rowKeys);
    let passed = 0;
    let over = 0;
    for (let p = 0; p < count; p++) {
      const slot = this.#groups.slotOf(intervals[p], this.#rowKeys[p]);
      if (slot >= this.#counts.length) this.#counts = grownInt32(this.#counts, slot + 1);
      if (this.#counts[slot] < this.#limit) {
        this.#counts[slot]++;
        this.#outRows[passed++] = rows[p];
      } else this.#overRows[over++] = rows[p];
    }
    if (passed > 0) out.emit(outPort, withSelection(batch, this.#outRows, passed));
    if (over > 0) out.emit(overPort, withSelection(batch, this.#overRows, over));
    if (lateCount > 0) out.emit(latePort, withSelection(batch, lateRows, lateCount));
  }

  onWatermark(watermark: number): number {
    this.#groups.close(watermark, ({ slots, count }) => {
      for (let i = 0; i < count; i++) this.#counts[slots[i]] = 0;
    });
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#router.withoutTime);
    this.#keys.snapshot(writer);
    writer.i32Array(this.#groups.snapshotList(writer).map((slot) => this.#counts[slot]));
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`rate limit state has layout ${version}, this version reads ${layoutVersion}`);
    this.#router.withoutTime = reader.f64();
    this.#keys.restore(reader);
    const slots = this.#groups.restoreList(reader);
    const counts = reader.i32Array();
    this.#counts = grownInt32(this.#counts, this.#groups.capacity);
    slots.forEach((slot, i) => {
      this.#counts[slot] = counts[i];
    });
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size,
      stateBytes: this.#keys.bytes + this.#groups.bytes + this.#counts.byteLength,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { without_time: this.#router.withoutTime },
      books: { settled: this.#router.withoutTime },
    };
  }
}
