import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, RowKind, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import type { SessionWindow } from "../plan/window-spec.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { SessionEmitter } from "./session-emitter.ts";
import { SessionFinder } from "./session-finder.ts";
import { SessionStore } from "./session-store.ts";
import { SessionTimers } from "./session-timers.ts";
import { sortByTime } from "./sort-by-time.ts";

type WindowAggregate = Extract<PlannedOperator, { op: "window-aggregate" }>;

const layoutVersion = 1;
const latePort = 1;

/**
 * Aggregates per key and session: records of a key at most `gapMs` apart are one session, which fires when the watermark
 * reaches its last record plus the gap. Ports: `out`, `late` (records whose session, merged with what they touch, is
 * closed). Sessions fire in order of their ends, then of their opening.
 *
 * A late record that changes the times of a session which has fired deletes the rows of all that it touches; the session
 * comes out anew, at once or when its new end is reached. One that leaves them as they are updates the row.
 *
 * The watermark is held back by one millisecond, and by the lateness for which `append` waits: a row's event time is
 * `window_end - 1`, and a session fires at its end. Counter: `without_time`.
 */
export function createSessionWindowOperator(operator: WindowAggregate, window: SessionWindow, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog !== "append") throw new Error(`${step.id} aggregates a changelog (${input.changelog}); it needs append-only input`);
  return new SessionWindowOperator(operator, window, step);
}

class SessionWindowOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({
      progress: [this.#watermark, this.#firedLast, this.#closedLast, this.#store.opened],
      counts: [this.#withoutTime],
    }),
    stand: ({ progress, counts }) => {
      [this.#watermark, this.#firedLast, this.#closedLast, this.#store.opened] = progress;
      [this.#withoutTime] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#cold.take(key, state),
  };
  readonly #gapMs: number;
  readonly #mostMs: number;
  readonly #latenessMs: number;
  /** How long after its end a session fires for the first time. */
  readonly #delayMs: number;
  readonly #retract: boolean;
  readonly #append: boolean;
  /** A row comes with every record. */
  readonly #early: boolean;
  readonly #discarding: boolean;
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #store: SessionStore;
  readonly #timers: SessionTimers;
  readonly #finder: SessionFinder;
  readonly #emitter: SessionEmitter;
  readonly #cold: ColdKeys;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #lateRows = new Int32Array(maxBatchRows);
  readonly #lateKeys = new Int32Array(maxBatchRows);
  #lateCount = 0;
  /** Rows that have a session but are not added to it yet. */
  readonly #pendingRows = new Int32Array(maxBatchRows);
  readonly #pendingSessions = new Int32Array(maxBatchRows);
  #pending = 0;
  #watermark = noWatermark;
  /** Sessions whose last record is not after this have fired. */
  #firedLast = noWatermark;
  /** Sessions whose last record is not after this take no records any more. */
  #closedLast = noWatermark;
  #withoutTime = 0;
  /** Records of this run that were added to their sessions. */
  #added = 0;

  constructor(operator: WindowAggregate, window: SessionWindow, step: PlanStep) {
    const keyFields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    this.#gapMs = window.gapMs;
    this.#latenessMs = operator.allowedLatenessMs;
    this.#early = operator.early !== undefined;
    this.#discarding = operator.panes === "discarding";
    this.#append = operator.output === "append" && !this.#discarding;
    this.#retract = operator.output === "retract";
    this.#delayMs = this.#append ? operator.allowedLatenessMs : 0;
    this.#mostMs = window.maxDurationMs ?? Number.POSITIVE_INFINITY;
    this.#timers = new SessionTimers(window.gapMs + operator.allowedLatenessMs);
    this.#keys = new KeyTable(keyFields);
    this.#aggregates = new AggregateSet(operator.aggregates);
    this.#store = new SessionStore(this.#keys, this.#aggregates);
    this.#finder = new SessionFinder(this.#store, window);
    this.#emitter = new SessionEmitter(step, this.#keys, keyFields.length, this.#aggregates, this.#store, window.gapMs);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [window.gapMs + operator.allowedLatenessMs, this.#delayMs]);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const count = this.#timedRows(batch);
    if (count === 0) return;
    this.#keys.assign(batch, this.#rows, count, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
    this.#aggregates.begin(batch);
    this.#lateCount = 0;
    this.#store.meet(this.#rowKeys, count);
    for (let i = 0; i < count; i++)
      if (!this.#continue(batch, this.#rows[i], this.#rowKeys[i])) this.#take(batch, this.#rows[i], this.#rowKeys[i], out);
    this.#addPending(batch);
    this.#emitter.flush(out);
    if (this.#lateCount > 0) this.#emitLate(batch, out);
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (watermark > this.#watermark) {
      if (this.#cold.active) this.#cold.advance(watermark, (until) => this.#advance(until, out));
      this.#advance(watermark, out);
    }
    return this.#watermark - this.#delayMs - 1;
  }

  #advance(watermark: number, out: Collector): void {
    this.#watermark = Math.max(this.#watermark, watermark);
    this.#firedLast = Math.max(this.#firedLast, watermark - this.#gapMs - this.#delayMs);
    this.#closedLast = Math.max(this.#closedLast, watermark - this.#gapMs - this.#latenessMs);
    this.#runTimers(watermark, out);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    for (const value of [this.#watermark, this.#firedLast, this.#closedLast, this.#withoutTime]) writer.f64(value);
    this.#store.snapshot(writer);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`session state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#firedLast = reader.f64();
    this.#closedLast = reader.f64();
    this.#withoutTime = reader.f64();
    for (const session of this.#store.restore(reader)) this.#setTimer(session);
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#store.size + this.#cold.size,
      stateBytes: this.#store.bytes + this.#timers.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { without_time: this.#withoutTime },
      books: { settled: this.#added + this.#withoutTime, ports: ["late"] },
    };
  }

  #keyedState(): KeyedState {
    const [keys, store] = [this.#keys, this.#store];
    return {
      get size() {
        return keys.size;
      },
      holds: (key) => store.latest(key) !== 0,
      dueMs: (key) => this.#earliestTimer(key),
      moveOut: (key, writer) => {
        for (const session of store.ofKey(key)) this.#timers.remove(session);
        store.moveOut(key, writer);
      },
      moveIn: (key, reader) => {
        for (const session of store.moveIn(key, reader)) this.#setTimer(session);
      },
    };
  }

  #earliestTimer(key: number): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const session of this.#store.ofKey(key)) earliest = Math.min(earliest, this.#timerOf(session));
    return earliest;
  }

  /** Collects the rows that have a time. */
  #timedRows({ selection, selected, time }: Batch): number {
    let count = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (Number.isNaN(time[row])) this.#withoutTime++;
      else this.#rows[count++] = row;
    }
    return count;
  }

  /** Gives a record to the latest session of its key, as most go; false where there is more to it. */
  #continue(batch: Batch, row: number, key: number): boolean {
    const store = this.#store;
    const at = batch.time[row];
    const session = store.latest(key);
    if (this.#early || !store.continues(session, at, this.#gapMs, this.#mostMs)) return false;
    const last = Math.max(store.last[session], at);
    if (last <= this.#closedLast) return false;
    if (!this.#append && (last <= this.#firedLast || store.fired[session] === 1)) return false;
    store.last[session] = last;
    this.#pendingRows[this.#pending] = row;
    this.#pendingSessions[this.#pending++] = session;
    return true;
  }

  /** Gives a record to its session, which may be new, longer, or merged of two. */
  #take(batch: Batch, row: number, key: number, out: Collector): void {
    const finder = this.#finder;
    const at = batch.time[row];
    finder.find(key, at);
    if (finder.last <= this.#closedLast) {
      this.#lateRows[this.#lateCount] = row;
      this.#lateKeys[this.#lateCount++] = key;
      return;
    }
    const { fired } = this.#store;
    const { left, right } = finder;
    const changesRow = this.#early || (!this.#append && (finder.last <= this.#firedLast || fired[left] === 1 || fired[right] === 1));
    if (changesRow) {
      this.#takeAndRefire(batch, row, key, at, out);
      return;
    }
    const session = this.#extend(batch, key, at);
    this.#pendingRows[this.#pending] = row;
    this.#pendingSessions[this.#pending++] = session;
  }

  /** Makes the found session what it is with a record at `at`, which is not added to it yet. */
  #extend(batch: Batch, key: number, at: number): number {
    const { left, right } = this.#finder;
    const store = this.#store;
    if (left !== 0 && right !== 0) {
      this.#addPending(batch);
      this.#timers.remove(right);
      store.absorb(left, right);
      return left;
    }
    if (left !== 0) {
      store.last[left] = Math.max(store.last[left], at);
      return left;
    }
    if (right !== 0) {
      store.first[right] = Math.min(store.first[right], at);
      return right;
    }
    const session = store.open(key, at, this.#finder.before);
    this.#setTimer(session);
    return session;
  }

  /** Adds a record that changes what has been said, at once. */
  #takeAndRefire(batch: Batch, row: number, key: number, at: number, out: Collector): void {
    const { left, right, inside } = this.#finder;
    const { fired } = this.#store;
    this.#addPending(batch);
    if (this.#discarding) {
      this.#addPane(batch, row, key, at, out);
      return;
    }
    if (inside) {
      if (this.#retract) this.#emitter.replace(left, () => this.#addNow(batch, row, left), out);
      else {
        this.#addNow(batch, row, left);
        this.#emitter.addOne(left, RowKind.updateAfter, out);
      }
      return;
    }
    for (const session of [left, right]) if (session !== 0 && fired[session] === 1) this.#emitter.addOne(session, RowKind.delete, out);
    const session = this.#extend(batch, key, at);
    this.#addNow(batch, row, session);
    this.#store.fired[session] = this.#early || this.#store.last[session] <= this.#firedLast ? 1 : 0;
    if (this.#store.fired[session] === 1) this.#emitter.addOne(session, RowKind.insert, out);
    this.#setTimer(session);
  }

  /** Adds a record to a session that says what is new alone, at once when it is over or says every record. */
  #addPane(batch: Batch, row: number, key: number, at: number, out: Collector): void {
    const session = this.#extend(batch, key, at);
    this.#addNow(batch, row, session);
    const isSaid = this.#early || this.#store.last[session] <= this.#firedLast;
    this.#store.fired[session] = isSaid ? 1 : 0;
    if (isSaid) {
      this.#emitter.addOne(session, RowKind.insert, out);
      this.#clear(session);
    }
    this.#setTimer(session);
  }

  #clear(session: number): void {
    this.#aggregates.clear("subtractable", Int32Array.of(session), 1);
    this.#aggregates.clear("mergeable", Int32Array.of(session), 1);
  }

  #addNow(batch: Batch, row: number, session: number): void {
    this.#aggregates.add(batch, Int32Array.of(session), Int32Array.of(row), 1);
    this.#added++;
  }

  #addPending(batch: Batch): void {
    if (this.#pending > 0) this.#aggregates.add(batch, this.#pendingSessions, this.#pendingRows, this.#pending);
    this.#added += this.#pending;
    this.#pending = 0;
  }

  #emitLate(batch: Batch, out: Collector): void {
    const released = new Set<number>();
    for (let i = 0; i < this.#lateCount; i++) {
      const key = this.#lateKeys[i];
      if (this.#store.latest(key) !== 0 || released.has(key)) continue;
      released.add(key);
      this.#keys.release(key);
    }
    out.emit(latePort, withSelection(batch, this.#lateRows, this.#lateCount));
  }

  /** When there is next something to do: to fire, then to forget. A timer may be early, as records only make sessions longer. */
  #setTimer(session: number): void {
    this.#timers.set(session, this.#timerOf(session));
  }

  #timerOf(session: number): number {
    const delayMs = this.#store.fired[session] === 1 ? this.#latenessMs : this.#delayMs;
    return this.#store.last[session] + this.#gapMs + delayMs;
  }

  #runTimers(watermark: number, out: Collector): void {
    const { last, fired, rank } = this.#store;
    const due = this.#timers.takeDue(watermark);
    if (due.length === 0) return;
    const firing = due.filter((session) => fired[session] === 0 && last[session] <= this.#firedLast);
    for (const session of firing) fired[session] = 1;
    this.#aggregates.mark(firing, firing.length);
    const closed = due.filter((session) => last[session] <= this.#closedLast);
    // What is due by a rounding error of times that are not whole, before it counts as due, is set anew.
    if (closed.length < due.length) for (const session of due) if (last[session] > this.#closedLast) this.#setTimer(session);
    sortByTime(firing, last, rank);
    this.#emitter.add(firing, firing.length, RowKind.insert, out);
    this.#emitter.flush(out);
    if (this.#discarding) for (const session of firing) this.#clear(session);
    this.#store.removeAll(closed);
  }
}
