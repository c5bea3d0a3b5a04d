import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { IntervalGroups, keyedStateOf } from "../window/interval-groups.ts";
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
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#groups.open], counts: [this.#router.withoutTime] }),
    stand: ({ progress: [open], counts }) => {
      this.#groups.closeBefore(open, () => {});
      [this.#router.withoutTime] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#cold.take(key, state),
  };
  readonly #limit: number;
  readonly #keys: KeyTable;
  readonly #groups: IntervalGroups;
  readonly #router = new IntervalRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #outRows = new Int32Array(maxBatchRows);
  readonly #overRows = new Int32Array(maxBatchRows);
  readonly #cold: ColdKeys;
  /** Records that went through, by slot of their group. */
  #counts: Int32Array = new Int32Array(64);

  constructor(operator: RateLimit, step: PlanStep) {
    this.#limit = operator.limit;
    this.#keys = new KeyTable(keyFieldsOf(operator.keyBy, step.inputs[0]));
    this.#groups = new IntervalGroups(this.#keys, operator.intervalMs, 0);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [1]);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    this.#router.route(batch, this.#groups);
    const { rows, intervals, count, lateRows, lateCount } = this.#router;
    this.#keys.assign(batch, rows, count, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
    let passed = 0;
    let over = 0;
    for (let p = 0; p < count; p++) {
      const slot = this.#slotOf(intervals[p], this.#rowKeys[p]);
      if (this.#counts[slot] < this.#limit) {
        this.#counts[slot]++;
        this.#outRows[passed++] = rows[p];
      } else this.#overRows[over++] = rows[p];
    }
    if (passed > 0) out.emit(outPort, withSelection(batch, this.#outRows, passed));
    if (over > 0) out.emit(overPort, withSelection(batch, this.#overRows, over));
    if (lateCount > 0) out.emit(latePort, withSelection(batch, lateRows, lateCount));
    if (this.#cold.active) this.#cold.spill();
  }

  #slotOf(interval: number, key: number): number {
    const slot = this.#groups.slotOf(interval, key);
    if (slot >= this.#counts.length) this.#counts = grownInt32(this.#counts, slot + 1);
    return slot;
  }

  onWatermark(watermark: number): number {
    this.#groups.close(watermark, ({ slots, count }) => {
      for (let i = 0; i < count; i++) this.#counts[slots[i]] = 0;
    });
    if (this.#cold.active) this.#cold.forgetBefore(this.#groups.open);
    return watermark;
  }

  #keyedState(): KeyedState {
    const groups = this.#groups;
    return keyedStateOf(groups, {
      moveOut: (key, writer) => {
        const own = groups.of(key);
        writer.f64Array(Float64Array.from(own, ({ interval }) => interval));
        writer.i32Array(Int32Array.from(own, ({ slot }) => this.#counts[slot]));
        for (const { slot } of own) this.#counts[slot] = 0;
        groups.moveOut(key);
      },
      moveIn: (key, reader) => {
        const intervals = reader.f64Array();
        reader.i32Array().forEach((count, i) => {
          if (groups.isOpen(intervals[i])) this.#counts[this.#slotOf(intervals[i], key)] = count;
        });
      },
    });
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#router.withoutTime);
    this.#keys.snapshot(writer);
    writer.i32Array(this.#groups.snapshotList(writer).map((slot) => this.#counts[slot]));
    this.#cold.snapshot(writer);
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
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#groups.bytes + this.#counts.byteLength,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { without_time: this.#router.withoutTime },
      books: { settled: this.#router.withoutTime },
    };
  }
}
