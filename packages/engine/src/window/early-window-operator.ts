import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import type { FixedWindow } from "../plan/window-spec.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { PaneEmitter } from "./pane-emitter.ts";
import { PaneStore } from "./pane-store.ts";
import type { Slice } from "./slice.ts";
import { createSliceLayout, type SliceLayout } from "./slice-layout.ts";
import { SliceStore } from "./slice-store.ts";
import { TriggerClock } from "./trigger-clock.ts";

type WindowAggregate = Extract<PlannedOperator, { op: "window-aggregate" }>;

const layoutVersion = 1;
const latePort = 1;

/**
 * Windows of fixed bounds whose results come before they close, or as panes that are discarded: each window has groups of
 * its own, so that a record costs as much as it has windows. A window that closes says only what has not been said. Results
 * come in order of window, then of when a key came into it. Ports and counters as of `createWindowAggregateOperator`.
 */
export class EarlyWindowOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly #layout: SliceLayout;
  readonly #latenessMs: number;
  readonly #every: number;
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #emitter: PaneEmitter;
  readonly #groups: PaneStore;
  readonly #clock: TriggerClock;
  /** By number of the window: its groups. */
  readonly #windows = new SliceStore();
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #lateRows = new Int32Array(maxBatchRows);
  readonly #row = new Int32Array(1);
  readonly #slot = new Int32Array(1);
  /** By key: windows that have it. */
  #references: Int32Array = new Int32Array(16);
  #watermark = noWatermark;
  #nowMs = Number.NEGATIVE_INFINITY;
  /** The latest window that has closed for the first time, and that takes no records any more. */
  #fired = noWatermark;
  #closed = noWatermark;
  #partiallyLate = 0;
  #outsideWindow = 0;
  #withoutTime = 0;
  /** Records of this run that were added to their windows. */
  #added = 0;

  constructor(operator: WindowAggregate, window: FixedWindow, step: PlanStep) {
    const keyFields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    const { early } = operator;
    this.#layout = createSliceLayout(window);
    this.#latenessMs = operator.allowedLatenessMs;
    this.#every = early?.kind === "records" ? early.every : Number.POSITIVE_INFINITY;
    this.#keys = new KeyTable(keyFields);
    this.#aggregates = new AggregateSet(operator.aggregates);
    this.#emitter = new PaneEmitter(step, this.#keys, keyFields.length, this.#aggregates, operator.aggregates.length);
    const panes = operator.panes ?? "accumulating";
    this.#groups = new PaneStore(this.#aggregates, this.#emitter, { output: operator.output, panes, trigger: early });
    this.#clock = new TriggerClock(early);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { count, lateCount } = this.#route(batch);
    if (count > 0) {
      this.#keys.assign(batch, this.#rows, count, this.#rowKeys);
      this.#aggregates.begin(batch);
      for (let i = 0; i < count; i++) this.#take(batch, this.#rows[i], this.#rowKeys[i], out);
      this.#added += count;
      this.#emitter.flush(out);
    }
    if (lateCount > 0) out.emit(latePort, withSelection(batch, this.#lateRows, lateCount));
  }

  onWatermark(watermark: number, out: Collector): number {
    if (!(watermark > this.#watermark)) return watermark;
    this.#watermark = watermark;
    this.#fired = Math.max(this.#fired, this.#layout.windowsThrough(watermark, 0));
    this.#sayThrough(this.#fired, out);
    if (this.#clock.time === "event-time" && this.#clock.due(watermark + 1)) this.#sayThrough(endOfTime, out);
    this.#emitter.flush(out);
    this.#closed = Math.max(this.#closed, this.#layout.windowsThrough(watermark, this.#latenessMs));
    for (const window of this.#windows.dropBefore(this.#closed + 1)) this.#drop(window);
    return watermark;
  }

  onProcessingTime(nowMs: number, out: Collector): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (this.#clock.time !== "processing-time" || !this.#clock.due(this.#nowMs)) return;
    this.#sayThrough(endOfTime, out);
    this.#emitter.flush(out);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    const numbers = [this.#watermark, this.#nowMs, this.#fired, this.#closed, this.#clock.nextMs];
    for (const value of [...numbers, this.#partiallyLate, this.#outsideWindow, this.#withoutTime]) writer.f64(value);
    this.#keys.snapshot(writer);
    const { slices } = this.#windows;
    writer.f64Array(Float64Array.from(slices, (window) => window.index));
    for (const window of slices) writer.i32Array(window.keys, window.count);
    const slots: number[] = [];
    for (const window of slices) for (let i = 0; i < window.count; i++) slots.push(window.slots[i]);
    this.#groups.snapshot(writer, Int32Array.from(slots));
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`state of early windows has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#nowMs = reader.f64();
    this.#fired = reader.f64();
    this.#closed = reader.f64();
    this.#clock.nextMs = reader.f64();
    this.#partiallyLate = reader.f64();
    this.#outsideWindow = reader.f64();
    this.#withoutTime = reader.f64();
    this.#keys.restore(reader);
    const members = Array.from(reader.f64Array(), (window) => ({ window, keys: reader.i32Array() }));
    const slots = this.#groups.restore(reader);
    let at = 0;
    for (const { window, keys } of members) for (const key of keys) this.#addGroup(this.#windows.obtain(window), key, slots[at++]);
  }

  gauges(): OperatorGauges {
    let bytes = this.#keys.bytes + this.#aggregates.bytes + this.#groups.bytes + this.#references.byteLength;
    for (const window of this.#windows.slices) bytes += window.bytes;
    return {
      stateKeys: this.#keys.size,
      stateBytes: bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { partially_late: this.#partiallyLate, outside_window: this.#outsideWindow, without_time: this.#withoutTime },
      books: { settled: this.#added + this.#outsideWindow + this.#withoutTime, ports: ["late"] },
    };
  }

  /** Puts the rows that some open window takes into `#rows`, and those whose windows are all closed into `#lateRows`. */
  #route({ selection, selected, time }: Batch): { readonly count: number; readonly lateCount: number } {
    let count = 0;
    let lateCount = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (Number.isNaN(time[row])) {
        this.#withoutTime++;
        continue;
      }
      const slice = this.#layout.sliceAt(time[row]);
      const first = this.#layout.firstWindow(slice);
      const last = this.#layout.lastWindow(slice);
      if (first > last) this.#outsideWindow++;
      else if (last <= this.#closed) this.#lateRows[lateCount++] = row;
      else {
        if (first <= this.#closed) this.#partiallyLate++;
        this.#rows[count++] = row;
      }
    }
    return { count, lateCount };
  }

  #take(batch: Batch, row: number, key: number, out: Collector): void {
    const at = batch.time[row];
    const slice = this.#layout.sliceAt(at);
    const last = this.#layout.lastWindow(slice);
    for (let window = Math.max(this.#layout.firstWindow(slice), this.#closed + 1); window <= last; window++) {
      const groups = this.#windows.obtain(window);
      const slot = groups.slotOf(key) || this.#addGroup(groups, key, this.#groups.open());
      const startMs = this.#layout.windowStartMs(window);
      const endMs = this.#layout.windowEndMs(window);
      this.#groups.change(slot, 1, at, key, startMs, endMs, out);
      this.#row[0] = row;
      this.#slot[0] = slot;
      this.#aggregates.add(batch, this.#slot, this.#row, 1);
      if (window <= this.#fired || this.#groups.pending[slot] >= this.#every) {
        this.#groups.say(slot, endMs - 1, key, startMs, endMs, out);
      } else this.#clock.note(this.#clock.time === "processing-time" ? this.#nowMs : Math.max(at, this.#watermark));
    }
  }

  #addGroup(window: Slice, key: number, slot: number): number {
    window.add(key, slot);
    this.#references = grownInt32(this.#references, key + 1);
    this.#references[key]++;
    return slot;
  }

  /** Says what has changed in the windows up to a number. */
  #sayThrough(last: number, out: Collector): void {
    for (const window of this.#windows.slices) {
      if (window.index > last) break;
      const startMs = this.#layout.windowStartMs(window.index);
      const endMs = this.#layout.windowEndMs(window.index);
      for (let i = 0; i < window.count; i++) {
        if (this.#groups.pending[window.slots[i]] === 0) continue;
        this.#groups.say(window.slots[i], endMs - 1, window.keys[i], startMs, endMs, out);
      }
    }
  }

  #drop(window: Slice): void {
    for (let i = 0; i < window.count; i++) {
      this.#groups.remove(window.slots[i]);
      if (--this.#references[window.keys[i]] === 0) this.#keys.release(window.keys[i]);
    }
  }
}
