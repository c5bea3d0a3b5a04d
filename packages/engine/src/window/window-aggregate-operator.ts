import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, RowKind, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import type { FixedWindow } from "../plan/window-spec.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { ColdGroups } from "./cold-groups.ts";
import { EarlyWindowOperator } from "./early-window-operator.ts";
import { ProcessingTimeOperator } from "./processing-time-operator.ts";
import { RecordRouter } from "./record-router.ts";
import { createSessionWindowOperator } from "./session-window-operator.ts";
import { createSliceLayout, type SliceLayout } from "./slice-layout.ts";
import { SliceRun } from "./slice-run.ts";
import { SliceStore } from "./slice-store.ts";
import type { TimeWindow } from "./window-assigner.ts";
import { WindowEmitter } from "./window-emitter.ts";
import { WindowGroups } from "./window-groups.ts";
import { WindowRefire } from "./window-refire.ts";

type WindowAggregate = Extract<PlannedOperator, { op: "window-aggregate" }>;

const layoutVersion = 1;
const latePort = 1;

/**
 * Aggregates per key and event-time window, over shared slices where bounds are fixed. Ports: `out`, `late` (records all of whose
 * windows are closed). Windows fire in order of their ends; the rows of one come in the order in which keys joined:
 * of a tumbling window by first record, of hopping windows by when the key came into the run of windows that it is
 * in now. Counters: `partially_late` (records that some of their windows missed), `outside_window` (records between
 * windows), `without_time`. The rows of keys that are outside of memory come after those of the others.
 *
 * Where `append` waits for the lateness, the watermark is held back as long, so that rows are on time for what follows.
 *
 * The input must be append-only: a changelog cannot be aggregated without its old rows.
 */
export function createWindowAggregateOperator(operator: WindowAggregate, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog !== "append") throw new Error(`${step.id} aggregates a changelog (${input.changelog}); it needs append-only input`);
  const inner = createByTime(operator, step);
  return operator.time === "processing" ? new ProcessingTimeOperator(inner) : inner;
}

function createByTime(operator: WindowAggregate, step: PlanStep): Operator {
  const { window } = operator;
  if (window.kind === "session") return createSessionWindowOperator(operator, window, step);
  const isEarly = operator.early !== undefined || operator.panes === "discarding";
  return isEarly ? new EarlyWindowOperator(operator, window, step) : new WindowAggregateOperator(operator, window, step);
}

class WindowAggregateOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({
      progress: [this.#watermark, this.#fired, this.#closed],
      counts: [this.#router.partiallyLate, this.#router.outsideWindow, this.#router.withoutTime],
    }),
    stand: ({ progress, counts }) => {
      [this.#watermark, this.#fired, this.#closed] = progress;
      [this.#router.partiallyLate, this.#router.outsideWindow, this.#router.withoutTime] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#cold.take(key, state),
  };
  readonly #layout: SliceLayout;
  readonly #latenessMs: number;
  /** How long after its end a window fires for the first time. */
  readonly #delayMs: number;
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #store = new SliceStore();
  readonly #run: SliceRun;
  readonly #groups: WindowGroups;
  readonly #router: RecordRouter;
  readonly #emitter: WindowEmitter;
  readonly #refire: WindowRefire;
  readonly #cold: ColdKeys;
  readonly #coldGroups: ColdGroups;
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #rowSlots = new Int32Array(maxBatchRows);
  #watermark = noWatermark;
  /** The latest window that has fired, or would have had it had records. */
  #fired = noWatermark;
  /** The latest window that takes no records any more. */
  #closed = noWatermark;
  /** Records of this run that were added to their windows. */
  #added = 0;

  constructor(operator: WindowAggregate, window: FixedWindow, step: PlanStep) {
    const keyFields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    const retract = operator.output === "retract";
    this.#layout = createSliceLayout(window);
    this.#latenessMs = operator.allowedLatenessMs;
    this.#delayMs = operator.output === "append" ? operator.allowedLatenessMs : 0;
    this.#keys = new KeyTable(keyFields);
    this.#aggregates = new AggregateSet(operator.aggregates);
    this.#run = new SliceRun(this.#aggregates, this.#store, retract && operator.allowedLatenessMs > 0);
    this.#groups = new WindowGroups(this.#keys, this.#aggregates, this.#store, this.#run);
    this.#router = new RecordRouter(this.#layout);
    this.#emitter = new WindowEmitter(step, this.#keys, keyFields.length, this.#aggregates);
    this.#refire = new WindowRefire(this.#layout, this.#store, this.#aggregates, this.#emitter, retract);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [1]);
    this.#coldGroups = new ColdGroups(this.#cold, this.#keys, this.#aggregates, this.#groups, this.#emitter);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const router = this.#router;
    router.route(batch, this.#fired, this.#closed);
    if (router.rowCount + router.refireCount > 0) this.#aggregates.begin(batch);
    if (router.rowCount > 0) this.#addRuns(batch);
    if (router.refireCount > 0) this.#addAndRefire(batch, out);
    if (router.lateCount > 0) out.emit(latePort, withSelection(batch, router.lateRows, router.lateCount));
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (!(watermark > this.#watermark)) return watermark - this.#delayMs;
    this.#watermark = watermark;
    this.#fireThrough(this.#layout.windowsThrough(watermark, this.#delayMs), out);
    this.#closed = Math.max(this.#closed, this.#layout.windowsThrough(watermark, this.#latenessMs));
    this.#groups.dropBefore(this.#layout.firstSlice(this.#closed + 1));
    if (this.#cold.active) this.#cold.forgetBefore(this.#layout.firstSlice(this.#closed + 1));
    return watermark - this.#delayMs;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#watermark);
    writer.f64(this.#fired);
    writer.f64(this.#closed);
    writer.f64(this.#router.partiallyLate);
    writer.f64(this.#router.outsideWindow);
    writer.f64(this.#router.withoutTime);
    this.#groups.snapshot(writer);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`window state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#fired = reader.f64();
    this.#closed = reader.f64();
    this.#router.partiallyLate = reader.f64();
    this.#router.outsideWindow = reader.f64();
    this.#router.withoutTime = reader.f64();
    this.#groups.restore(reader);
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#groups.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: {
        partially_late: this.#router.partiallyLate,
        outside_window: this.#router.outsideWindow,
        without_time: this.#router.withoutTime,
      },
      books: { settled: this.#added + this.#router.outsideWindow + this.#router.withoutTime, ports: ["late"] },
    };
  }

  #keyedState(): KeyedState {
    const groups = this.#groups;
    return {
      get size() {
        return groups.size;
      },
      holds: (key) => groups.holds(key),
      // Not a time: what is outside is looked for by the latest slice that it is in.
      dueMs: (key) => groups.latestSlice(key),
      moveOut: (key, writer) => groups.moveOut(key, writer),
      movedOut: () => groups.movedOut(),
      moveIn: (key, reader) => groups.moveIn(key, reader, this.#layout.firstSlice(this.#closed + 1)),
    };
  }

  /** Adds the records of windows that have not fired. */
  #addRuns(batch: Batch): void {
    const { rows, rowCount, runCount, runStarts, runSlices } = this.#router;
    this.#keys.assign(batch, rows, rowCount, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, rowCount);
    if (this.#keys.isGlobal) this.#addToGlobal(batch);
    else this.#addToKeys(batch);
    this.#added += rowCount;
    for (let r = 0; r < runCount; r++) if (this.#run.covers(runSlices[r])) this.#addToRun(batch, rows, runStarts[r], runStarts[r + 1]);
  }

  #addToGlobal(batch: Batch): void {
    const { rows, runCount, runStarts, runSlices } = this.#router;
    for (let r = 0; r < runCount; r++) {
      this.#groups.slotsOf(this.#store.obtain(runSlices[r]), this.#rowKeys, runStarts[r], runStarts[r] + 1, this.#rowSlots);
      this.#aggregates.addToOne(batch, this.#rowSlots[runStarts[r]], rows, runStarts[r], runStarts[r + 1]);
    }
  }

  #addToKeys(batch: Batch): void {
    const { rows, rowCount, runCount, runStarts, runSlices } = this.#router;
    for (let r = 0; r < runCount; r++) {
      this.#groups.slotsOf(this.#store.obtain(runSlices[r]), this.#rowKeys, runStarts[r], runStarts[r + 1], this.#rowSlots);
    }
    this.#aggregates.add(batch, this.#rowSlots, rows, rowCount);
  }

  /** Adds records of a slice that is in the run to the running totals too. */
  #addToRun(batch: Batch, rows: Int32Array, from: number, to: number): void {
    const totals = this.#rowKeys.slice(from, to).map((key) => this.#run.recordAdded(key));
    this.#aggregates.add(batch, totals, rows.subarray(from, to), to - from, "subtractable");
  }

  /** Adds the records of windows that have fired, one by one, so that the rows do not depend on how records are batched. */
  #addAndRefire(batch: Batch, out: Collector): void {
    const { refireRows, refireCount, refireSlices } = this.#router;
    const row = new Int32Array(1);
    const key = new Int32Array(1);
    const slot = new Int32Array(1);
    for (let i = 0; i < refireCount; i++) {
      const index = refireSlices[i];
      row[0] = refireRows[i];
      this.#keys.assign(batch, row, 1, key);
      if (this.#cold.active) this.#cold.meet(key, 1);
      const first = Math.max(this.#layout.firstWindow(index), this.#closed + 1);
      const last = Math.min(this.#layout.lastWindow(index), this.#fired);
      this.#refire.prepare(key[0], first, last);
      this.#groups.slotsOf(this.#store.obtain(index), key, 0, 1, slot);
      this.#aggregates.add(batch, slot, row, 1);
      this.#added++;
      if (this.#run.covers(index)) {
        slot[0] = this.#run.recordAdded(key[0]);
        this.#aggregates.add(batch, slot, row, 1, "subtractable");
      }
      this.#refire.fire(key[0], first, last, out);
    }
    this.#emitter.flush(out);
  }

  /** Fires all windows up to a number that have records, in order. */
  #fireThrough(last: number, out: Collector): void {
    for (let window = this.#nextWindow(this.#fired); window <= last && window < endOfTime; window = this.#nextWindow(window)) {
      this.#fire(window, out);
    }
    this.#fired = Math.max(this.#fired, last);
    this.#emitter.flush(out);
  }

  /** The next window with records; infinite when there is none. */
  #nextWindow(after: number): number {
    const { slices } = this.#store;
    const position = this.#store.positionOf(this.#layout.firstSlice(after + 1));
    return position === slices.length ? endOfTime : Math.max(after + 1, this.#layout.firstWindow(slices[position].index));
  }

  #fire(window: number, out: Collector): void {
    const interval = { startMs: this.#layout.windowStartMs(window), endMs: this.#layout.windowEndMs(window) };
    const first = this.#layout.firstSlice(window);
    this.#fireInMemory(interval, first, this.#layout.endSlice(window), out);
    if (this.#cold.active) this.#coldGroups.fire(interval, first, this.#layout.endSlice(window), out);
  }

  #fireInMemory(interval: TimeWindow, first: number, end: number, out: Collector): void {
    if (this.#layout.single) {
      const { keys, slots, count } = this.#store.obtain(first);
      const rows = { keys, subtractable: slots, mergeable: slots };
      for (let from = 0, to = 0; from < count; from = to) {
        to = Math.min(count, from + this.#emitter.free);
        this.#emitter.add(interval, rows, from, to, RowKind.insert, out);
      }
      return;
    }
    this.#run.moveTo(first, end);
    for (let from = 0, to = 0; from < this.#run.keyCount; from = to) {
      to = Math.min(this.#run.keyCount, from + this.#emitter.free);
      this.#emitter.add(interval, this.#run.results(from, to), 0, to - from, RowKind.insert, out);
    }
  }
}
