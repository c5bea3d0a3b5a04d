import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import { hasWindowFields, leftAlone } from "../plan/join-type.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { RecordRouter } from "../window/record-router.ts";
import { createSliceLayout, type SliceLayout } from "../window/slice-layout.ts";
import { JoinBuffer } from "./join-buffer.ts";
import { JoinEmitter } from "./join-emitter.ts";
import { JoinKeys, nullKey, type Side } from "./join-keys.ts";

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
  readonly #kind: WindowJoin["kind"];
  /** By side: its records come out without a partner too. */
  readonly #outer: readonly boolean[];
  readonly #layout: SliceLayout;
  readonly #router: RecordRouter;
  readonly #keys: JoinKeys;
  readonly #left: JoinBuffer;
  readonly #right: JoinBuffer;
  readonly #emitter: JoinEmitter;
  readonly #writesWindow: boolean;
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  #nullKeys = 0;
  /** The latest window that has closed. */
  #closed = noWatermark;

  constructor(operator: WindowJoin, step: PlanStep) {
    const [left, right] = step.inputs;
    const { kind } = operator;
    this.#kind = kind;
    this.#outer = [kind === "left" || kind === "full" || kind === "anti" || kind === "not-in", kind === "right" || kind === "full"];
    this.#layout = createSliceLayout(operator.window);
    this.#router = new RecordRouter(this.#layout);
    this.#keys = new JoinKeys(operator, left, right);
    this.#left = new JoinBuffer(left.fields, this.#keys);
    this.#right = new JoinBuffer(right.fields, this.#keys);
    this.#writesWindow = !hasWindowFields(left.fields);
    this.#emitter = new JoinEmitter(step, this.#left.rows, this.#right.rows, this.#writesWindow ? 2 : 0);
  }

  onBatch(input: number, batch: Batch, out: Collector): void {
    const side: Side = input === 0 ? 0 : 1;
    const router = this.#router;
    router.route(batch, this.#closed, this.#closed);
    if (router.lateCount > 0) out.emit(firstLatePort + side, withSelection(batch, router.lateRows, router.lateCount));
    const { rows, rowCount } = router;
    this.#keys.assign(side, batch, rows, rowCount, this.#rowKeys);
    let count = 0;
    for (let i = 0; i < rowCount; i++) {
      if (this.#rowKeys[i] === nullKey && !this.#outer[side] && this.#kind !== "not-in") continue;
      rows[count] = rows[i];
      this.#rowKeys[count++] = this.#rowKeys[i];
    }
    this.#nullKeys += rowCount - count;
    (side === 0 ? this.#left : this.#right).add(batch, rows, count, this.#rowKeys, this.#slots);
  }

  onWatermark(watermark: number, out: Collector): number {
    const last = this.#layout.windowsThrough(watermark, 0);
    if (!(last > this.#closed)) return watermark;
    for (let window = this.#nextWindow(this.#closed); window <= last && window < endOfTime; window = this.#nextWindow(window)) {
      this.#join(window, out);
      this.#emitter.flush(out);
      this.#removeBefore(window + 1);
    }
    this.#closed = last;
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
    this.#left.snapshot(writer, "left");
    this.#right.snapshot(writer, "right");
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
    this.#left.restore(reader, "left");
    this.#right.restore(reader, "right");
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size,
      stateBytes: this.#keys.bytes + this.#left.bytes + this.#right.bytes,
      lateRecords: 0,
      bufferedRecords: this.#left.size + this.#right.size,
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
    let next = endOfTime;
    for (const { rows, first } of [
      { rows: this.#left.rows, first: this.#left.first() },
      { rows: this.#right.rows, first: this.#right.first() },
    ]) {
      if (first < 0) continue;
      next = Math.min(next, Math.max(after + 1, this.#layout.firstWindow(this.#layout.sliceAt(rows.time[first]))));
    }
    return next;
  }

  /** Drops the records that are in no window from this one on. */
  #removeBefore(window: number): void {
    const endMs = this.#layout.windowStartMs(window) - 1;
    this.#left.removeThrough(endMs);
    this.#right.removeThrough(endMs);
  }

  #join(window: number, out: Collector): void {
    const startMs = this.#layout.windowStartMs(window);
    const endMs = this.#layout.windowEndMs(window);
    const { time } = this.#left.rows;
    const rights = this.#kind === "not-in" ? this.#rightKeys(startMs, endMs) : "known";
    for (let left = this.#left.atOrAfter(startMs); left >= 0 && time[left] < endMs; left = this.#left.next(left)) {
      const key = this.#left.keyOf(left);
      // NOT IN is neither TRUE nor FALSE where a NULL is compared.
      if (rights === "with-null" || (key === nullKey && rights === "some")) continue;
      const partner = this.#partner(this.#right, key, startMs, endMs);
      if (partner < 0 ? this.#outer[0] : this.#kind === "semi") this.#emit(left, -1, startMs, endMs, out);
      else if (partner >= 0 && !leftAlone(this.#kind)) this.#emitPairs(left, partner, startMs, endMs, out);
    }
    if (this.#outer[1]) this.#emitRightAlone(startMs, endMs, out);
  }

  /** What NOT IN compares with in a window: nothing, some keys, or also a NULL. */
  #rightKeys(startMs: number, endMs: number): "none" | "some" | "with-null" {
    const { time } = this.#right.rows;
    const first = this.#right.atOrAfter(startMs);
    for (let right = first; right >= 0 && time[right] < endMs; right = this.#right.next(right)) {
      if (this.#right.keyOf(right) === nullKey) return "with-null";
    }
    return first >= 0 && time[first] < endMs ? "some" : "none";
  }

  /** The first record of a key in a window; -1 when there is none. */
  #partner(buffer: JoinBuffer, key: number, startMs: number, endMs: number): number {
    const found = buffer.ofKeyAtOrAfter(key, startMs);
    return found >= 0 && buffer.rows.time[found] < endMs ? found : -1;
  }

  #emitPairs(left: number, firstRight: number, startMs: number, endMs: number, out: Collector): void {
    const { time } = this.#right.rows;
    for (let right = firstRight; right >= 0 && time[right] < endMs; right = this.#right.nextOfKey(right)) {
      this.#emit(left, right, startMs, endMs, out);
    }
  }

  #emitRightAlone(startMs: number, endMs: number, out: Collector): void {
    const { time } = this.#right.rows;
    for (let right = this.#right.atOrAfter(startMs); right >= 0 && time[right] < endMs; right = this.#right.next(right)) {
      if (this.#partner(this.#left, this.#right.keyOf(right), startMs, endMs) < 0) this.#emit(-1, right, startMs, endMs, out);
    }
  }

  #emit(left: number, right: number, startMs: number, endMs: number, out: Collector): void {
    if (this.#writesWindow) {
      this.#emitter.between(0)?.set(this.#emitter.rows, startMs);
      this.#emitter.between(1)?.set(this.#emitter.rows, endMs);
    }
    this.#emitter.add(left, right, endMs - 1, out);
  }
}
