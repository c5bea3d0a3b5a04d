import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import type { FixedWindow } from "../plan/window-spec.ts";
import { type ColdKey, ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { IntervalCounts } from "./interval-counts.ts";
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
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({
      progress: [this.#watermark, this.#nowMs, this.#fired, this.#closed, this.#clock.nextMs],
      counts: [this.#partiallyLate, this.#outsideWindow, this.#withoutTime],
    }),
    stand: ({ progress, counts }) => {
      [this.#watermark, this.#nowMs, this.#fired, this.#closed, this.#clock.nextMs] = progress;
      [this.#partiallyLate, this.#outsideWindow, this.#withoutTime] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#moveIn(this.#keys.idOf(key), state),
  };
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
  readonly #cold: ColdKeys;
  /** Groups outside of memory that have something to say, by window. */
  readonly #coldPending = new IntervalCounts();
  /** Keys that have moved out and still have places in windows. */
  readonly #gone: number[] = [];
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
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [1]);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { count, lateCount } = this.#route(batch);
    if (count > 0) {
      this.#keys.assign(batch, this.#rows, count, this.#rowKeys);
      if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
      this.#aggregates.begin(batch);
      for (let i = 0; i < count; i++) this.#take(batch, this.#rows[i], this.#rowKeys[i], out);
      this.#added += count;
      this.#emitter.flush(out);
    }
    if (lateCount > 0) out.emit(latePort, withSelection(batch, this.#lateRows, lateCount));
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (!(watermark > this.#watermark)) return watermark;
    this.#watermark = watermark;
    this.#fired = Math.max(this.#fired, this.#layout.windowsThrough(watermark, 0));
    if (this.#cold.active) this.#sayOutsideThrough(this.#fired, out);
    this.#sayThrough(this.#fired, out);
    if (this.#clock.time === "event-time" && this.#clock.due(watermark + 1)) this.#sayThrough(endOfTime, out);
    this.#emitter.flush(out);
    this.#closed = Math.max(this.#closed, this.#layout.windowsThrough(watermark, this.#latenessMs));
    for (const window of this.#windows.dropBefore(this.#closed + 1)) this.#drop(window);
    if (this.#cold.active) this.#cold.forgetBefore(this.#closed + 1);
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
    this.#coldPending.snapshot(writer);
    this.#cold.snapshot(writer);
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
    // Not in snapshots of before keys could leave memory.
    if (reader.remaining > 0) this.#coldPending.restore(reader);
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    let bytes = this.#keys.bytes + this.#aggregates.bytes + this.#groups.bytes + this.#references.byteLength;
    for (const window of this.#windows.slices) bytes += window.bytes;
    return {
      stateKeys: this.#keys.size + this.#cold.size,
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

  /** Says what has changed in windows up to a number of which something is outside of memory, after what is in memory of them. */
  #sayOutsideThrough(last: number, out: Collector): void {
    for (let window = this.#coldPending.first; window <= last && window < endOfTime; window = this.#coldPending.first) {
      this.#sayThrough(window, out);
      this.#cold.visit(window, (found) => {
        for (const key of found) this.#sayOutside(key, window, out);
      });
      this.#coldPending.dropBefore(window + 1);
    }
  }

  #sayOutside({ text, state, rewrite }: ColdKey, window: number, out: Collector): void {
    const key = this.#keys.idOf(text);
    const windows = state.f64Array();
    const slots = this.#groups.restore(state);
    const slot = slots[windows.indexOf(window)] ?? 0;
    if (slot !== 0 && this.#groups.pending[slot] > 0) {
      const endMs = this.#layout.windowEndMs(window);
      this.#groups.say(slot, endMs - 1, key, this.#layout.windowStartMs(window), endMs, out);
      // Late records may still come into it.
      if (this.#latenessMs > 0) rewrite((writer) => this.#writeGroups(writer, windows, slots));
    }
    for (const each of slots) this.#groups.remove(each);
    this.#keys.release(key);
  }

  #writeGroups(writer: SnapshotWriter, windows: Float64Array, slots: Int32Array): void {
    writer.f64Array(windows);
    this.#groups.snapshot(writer, slots);
  }

  #keyedState(): KeyedState {
    const [keys, gone] = [this.#keys, this.#gone];
    return {
      get size() {
        return keys.size - gone.length;
      },
      holds: (key) => key < this.#references.length && this.#references[key] > 0,
      dueMs: (key) => this.#dueWindow(key),
      moveOut: (key, writer) => this.#moveOut(key, writer),
      movedOut: () => this.#movedOut(),
      moveIn: (key, reader) => {
        for (const window of this.#moveIn(key, reader)) this.#coldPending.add(window, -1);
      },
    };
  }

  /** Not a time: what is outside is looked for by the last window that it is in. What a trigger by time is to say stays. */
  #dueWindow(key: number): number {
    const windows = this.#windowsOf(key);
    const waits = this.#clock.time !== null && windows.some((window) => this.#groups.pending[window.slotOf(key)] > 0);
    return waits ? Number.NEGATIVE_INFINITY : (windows.at(-1)?.index ?? Number.NEGATIVE_INFINITY);
  }

  #windowsOf(key: number): readonly Slice[] {
    return this.#windows.slices.filter((window) => window.slotOf(key) !== 0);
  }

  #moveOut(key: number, writer: SnapshotWriter): void {
    const windows = this.#windowsOf(key);
    const slots = Int32Array.from(windows, (window) => window.slotOf(key));
    for (const window of windows) if (this.#groups.pending[window.slotOf(key)] > 0) this.#coldPending.add(window.index, 1);
    this.#writeGroups(
      writer,
      Float64Array.from(windows, ({ index }) => index),
      slots,
    );
    for (const slot of slots) this.#groups.remove(slot);
    this.#references[key] = 0;
    this.#gone.push(key);
  }

  #movedOut(): void {
    if (this.#gone.length === 0) return;
    const isGone = new Uint8Array(this.#keys.capacity);
    for (const key of this.#gone) isGone[key] = 1;
    for (const window of this.#windows.slices) window.remove(isGone);
    for (const key of this.#gone) this.#keys.release(key);
    this.#gone.length = 0;
  }

  /** Takes the groups of a key, but for those that are over. Returns the windows that have something to say. */
  #moveIn(key: number, state: SnapshotReader): readonly number[] {
    const windows = state.f64Array();
    const pending: number[] = [];
    this.#groups.restore(state).forEach((slot, i) => {
      if (windows[i] <= this.#closed) {
        this.#groups.remove(slot);
        return;
      }
      this.#addGroup(this.#windows.obtain(windows[i]), key, slot);
      if (this.#groups.pending[slot] > 0) pending.push(windows[i]);
    });
    return pending;
  }

  #drop(window: Slice): void {
    for (let i = 0; i < window.count; i++) {
      this.#groups.remove(window.slots[i]);
      if (--this.#references[window.keys[i]] === 0) this.#keys.release(window.keys[i]);
    }
  }
}
