import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys } from "../state/cold-keys.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { RecordRouter } from "../window/record-router.ts";
import { createSliceLayout, type SliceLayout } from "../window/slice-layout.ts";
import { ColdPairs } from "./cold-pairs.ts";
import { JoinKeys, nullKey, type Side } from "./join-keys.ts";
import { partBuffers } from "./part-buffers.ts";
import { outerSides, WindowPairs } from "./window-pairs.ts";

type WindowJoin = Extract<PlannedOperator, { op: "window-join" }>;

const layoutVersion = 1;
const firstLatePort = 1;

/**
 * Joins the records of each key and window when the window closes. Ports: `out`, `late_left`, `late_right`.
 *
 * Windows close in order. The rows of one come in the order of the left's (time, arrival), for each in that of the
 * right's; then, where they come out too, the right records without a partner. Counters: `null_keys` (records that can
 * have no partner and were dropped), `partially_late`, `outside_window`, `without_time`.
 */
export function createWindowJoinOperator(operator: WindowJoin, step: PlanStep): Operator {
  return new WindowJoinOperator(operator, step);
}

class WindowJoinOperator implements Operator {
  readonly ports = ["out", "late_left", "late_right"];
  /** Not of NOT IN, which looks at all keys together. */
  readonly spilling?: Spilling;
  readonly parting: Parting = {
    standing: () => ({
      progress: [this.#closed],
      counts: [this.#nullKeys, this.#router.partiallyLate, this.#router.outsideWindow, this.#router.withoutTime],
    }),
    stand: ({ progress, counts }) => {
      [this.#closed] = progress;
      [this.#nullKeys, this.#router.partiallyLate, this.#router.outsideWindow, this.#router.withoutTime] = counts;
    },
    part: (give) => partBuffers(this.#keys, this.#pairs.sides, give),
    take: (text, state) => {
      const key = this.#keys.idOf(text);
      for (const buffer of this.#pairs.sides) buffer.moveIn(key, state);
    },
  };
  readonly #kind: WindowJoin["kind"];
  /** By side: its records come out without a partner too. */
  readonly #outer: readonly boolean[];
  readonly #layout: SliceLayout;
  readonly #router: RecordRouter;
  readonly #keys: JoinKeys;
  readonly #pairs: WindowPairs;
  readonly #coldPairs: ColdPairs;
  readonly #cold: ColdKeys;
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  #nullKeys = 0;
  /** The latest window that has closed. */
  #closed = noWatermark;

  constructor(operator: WindowJoin, step: PlanStep) {
    const [left, right] = step.inputs;
    const { kind } = operator;
    this.#kind = kind;
    this.#outer = outerSides(kind);
    this.#layout = createSliceLayout(operator.window);
    this.#router = new RecordRouter(this.#layout);
    this.#keys = new JoinKeys(operator, left, right);
    this.#pairs = new WindowPairs(operator, step, this.#keys, this.#layout);
    this.#coldPairs = new ColdPairs(this.#keys, this.#layout, this.#pairs, new WindowPairs(operator, step, this.#keys, this.#layout));
    this.#cold = new ColdKeys(this.#keys, this.#coldPairs.keyedState(), [1]);
    if (kind !== "not-in") this.spilling = { attach: (rows, hotRows) => this.#cold.attach(rows, hotRows) };
  }

  onBatch(input: number, batch: Batch, out: Collector): void {
    const side: Side = input === 0 ? 0 : 1;
    const router = this.#router;
    router.route(batch, this.#closed, this.#closed);
    if (router.lateCount > 0) out.emit(firstLatePort + side, withSelection(batch, router.lateRows, router.lateCount));
    const { rows, rowCount } = router;
    this.#keys.assign(side, batch, rows, rowCount, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, rowCount);
    let count = 0;
    for (let i = 0; i < rowCount; i++) {
      if (this.#rowKeys[i] === nullKey && !this.#outer[side] && this.#kind !== "not-in") continue;
      rows[count] = rows[i];
      this.#rowKeys[count++] = this.#rowKeys[i];
    }
    this.#nullKeys += rowCount - count;
    this.#pairs.sides[side].add(batch, rows, count, this.#rowKeys, this.#slots);
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    const last = this.#layout.windowsThrough(watermark, 0);
    if (!(last > this.#closed)) return watermark;
    for (let window = this.#nextWindow(this.#closed); window <= last && window < endOfTime; window = this.#nextWindow(window)) {
      this.#pairs.close(window, out);
      this.#pairs.removeBefore(window + 1);
      if (this.#cold.size > 0) this.#coldPairs.close(this.#cold, window, out);
    }
    this.#closed = last;
    if (!this.#cold.active) return watermark;
    this.#coldPairs.openFrom(last + 1);
    this.#cold.forgetBefore(last + 1);
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#closed);
    writer.f64(this.#nullKeys);
    writer.f64(this.#router.partiallyLate);
    writer.f64(this.#router.outsideWindow);
    writer.f64(this.#router.withoutTime);
    this.#keys.snapshot(writer);
    this.#pairs.left.snapshot(writer, "left");
    this.#pairs.right.snapshot(writer, "right");
    this.#coldPairs.snapshot(writer);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`join state has layout ${version}, this version reads ${layoutVersion}`);
    this.#closed = reader.f64();
    this.#nullKeys = reader.f64();
    this.#router.partiallyLate = reader.f64();
    this.#router.outsideWindow = reader.f64();
    this.#router.withoutTime = reader.f64();
    this.#keys.restore(reader);
    this.#pairs.left.restore(reader, "left");
    this.#pairs.right.restore(reader, "right");
    // Not in snapshots of before records could leave memory.
    if (reader.remaining > 0) this.#coldPairs.restore(reader);
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#pairs.left.bytes + this.#pairs.right.bytes,
      lateRecords: 0,
      bufferedRecords: this.#pairs.size + this.#coldPairs.size,
      counters: {
        null_keys: this.#nullKeys,
        partially_late: this.#router.partiallyLate,
        outside_window: this.#router.outsideWindow,
        without_time: this.#router.withoutTime,
      },
    };
  }

  /** The next window with records; infinite when there is none. */
  #nextWindow(after: number): number {
    const firstMs = Math.min(this.#pairs.firstMs, this.#coldPairs.firstMs);
    return firstMs === endOfTime ? endOfTime : Math.max(after + 1, this.#layout.firstWindow(this.#layout.sliceAt(firstMs)));
  }
}
