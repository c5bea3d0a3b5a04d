import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import { TimeRouter } from "../join/time-router.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import { partKeys } from "../state/part-keys.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { LookBackEmitter } from "./look-back-emitter.ts";
import { LookBackRanges } from "./look-back-ranges.ts";
import { PendingRecords } from "./pending-records.ts";

type LookBack = Extract<PlannedOperator, { op: "look-back" }>;

const layoutVersion = 2;
const latePort = 1;

/**
 * For every record at t the aggregates over the records of its key in (t - range, t], those of the same time all
 * included. Records come out in order of (time, arrival) when the watermark reaches them; those that come right before it are
 * not kept for it. Ports: `out`, `late`.
 * Counters: `in_range` (records that are still being aggregated), `without_time`.
 */
export function createLookBackOperator(operator: LookBack, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog !== "append") throw new Error(`${step.id} aggregates a changelog (${input.changelog}); it needs append-only input`);
  return new LookBackOperator(operator, step);
}

class LookBackOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#watermark], counts: [this.#withoutTime] }),
    stand: ({ progress, counts }) => {
      [this.#watermark] = progress;
      [this.#withoutTime] = counts;
    },
    part: (give) => this.#part(give),
    take: (key, state) => this.#take(key, state),
  };
  readonly #rangeMs: number;
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #pending: PendingRecords;
  readonly #ranges: LookBackRanges;
  readonly #emitter: LookBackEmitter;
  readonly #cold: ColdKeys;
  readonly #router = new TimeRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #rowSlots = new Int32Array(maxBatchRows);
  #watermark = noWatermark;
  #withoutTime = 0;

  constructor(operator: LookBack, step: PlanStep) {
    const [input] = step.inputs;
    this.#rangeMs = operator.rangeMs;
    this.#keys = new KeyTable(keyFieldsOf(operator.keyBy, input));
    this.#aggregates = new AggregateSet(operator.aggregates);
    this.#pending = new PendingRecords(input.fields);
    this.#ranges = new LookBackRanges(this.#keys, this.#aggregates, operator.rangeMs);
    this.#emitter = new LookBackEmitter(step, this.#pending, this.#ranges);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [operator.rangeMs]);
  }

  onBatch(_input: number, batch: Batch, out: Collector, watermark: number): void {
    const { rows, lateRows } = this.#router;
    this.#router.route(batch, this.#watermark);
    const { count, lateCount, withoutTime } = this.#router;
    this.#withoutTime += withoutTime;
    if (count > 0) {
      this.#keys.assign(batch, rows, count, this.#rowKeys);
      if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
      this.#aggregates.allocateAll(this.#rowSlots, count);
      this.#aggregates.begin(batch);
      this.#aggregates.add(batch, this.#rowSlots, rows, count);
      this.#ranges.awaitAll(this.#rowKeys, this.#rowSlots, batch.time, rows, count);
      const due = this.#cold.active ? 0 : this.#dueAtOnce(batch.time, watermark);
      if (due > 0) this.#fireAtOnce(batch, due, watermark, out);
      if (due < count) this.#pending.add(batch, rows.subarray(due), count - due, this.#rowSlots.subarray(due));
    }
    if (lateCount > 0) out.emit(latePort, withSelection(batch, lateRows, lateCount));
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (!(watermark > this.#watermark)) return watermark;
    if (this.#cold.active) this.#cold.advance(watermark, (until) => this.#advance(until, out));
    this.#advance(watermark, out);
    return watermark;
  }

  #advance(watermark: number, out: Collector): void {
    this.#watermark = Math.max(this.#watermark, watermark);
    this.#fireWaiting(watermark, out);
    // The next record on time is at watermark + 1, at the earliest.
    const leftMs = watermark === endOfTime ? endOfTime : watermark + 1 - this.#rangeMs;
    if (this.#ranges.areTotals) {
      if (leftMs !== endOfTime) this.#leaveRun(leftMs, out);
      this.#emitter.settle(out);
    }
    this.#emitter.flush(out);
    this.#ranges.leaveThrough(leftMs);
  }

  /** Emits the waiting records with at most this time; the last come out with a later `settle` and `flush`. */
  #fireWaiting(untilMs: number, out: Collector): void {
    const due = this.#pending.takeThrough(untilMs);
    if (this.#ranges.areTotals) this.#fireRuns(due, out);
    else for (let from = 0; from < due.length; ) from = this.#fire(due, from, out);
  }

  /**
   * How many of the rows on time go on as they are, with the watermark that comes right behind them: these come first, are in
   * order, side by side, and no record of their times waits. 0 unless they are most of them.
   */
  #dueAtOnce(time: Float64Array, watermark: number): number {
    const { rows, count } = this.#router;
    if (!(watermark > this.#watermark) || !(this.#pending.latest < time[rows[0]])) return 0;
    let due = 0;
    for (let i = 0; i < count; i++) {
      const at = time[rows[i]];
      if (at > watermark) continue;
      // A time that is kept from turn to turn would be an object for every record.
      if (i > due || (due > 0 && at < time[rows[due - 1]])) return 0;
      due++;
    }
    return due * 2 < count || rows[due - 1] - rows[0] !== due - 1 ? 0 : due;
  }

  /** Emits the first `due` of the rows on time, and what waits before them. */
  #fireAtOnce(batch: Batch, due: number, watermark: number, out: Collector): void {
    const [ranges, emitter, slots, { rows }] = [this.#ranges, this.#emitter, this.#rowSlots, this.#router];
    if (this.#pending.size > 0) {
      this.#fireWaiting(watermark, out);
      if (ranges.areTotals) emitter.settle(out);
      emitter.flush(out);
    }
    if (ranges.areTotals) {
      for (let from = 0; from < due; ) {
        const to = ranges.enterRun(slots, from, due, due - from);
        if (to === from) throw new Error("a run of ranges has not begun");
        emitter.settleAt(rows[from]);
        from = to;
      }
    } else for (let from = 0; from < due; ) from = this.#fireRows(batch.time, from, due);
    emitter.emitRows(batch, rows, due, watermark, out);
  }

  /** As `#fire`, of the rows on time before row `end`. */
  #fireRows(time: Float64Array, from: number, end: number): number {
    const [ranges, slots, { rows }] = [this.#ranges, this.#rowSlots, this.#router];
    const at = time[rows[from]];
    let to = from;
    while (to < end && time[rows[to]] === at) to++;
    ranges.leaveThrough(at - this.#rangeMs);
    for (let i = from; i < to; i++) ranges.enter(slots[i]);
    for (let i = from; i < to; i++) this.#emitter.writeAt(rows[i], ranges.keyOf(slots[i]));
    return to;
  }

  #keyedState(): KeyedState {
    const [keys, ranges] = [this.#keys, this.#ranges];
    return {
      get size() {
        return keys.size;
      },
      holds: (key) => ranges.holds(key),
      // Records that wait for the watermark stay in memory, and their keys.
      dueMs: (key) => ranges.lastLeaveMs(key, this.#rangeMs),
      moveOut: (key, writer) => ranges.moveOut(key, writer),
      movedOut: () => ranges.movedOut(),
      moveIn: (key, reader) => ranges.moveIn(key, reader),
    };
  }

  #part(give: (key: string, state: SnapshotReader) => void): void {
    const [pending, ranges, aggregates] = [this.#pending, this.#ranges, this.#aggregates];
    const waiting = Map.groupBy(pending.takeAll(), (row) => ranges.keyOf(pending.slotOf(row)));
    const write = (key: number, writer: SnapshotWriter): void => {
      const rows = Int32Array.from(waiting.get(key) ?? []);
      const slots = rows.map((row) => pending.slotOf(row));
      pending.moveOut(rows, writer);
      aggregates.snapshot(writer, slots, slots.length);
      writer.boolean(ranges.hasRange(key));
      if (ranges.hasRange(key)) ranges.moveOut(key, writer);
    };
    partKeys(this.#keys, (key) => ranges.holds(key), write, give);
    ranges.movedOut();
  }

  #take(text: string, state: SnapshotReader): void {
    const key = this.#keys.idOf(text);
    const rows = this.#pending.moveIn(state, () => this.#aggregates.allocate());
    const slots = rows.map((row) => this.#pending.slotOf(row));
    this.#aggregates.restore(state, slots, slots.length);
    slots.forEach((slot, i) => {
      this.#ranges.await(key, slot, this.#pending.timeOf(rows[i]));
    });
    if (state.boolean()) this.#ranges.moveIn(key, state);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#watermark);
    writer.f64(this.#withoutTime);
    this.#keys.snapshot(writer);
    this.#pending.snapshot(writer);
    this.#ranges.snapshot(writer);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion && version !== 1)
      throw new Error(`look-back state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#withoutTime = reader.f64();
    this.#keys.restore(reader);
    if (version === 1) this.#restoreLists(reader);
    else this.#ranges.restore(reader, this.#pending.restore(reader));
    this.#cold.restore(reader);
  }

  /** As snapshots were before records were in tables. */
  #restoreLists(reader: SnapshotReader): void {
    this.#ranges.restoreLists(reader);
    const { keys, times, slots } = this.#pending.restoreList(reader, () => this.#aggregates.allocate());
    this.#aggregates.restore(reader, slots, slots.length);
    slots.forEach((slot, i) => {
      this.#ranges.await(keys[i], slot, times[i]);
    });
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#aggregates.bytes + this.#pending.bytes + this.#ranges.bytes,
      lateRecords: 0,
      bufferedRecords: this.#pending.size,
      counters: { in_range: this.#ranges.size, without_time: this.#withoutTime },
      books: { settled: this.#withoutTime },
    };
  }

  /** As `#fire`, of all that are due; the last come out with a later `settle`. */
  #fireRuns(due: Int32Array, out: Collector): void {
    const [ranges, emitter] = [this.#ranges, this.#emitter];
    const slots = this.#pending.slotsOf(due);
    ranges.meet(slots, due.length);
    for (let from = 0; from < due.length; ) {
      let to = ranges.enterRun(slots, from, due.length, emitter.free);
      emitter.await(due, from, to);
      if (to === due.length) return;
      if (to > from || !emitter.isSettled) emitter.settle(out);
      else if (!emitter.isEmpty) emitter.flush(out);
      else to = this.#fire(due, from, out);
      from = to;
    }
  }

  #leaveRun(timeMs: number, out: Collector): void {
    while (!this.#ranges.leaveRun(timeMs)) this.#emitter.settle(out);
  }

  /** Emits the records from `from` on that are of one time, the earliest; returns where the next begin. */
  #fire(due: Int32Array, from: number, out: Collector): number {
    const [pending, ranges] = [this.#pending, this.#ranges];
    const at = pending.timeOf(due[from]);
    let to = from;
    while (to < due.length && pending.timeOf(due[to]) === at) to++;
    ranges.leaveThrough(at - this.#rangeMs);
    for (let i = from; i < to; i++) ranges.enter(pending.slotOf(due[i]));
    for (let i = from; i < to; i++) this.#emitter.add(due[i], ranges.keyOf(pending.slotOf(due[i])), at, out);
    return to;
  }
}
