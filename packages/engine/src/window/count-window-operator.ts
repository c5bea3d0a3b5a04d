import { AggregateSet } from "../aggregate/aggregate-set.ts";
import { type Batch, maxBatchRows, RowKind } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { KeyExpiry } from "../state/key-expiry.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { CountPanes } from "./count-panes.ts";
import { PaneEmitter } from "./pane-emitter.ts";

type CountWindow = Extract<PlannedOperator, { op: "count-window" }>;

const layoutVersion = 1;

/**
 * Aggregates per key over every so many records in order of arrival. A window comes out with the record that completes it.
 * Counters: `expired` (keys forgotten after their time to live; their windows begin anew).
 *
 * The input must be append-only: a window has no place for a record that is taken back.
 */
export function createCountWindowOperator(operator: CountWindow, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog !== "append") throw new Error(`${step.id} aggregates a changelog (${input.changelog}); it needs append-only input`);
  return new CountWindowOperator(operator, step);
}

class CountWindowOperator implements Operator {
  readonly ports = ["out"];
  readonly spilling: Spilling = {
    attach: (rows, hotKeys) => {
      this.#cold.attach(rows, hotKeys);
      if (Number.isFinite(hotKeys)) this.#expiry.sweep(() => this.#keys.capacity);
    },
  };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#watermark], counts: [this.#expired] }),
    stand: ({ progress, counts }) => {
      [this.#watermark] = progress;
      [this.#expired] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#cold.take(key, state),
  };
  readonly #incomplete: boolean;
  readonly #ttlMs: number | null;
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #panes: CountPanes;
  readonly #emitter: PaneEmitter;
  readonly #expiry: KeyExpiry;
  readonly #cold: ColdKeys;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #row = new Int32Array(1);
  readonly #slot = new Int32Array(1);
  #watermark = noWatermark;
  #expired = 0;

  constructor(operator: CountWindow, step: PlanStep) {
    const keyFields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    this.#incomplete = operator.incomplete;
    this.#ttlMs = operator.ttlMs;
    this.#keys = new KeyTable(keyFields);
    this.#aggregates = new AggregateSet(operator.aggregates);
    this.#panes = new CountPanes(this.#aggregates, operator.size, operator.slide);
    this.#emitter = new PaneEmitter(step, this.#keys, keyFields.length, this.#aggregates, operator.aggregates.length);
    this.#expiry = new KeyExpiry(operator.ttlMs ?? 1);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [operator.ttlMs ?? 1]);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { selection, selected, time } = batch;
    for (let i = 0; i < selected; i++) this.#rows[i] = selection === null ? i : selection[i];
    this.#keys.assign(batch, this.#rows, selected, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, selected);
    this.#aggregates.begin(batch);
    for (let i = 0; i < selected; i++) {
      const row = this.#rows[i];
      const key = this.#rowKeys[i];
      if (this.#ttlMs !== null && time[row] >= this.#panes.latest(key) + this.#ttlMs) {
        this.#expired++;
        this.#panes.remove(key);
      }
      const wasTimed = !Number.isNaN(this.#panes.latest(key));
      this.#row[0] = row;
      this.#slot[0] = this.#panes.take(key, time[row]);
      this.#aggregates.add(batch, this.#slot, this.#row, 1);
      if (this.#ttlMs !== null && !wasTimed && !Number.isNaN(time[row])) this.#expiry.add(key, time[row] + this.#ttlMs);
      const complete = this.#panes.completed(key);
      if (complete >= 0) this.#say(key, complete, out);
    }
    this.#emitter.flush(out);
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (!(watermark > this.#watermark)) return watermark;
    this.#watermark = watermark;
    // At the end nothing expires any more: keys say what they have as they come back.
    const advance = watermark === endOfTime ? () => this.#end(out) : (until: number) => this.#expireThrough(until);
    if (this.#cold.active) this.#cold.advance(watermark, advance);
    advance(watermark);
    return watermark;
  }

  #expireThrough(watermark: number): void {
    if (this.#ttlMs !== null) this.#expiry.takeDue(watermark, (key) => this.#expire(key, watermark));
  }

  #keyedState(): KeyedState {
    const [keys, panes] = [this.#keys, this.#panes];
    return {
      get size() {
        return keys.size;
      },
      holds: (key) => panes.holds(key),
      dueMs: (key) => {
        const latest = panes.latest(key);
        if (this.#ttlMs !== null && !Number.isNaN(latest)) return latest + this.#ttlMs;
        return this.#incomplete ? endOfTime : null;
      },
      moveOut: (key, writer) => {
        panes.moveOut(key, writer);
        keys.release(key);
      },
      moveIn: (key, reader) => {
        panes.moveIn(key, reader);
        this.#noteExpiry(key);
      },
    };
  }

  /** Looks at a key again when its time to live is over. */
  #noteExpiry(key: number): void {
    const latest = this.#panes.latest(key);
    if (this.#ttlMs !== null && !Number.isNaN(latest)) this.#expiry.add(key, latest + this.#ttlMs);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#watermark);
    writer.f64(this.#expired);
    this.#keys.snapshot(writer);
    this.#panes.snapshot(writer);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`count window state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#expired = reader.f64();
    this.#keys.restore(reader);
    for (const key of this.#panes.restore(reader)) this.#noteExpiry(key);
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#aggregates.bytes + this.#panes.bytes + this.#expiry.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { expired: this.#expired },
    };
  }

  #say(key: number, window: number, out: Collector): void {
    const slot = this.#panes.resultOf(key, window);
    this.#emitter.add(key, slot, window, 0, this.#panes.resultTime, RowKind.insert, out);
  }

  /** The input is over: nothing is kept any more. */
  #end(out: Collector): void {
    for (const key of this.#panes.keys()) {
      if (this.#incomplete) {
        const { first, last } = this.#panes.incomplete(key);
        for (let window = first; window <= last; window++) this.#say(key, window, out);
      }
      this.#panes.remove(key);
      this.#keys.release(key);
    }
    this.#emitter.flush(out);
  }

  #expire(key: number, watermark: number): void {
    const latest = this.#panes.latest(key);
    if (Number.isNaN(latest) || this.#ttlMs === null) return;
    if (!this.#expiry.isOver(latest + this.#ttlMs, watermark)) {
      this.#expiry.add(key, latest + this.#ttlMs);
      return;
    }
    this.#expired++;
    this.#panes.remove(key);
    this.#keys.release(key);
  }
}
