import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { assignedFields } from "../plan/pane-type.ts";
import type { SessionWindow } from "../plan/window-spec.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { SessionFinder } from "./session-finder.ts";
import { SessionStore } from "./session-store.ts";
import { SessionTimers } from "./session-timers.ts";
import { sortByTime } from "./sort-by-time.ts";

type AssignWindows = Extract<PlannedOperator, { op: "assign-windows" }>;

const layoutVersion = 1;
const latePort = 1;
const none = -1;

/**
 * Puts records beside the session that they belong to. They are held until it ends, at W >= last + gap, and come out in
 * order of session end, then of opening, those of one session in order of arrival. The watermark is held back by one
 * millisecond, as a row's event time is `window_end - 1`. Counter: `without_time`.
 */
export class AssignSessionsOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly spilling: Spilling = { attach: (rows, hotRecords) => this.#cold.attach(rows, hotRecords) };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#watermark, this.#closedLast, this.#sessions.opened], counts: [this.#withoutTime] }),
    stand: ({ progress, counts }) => {
      [this.#watermark, this.#closedLast, this.#sessions.opened] = progress;
      [this.#withoutTime] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#moveIn(this.#keys.idOf(key), state),
  };
  readonly #gapMs: number;
  readonly #keys: KeyTable;
  readonly #sessions: SessionStore;
  readonly #finder: SessionFinder;
  readonly #timers: SessionTimers;
  readonly #cold: ColdKeys;
  readonly #records: RowStore;
  readonly #builder: BatchBuilder;
  readonly #kept: readonly number[];
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #lateRows = new Int32Array(maxBatchRows);
  readonly #row = new Int32Array(1);
  readonly #record = new Int32Array(1);
  readonly #writing = new Int32Array(maxBatchRows);
  #writingCount = 0;
  /** By session: its first and last record. */
  #heads: Int32Array = new Int32Array(16);
  #tails: Int32Array = new Int32Array(16);
  /** By record: the next one of its session, and its order of arrival. */
  #next: Int32Array = new Int32Array(16);
  #watermark = noWatermark;
  /** Sessions whose last record is not after this are closed. */
  #closedLast = noWatermark;
  #withoutTime = 0;
  /** Records outside of memory. */
  #coldRecords = 0;

  constructor(operator: AssignWindows, window: SessionWindow, step: PlanStep) {
    const [input] = step.inputs;
    this.#gapMs = window.gapMs;
    this.#timers = new SessionTimers(window.gapMs);
    this.#keys = new KeyTable(keyFieldsOf(operator.keyBy, input));
    this.#sessions = new SessionStore(this.#keys, new AggregateSet([]));
    this.#finder = new SessionFinder(this.#sessions, window);
    this.#records = new RowStore(input.fields);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [window.gapMs]);
    this.#kept = assignedFields(input);
    const live = step.liveFields.out;
    this.#builder = createBatchBuilder(step.outputs.out.fields, live === undefined ? {} : { live });
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    let count = 0;
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i];
      if (Number.isNaN(batch.time[row])) this.#withoutTime++;
      else this.#rows[count++] = row;
    }
    this.#keys.assign(batch, this.#rows, count, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
    const strangers = new Set<number>();
    let lateCount = 0;
    for (let i = 0; i < count; i++) {
      if (this.#take(batch, this.#rows[i], this.#rowKeys[i])) continue;
      strangers.add(this.#rowKeys[i]);
      this.#lateRows[lateCount++] = this.#rows[i];
    }
    for (const key of strangers) if (this.#sessions.latest(key) === 0) this.#keys.release(key);
    if (lateCount > 0) out.emit(latePort, withSelection(batch, this.#lateRows, lateCount));
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (watermark > this.#watermark) {
      if (this.#cold.active) this.#cold.advance(watermark, (until) => this.#advance(until, out));
      this.#advance(watermark, out);
    }
    return this.#watermark - 1;
  }

  #advance(watermark: number, out: Collector): void {
    this.#watermark = Math.max(this.#watermark, watermark);
    this.#closedLast = Math.max(this.#closedLast, watermark - this.#gapMs);
    this.#close(watermark, out);
  }

  #keyedState(): KeyedState {
    const [records, sessions] = [this.#records, this.#sessions];
    return {
      get size() {
        return records.size;
      },
      holds: (key) => sessions.latest(key) !== 0,
      dueMs: (key) => sessions.last[sessions.after(key, 0)] + this.#gapMs,
      moveOut: (key, writer) => {
        this.#coldRecords += this.#moveOut(key, writer);
      },
      moveIn: (key, reader) => {
        this.#coldRecords -= this.#moveIn(key, reader);
      },
    };
  }

  #recordsOf(session: number): Int32Array {
    const records: number[] = [];
    for (let record = this.#heads[session]; record !== none; record = this.#next[record]) records.push(record);
    return Int32Array.from(records);
  }

  /** Writes the sessions of a key with their records and forgets them; returns how many records they have. */
  #moveOut(key: number, writer: SnapshotWriter): number {
    const records = Array.from(this.#sessions.ofKey(key), (session) => this.#recordsOf(session));
    for (const session of this.#sessions.ofKey(key)) this.#timers.remove(session);
    this.#sessions.moveOut(key, writer);
    for (const own of records) {
      this.#records.writeRows(writer, own, own.length);
      for (const record of own) this.#records.remove(record);
    }
    return records.reduce((count, { length }) => count + length, 0);
  }

  /** Takes back what `moveOut` wrote; returns how many records there are. */
  #moveIn(key: number, reader: SnapshotReader): number {
    let count = 0;
    for (const session of this.#sessions.moveIn(key, reader)) {
      const records = this.#records.readRows(reader);
      this.#empty(session);
      for (const record of records) this.#append(session, record);
      this.#setTimer(session);
      count += records.length;
    }
    return count;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    for (const value of [this.#watermark, this.#closedLast, this.#withoutTime]) writer.f64(value);
    this.#sessions.snapshot(writer);
    const records: number[] = [];
    const lengths: number[] = [];
    for (const session of this.#sessions.all()) {
      let length = 0;
      for (let record = this.#heads[session]; record !== none; record = this.#next[record]) {
        records.push(record);
        length++;
      }
      lengths.push(length);
    }
    writer.i32Array(Int32Array.from(lengths));
    this.#records.snapshot(writer, Int32Array.from(records), records.length);
    writer.f64(this.#coldRecords);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`state of assigned sessions has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#closedLast = reader.f64();
    this.#withoutTime = reader.f64();
    const sessions = this.#sessions.restore(reader);
    const lengths = reader.i32Array();
    this.#records.restore(reader);
    let record = 0;
    sessions.forEach((session, i) => {
      this.#empty(session);
      for (let end = record + lengths[i]; record < end; record++) this.#append(session, record);
      this.#setTimer(session);
    });
    // Not in snapshots of before keys could leave memory.
    if (reader.remaining > 0) this.#coldRecords = reader.f64();
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#sessions.size + this.#cold.size,
      stateBytes: this.#sessions.bytes + this.#timers.bytes + this.#records.bytes + this.#next.byteLength + this.#heads.byteLength * 2,
      lateRecords: 0,
      bufferedRecords: this.#records.size + this.#coldRecords,
      counters: { without_time: this.#withoutTime },
    };
  }

  /** Gives a record to its session; false when that is closed. */
  #take(batch: Batch, row: number, key: number): boolean {
    const at = batch.time[row];
    this.#finder.find(key, at);
    if (this.#finder.last <= this.#closedLast) return false;
    const session = this.#extend(key, at);
    this.#row[0] = row;
    this.#records.add(batch, this.#row, 1, this.#record);
    this.#append(session, this.#record[0]);
    return true;
  }

  #extend(key: number, at: number): number {
    const { left, right, before } = this.#finder;
    const store = this.#sessions;
    if (left !== 0 && right !== 0) {
      this.#timers.remove(right);
      this.#concatenate(left, right);
      store.absorb(left, right);
      return left;
    }
    if (left !== 0) {
      store.last[left] = Math.max(store.last[left], at);
      store.touch(left);
      return left;
    }
    if (right !== 0) {
      store.first[right] = Math.min(store.first[right], at);
      store.touch(right);
      return right;
    }
    const session = store.open(key, at, before);
    this.#empty(session);
    this.#setTimer(session);
    return session;
  }

  #empty(session: number): void {
    this.#heads = grownInt32(this.#heads, session + 1);
    this.#tails = grownInt32(this.#tails, session + 1);
    this.#heads[session] = none;
    this.#tails[session] = none;
  }

  #append(session: number, record: number): void {
    this.#next = grownInt32(this.#next, record + 1);
    this.#next[record] = none;
    if (this.#heads[session] === none) this.#heads[session] = record;
    else this.#next[this.#tails[session]] = record;
    this.#tails[session] = record;
  }

  #concatenate(session: number, behind: number): void {
    this.#next[this.#tails[session]] = this.#heads[behind];
    this.#tails[session] = this.#tails[behind];
  }

  #setTimer(session: number): void {
    this.#timers.set(session, this.#sessions.last[session] + this.#gapMs);
  }

  #close(watermark: number, out: Collector): void {
    const { last, rank } = this.#sessions;
    const due = this.#timers.takeDue(watermark);
    const closed = due.filter((session) => last[session] <= this.#closedLast);
    if (closed.length < due.length) for (const session of due) if (last[session] > this.#closedLast) this.#setTimer(session);
    sortByTime(closed, last, rank);
    for (const session of closed) {
      for (let record = this.#heads[session]; record !== none; record = this.#next[record]) this.#write(session, record, out);
      this.#sessions.remove(session);
    }
    this.#flush(out);
  }

  #write(session: number, record: number, out: Collector): void {
    const row = this.#writingCount++;
    const endMs = this.#sessions.last[session] + this.#gapMs;
    this.#writing[row] = record;
    this.#builder.columns[this.#kept.length]?.set(row, this.#sessions.first[session]);
    this.#builder.columns[this.#kept.length + 1]?.set(row, endMs);
    this.#builder.time[row] = endMs - 1;
    if (this.#writingCount === maxBatchRows) this.#flush(out);
  }

  #flush(out: Collector): void {
    const count = this.#writingCount;
    if (count === 0) return;
    this.#kept.forEach((field, i) => {
      const column = this.#builder.columns[i];
      if (column !== null) this.#records.write(field, this.#writing, count, column);
    });
    for (let i = 0; i < count; i++) this.#records.remove(this.#writing[i]);
    this.#writingCount = 0;
    this.#builder.commit(count);
    out.emit(0, this.#builder.build());
  }
}
