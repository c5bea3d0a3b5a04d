import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, takesBack } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { KeyExpiry } from "../state/key-expiry.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { PaneEmitter } from "./pane-emitter.ts";
import { PaneStore } from "./pane-store.ts";
import { TriggerClock } from "./trigger-clock.ts";

type Running = Extract<PlannedOperator, { op: "running-aggregate" }>;

const layoutVersion = 1;

/**
 * Aggregates per key over all records so far. Results come in the order in which keys changed. Counters: `expired` (keys
 * forgotten after their time to live).
 *
 * Rows that take others back are taken out again; every aggregate must be able to do that, or it throws.
 */
export function createRunningAggregateOperator(operator: Running, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog === "update") throw new Error(`${step.id} aggregates updates without what they replace; it needs retractions`);
  return new RunningAggregateOperator(operator, step);
}

class RunningAggregateOperator implements Operator {
  readonly ports = ["out"];
  readonly spilling: Spilling = {
    attach: (rows, hotKeys) => {
      this.#cold.attach(rows, hotKeys);
      if (Number.isFinite(hotKeys)) this.#expiry.sweep(() => this.#groups.length);
    },
  };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#watermark, this.#nowMs, this.#clock.nextMs], counts: [this.#expired] }),
    stand: ({ progress, counts }) => {
      [this.#watermark, this.#nowMs, this.#clock.nextMs] = progress;
      [this.#expired] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#cold.take(key, state),
  };
  readonly #every: number;
  readonly #ttlMs: number | null;
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #emitter: PaneEmitter;
  readonly #store: PaneStore;
  readonly #clock: TriggerClock;
  readonly #expiry: KeyExpiry;
  readonly #cold: ColdKeys;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #row = new Int32Array(1);
  readonly #slot = new Int32Array(1);
  readonly #taken = new Int32Array(1);
  /** By key: its group; 0 = none. */
  #groups: Int32Array = new Int32Array(16);
  /** Of a trigger by time: keys with changes that have not been said, in order of the first of them, and keys that had. */
  #changed: Int32Array = new Int32Array(16);
  #changedCount = 0;
  /** Keys whose group has gone since the last release. */
  readonly #gone = new Set<number>();
  #nowMs = Number.NEGATIVE_INFINITY;
  #watermark = noWatermark;
  #expired = 0;

  constructor(operator: Running, step: PlanStep) {
    const [input] = step.inputs;
    const keyFields = keyFieldsOf(operator.keyBy, input);
    this.#every = operator.trigger.kind === "records" ? operator.trigger.every : Number.POSITIVE_INFINITY;
    this.#ttlMs = operator.ttlMs;
    this.#keys = new KeyTable(keyFields);
    this.#aggregates = new AggregateSet(operator.aggregates);
    if (input.changelog !== "append" && this.#aggregates.has("mergeable")) {
      throw new Error(`${step.id} has aggregates from which no row can be taken out again; its input takes rows back`);
    }
    this.#emitter = new PaneEmitter(step, this.#keys, keyFields.length, this.#aggregates, operator.aggregates.length);
    this.#store = new PaneStore(this.#aggregates, this.#emitter, operator);
    this.#clock = new TriggerClock(operator.trigger);
    this.#expiry = new KeyExpiry(operator.ttlMs ?? 1);
    this.#taken[0] = this.#aggregates.allocate();
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [operator.ttlMs ?? 1]);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { selection, selected } = batch;
    for (let i = 0; i < selected; i++) this.#rows[i] = selection === null ? i : selection[i];
    this.#aggregates.begin(batch);
    this.#keys.assign(batch, this.#rows, selected, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, selected);
    for (let i = 0; i < selected; i++) this.#take(batch, this.#rows[i], this.#rowKeys[i], out);
    this.#releaseGone();
    this.#emitter.flush(out);
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
    const isDue = this.#clock.time === "event-time" && this.#clock.due(watermark + 1);
    if (watermark === endOfTime || isDue) this.#sayChanged(Number.NEGATIVE_INFINITY, out);
    if (this.#ttlMs !== null) this.#expiry.takeDue(watermark, (key) => this.#expire(key, watermark, out));
    this.#releaseGone();
    this.#emitter.flush(out);
  }

  onProcessingTime(nowMs: number, out: Collector): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (this.#clock.time !== "processing-time" || !this.#clock.due(this.#nowMs)) return;
    this.#sayChanged(this.#watermark + 1, out);
    this.#releaseGone();
    this.#emitter.flush(out);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    for (const value of [this.#watermark, this.#nowMs, this.#clock.nextMs, this.#expired]) writer.f64(value);
    this.#keys.snapshot(writer);
    const keys = this.#keysInOrder();
    writer.i32Array(keys);
    this.#store.snapshot(
      writer,
      keys.map((key) => this.#groups[key]),
    );
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`running aggregate state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#nowMs = reader.f64();
    this.#clock.nextMs = reader.f64();
    this.#expired = reader.f64();
    this.#keys.restore(reader);
    const keys = reader.i32Array();
    this.#store.restore(reader).forEach((slot, i) => {
      this.#adopt(keys[i], slot);
    });
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#aggregates.bytes + this.#store.bytes + this.#groups.byteLength + this.#expiry.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { expired: this.#expired },
    };
  }

  #keyedState(): KeyedState {
    const keys = this.#keys;
    return {
      get size() {
        return keys.size;
      },
      holds: (key) => key < this.#groups.length && this.#groups[key] !== 0,
      dueMs: (key) => this.#dueMs(key),
      moveOut: (key, writer) => {
        this.#store.snapshot(writer, Int32Array.of(this.#groups[key]));
        this.#store.remove(this.#groups[key]);
        this.#groups[key] = 0;
        keys.release(key);
      },
      moveIn: (key, reader) => this.#adopt(key, this.#store.restore(reader)[0]),
    };
  }

  #dueMs(key: number): number | null {
    const slot = this.#groups[key];
    const isChanged = this.#store.pending[slot] > 0;
    // What a trigger by time is to say stays in the list of what has changed.
    if (isChanged && this.#clock.time !== null) return Number.NEGATIVE_INFINITY;
    if (this.#ttlMs !== null && !Number.isNaN(this.#store.latest[slot])) return this.#store.latest[slot] + this.#ttlMs;
    return isChanged ? endOfTime : null;
  }

  #adopt(key: number, slot: number): void {
    this.#groups = grownInt32(this.#groups, key + 1);
    this.#groups[key] = slot;
    if (this.#clock.time !== null && this.#store.pending[slot] > 0) this.#addChanged(key);
    if (this.#ttlMs !== null && !Number.isNaN(this.#store.latest[slot])) this.#expiry.add(key, this.#store.latest[slot] + this.#ttlMs);
  }

  #take(batch: Batch, row: number, key: number, out: Collector): void {
    const store = this.#store;
    const at = batch.time[row];
    const isBack = batch.kinds !== null && takesBack(batch.kinds[row]);
    this.#groups = grownInt32(this.#groups, key + 1);
    if (this.#ttlMs !== null && this.#groups[key] !== 0 && at >= store.latest[this.#groups[key]] + this.#ttlMs) this.#beginAnew(key, out);
    const slot = this.#groups[key] || this.#open(key);
    const wasTimed = !Number.isNaN(store.latest[slot]);
    store.change(slot, isBack ? -1 : 1, at, key, 0, 0, out);
    this.#row[0] = row;
    this.#slot[0] = slot;
    if (isBack) {
      this.#aggregates.add(batch, this.#taken, this.#row, 1);
      this.#aggregates.subtract(this.#slot, this.#taken, 1);
      this.#aggregates.clear("subtractable", this.#taken, 1);
    } else this.#aggregates.add(batch, this.#slot, this.#row, 1);
    if (this.#ttlMs !== null && !wasTimed && !Number.isNaN(at)) this.#expiry.add(key, at + this.#ttlMs);
    if (store.pending[slot] >= this.#every) {
      this.#say(key, Number.NEGATIVE_INFINITY, out);
    } else if (store.pending[slot] === 1) this.#noteChange(key, at);
  }

  #open(key: number): number {
    const slot = this.#store.open();
    this.#groups[key] = slot;
    return slot;
  }

  /** A record comes after the time to live of its key, whether the watermark has passed that or not. */
  #beginAnew(key: number, out: Collector): void {
    const slot = this.#groups[key];
    if (this.#store.pending[slot] > 0) this.#store.say(slot, this.#store.latest[slot], key, 0, 0, out);
    this.#store.remove(slot);
    this.#groups[key] = 0;
    this.#expired++;
  }

  #noteChange(key: number, at: number): void {
    if (this.#clock.time === null) return;
    this.#addChanged(key);
    this.#clock.note(
      this.#clock.time === "processing-time" ? this.#nowMs : Math.max(Number.isNaN(at) ? this.#watermark : at, this.#watermark),
    );
  }

  #addChanged(key: number): void {
    this.#changed = grownInt32(this.#changed, this.#changedCount + 1);
    this.#changed[this.#changedCount++] = key;
  }

  #sayChanged(leastMs: number, out: Collector): void {
    const keys = this.#keysInOrder();
    for (let i = 0; i < keys.length && this.#store.pending[this.#groups[keys[i]]] > 0; i++) this.#say(keys[i], leastMs, out);
    this.#changedCount = 0;
  }

  #say(key: number, leastMs: number, out: Collector): void {
    const slot = this.#groups[key];
    const latest = this.#store.latest[slot];
    this.#store.say(slot, latest < leastMs ? leastMs : latest, key, 0, 0, out);
    if (this.#store.records[slot] === 0) this.#forget(key);
  }

  #expire(key: number, watermark: number, out: Collector): void {
    const slot = this.#groups[key];
    if (slot === undefined || slot === 0 || this.#ttlMs === null) return;
    const expiryMs = this.#store.latest[slot] + this.#ttlMs;
    if (!this.#expiry.isOver(expiryMs, watermark)) {
      this.#expiry.add(key, expiryMs);
      return;
    }
    if (this.#store.pending[slot] > 0) this.#say(key, Number.NEGATIVE_INFINITY, out);
    if (this.#groups[key] === 0) return;
    this.#expired++;
    this.#forget(key);
  }

  #forget(key: number): void {
    this.#store.remove(this.#groups[key]);
    this.#groups[key] = 0;
    this.#gone.add(key);
  }

  /** Releases the keys without a group: not sooner, as later rows of a batch may still have one. */
  #releaseGone(): void {
    for (const key of this.#gone) if (this.#groups[key] === 0) this.#keys.release(key);
    this.#gone.clear();
  }

  /** All keys: first those with changes that have not been said, in order. */
  #keysInOrder(): Int32Array {
    const isChanged = (key: number) => this.#groups[key] !== 0 && this.#store.pending[this.#groups[key]] > 0;
    const changed = new Set(this.#changed.subarray(0, this.#changedCount).filter(isChanged));
    const others: number[] = [];
    for (let key = 0; key < this.#groups.length; key++) {
      if (this.#groups[key] === 0) continue;
      if (!isChanged(key)) others.push(key);
      else changed.add(key);
    }
    return Int32Array.from([...changed, ...others]);
  }
}
