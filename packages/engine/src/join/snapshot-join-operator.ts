import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { CurrentRows } from "./current-rows.ts";
import { JoinEmitter } from "./join-emitter.ts";
import { JoinKeys, nullKey } from "./join-keys.ts";
import { WaitingRows } from "./waiting-rows.ts";

type SnapshotJoin = Extract<PlannedOperator, { op: "snapshot-join" }>;

const layoutVersion = 1;
const overflowPort = 1;
const leftInput = 0;
const rightInput = 1;

/**
 * Loads the right, then joins each left record at once with the right row of its key. Ports: `out`, `overflow`.
 *
 * Which of the two it does is kept in state: a restored operator that had loaded does not wait again. While it loads it
 * forwards no watermark, as what waits would be late behind it. Rows of the right are replaced by the next of their key
 * in order of arrival; one that is deleted or taken back is removed. Left records come out in order of arrival, with their own
 * time and row kind. Counters: `loading` (1 or 0), `right_rows`, `unmatched` (left records that met no row), `null_keys`
 * (records that can meet none and were dropped), `overflow`.
 */
export function createSnapshotJoinOperator(operator: SnapshotJoin, step: PlanStep): Operator {
  return new SnapshotJoinOperator(operator, step);
}

class SnapshotJoinOperator implements Operator {
  readonly ports = ["out", "overflow"];
  /** Rows of the right leave memory; left records that wait, of which there is a limit, do not. */
  readonly spilling: Spilling = { attach: (rows, hotRows) => this.#cold.attach(rows, hotRows) };
  /** Left records come out without a partner too. */
  readonly #outer: boolean;
  readonly #idleMs: number | null;
  readonly #maxWaiting: number;
  readonly #keys: JoinKeys;
  readonly #left: WaitingRows;
  readonly #right: CurrentRows;
  readonly #emitter: JoinEmitter;
  readonly #cold: ColdKeys;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  #loading = true;
  /** Event time; NaN while it is not known. */
  #loadUntilMs: number;
  #rightWatermark = noWatermark;
  /** Processing time; NaN before the first. */
  #nowMs = Number.NaN;
  /** Processing time of the last sign of the right, or of the start. */
  #heardMs = Number.NaN;
  #unmatched = 0;
  #nullKeys = 0;
  #overflow = 0;
  /** Right records of this run that went into the table. */
  #applied = 0;

  constructor(operator: SnapshotJoin, step: PlanStep) {
    const [left, right] = step.inputs;
    this.#outer = operator.kind === "left";
    this.#idleMs = operator.idleMs;
    this.#maxWaiting = operator.maxBufferedRecords;
    this.#loadUntilMs = operator.loadUntilMs ?? Number.NaN;
    this.#keys = new JoinKeys(operator, left, right);
    this.#left = new WaitingRows(left.fields, this.#keys);
    this.#right = new CurrentRows(right.fields, this.#keys);
    this.#emitter = new JoinEmitter(step, this.#left.rows, this.#right.rows);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [0]);
  }

  onBatch(input: number, batch: Batch, out: Collector): void {
    if (input === leftInput) this.#addLeft(batch, out);
    else this.#apply(batch);
  }

  onInputWatermark(input: number, watermark: number, out: Collector): void {
    if (input !== rightInput) return;
    this.#rightWatermark = Math.max(this.#rightWatermark, watermark);
    this.#joinWhenLoaded(out);
  }

  onProcessingTime(nowMs: number, out: Collector): void {
    this.#nowMs = nowMs;
    if (!this.#loading) return;
    if (Number.isNaN(this.#heardMs)) this.#heardMs = nowMs;
    if (Number.isNaN(this.#loadUntilMs)) this.#loadUntilMs = nowMs;
    this.#joinWhenLoaded(out);
  }

  onWatermark(watermark: number, out: Collector): number {
    // Nothing comes on the left any more, and the right has nothing to say: what waits must come out now.
    if (watermark === endOfTime && this.#loading) this.#join(out);
    return this.#loading ? noWatermark : watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.boolean(this.#loading);
    for (const value of [this.#loadUntilMs, this.#rightWatermark, this.#unmatched, this.#nullKeys, this.#overflow]) writer.f64(value);
    this.#keys.snapshot(writer);
    this.#left.snapshot(writer, "left");
    this.#right.snapshot(writer, "right");
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`join state has layout ${version}, this version reads ${layoutVersion}`);
    this.#loading = reader.boolean();
    this.#loadUntilMs = reader.f64();
    this.#rightWatermark = reader.f64();
    this.#unmatched = reader.f64();
    this.#nullKeys = reader.f64();
    this.#overflow = reader.f64();
    this.#keys.restore(reader);
    this.#left.restore(reader, "left");
    this.#right.restore(reader, "right");
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#left.bytes + this.#right.bytes,
      lateRecords: 0,
      bufferedRecords: this.#left.size,
      counters: {
        loading: this.#loading ? 1 : 0,
        right_rows: this.#right.size + this.#cold.size,
        unmatched: this.#unmatched,
        null_keys: this.#nullKeys,
        overflow: this.#overflow,
      },
      books: { settled: this.#nullKeys + this.#applied + (this.#outer ? 0 : this.#unmatched) },
    };
  }

  #keyedState(): KeyedState {
    const right = this.#right;
    return {
      get size() {
        return right.size;
      },
      holds: (key) => right.slotOf(key) >= 0,
      dueMs: () => null,
      moveOut: (key, writer) => right.moveOut(key, writer),
      moveIn: (key, reader) => right.moveIn(key, reader),
    };
  }

  #addLeft(batch: Batch, out: Collector): void {
    const { selection, selected } = batch;
    for (let i = 0; i < selected; i++) this.#rows[i] = selection === null ? i : selection[i];
    this.#keys.assign(0, batch, this.#rows, selected, this.#rowKeys);
    let count = 0;
    for (let i = 0; i < selected; i++) {
      if (this.#rowKeys[i] === nullKey && !this.#outer) continue;
      this.#rows[count] = this.#rows[i];
      this.#rowKeys[count++] = this.#rowKeys[i];
    }
    this.#nullKeys += selected - count;
    const room = this.#loading ? Math.max(0, Math.min(count, this.#maxWaiting - this.#left.size)) : count;
    this.#left.add(batch, this.#rows, room, this.#rowKeys);
    if (!this.#loading) this.#emitWaiting(out);
    this.#keys.releaseUnused(this.#rowKeys, count);
    if (room === count) return;
    this.#overflow += count - room;
    out.emit(overflowPort, withSelection(batch, this.#rows.subarray(room), count - room));
  }

  #apply(batch: Batch): void {
    const { selection, selected } = batch;
    this.#heardMs = this.#nowMs;
    for (let i = 0; i < selected; i++) this.#rows[i] = selection === null ? i : selection[i];
    this.#keys.assign(1, batch, this.#rows, selected, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, selected);
    let count = 0;
    for (let i = 0; i < selected; i++) {
      if (this.#rowKeys[i] === nullKey) continue;
      this.#rows[count] = this.#rows[i];
      this.#rowKeys[count++] = this.#rowKeys[i];
    }
    this.#nullKeys += selected - count;
    this.#applied += count;
    this.#right.apply(batch, this.#rows, count, this.#rowKeys);
    if (this.#cold.active) this.#cold.spill();
  }

  #joinWhenLoaded(out: Collector): void {
    if (!this.#loading) return;
    const isSilent = this.#idleMs !== null && this.#nowMs - this.#heardMs >= this.#idleMs;
    if (isSilent || this.#rightWatermark >= this.#loadUntilMs || this.#rightWatermark === endOfTime) this.#join(out);
  }

  #join(out: Collector): void {
    this.#loading = false;
    this.#emitWaiting(out);
  }

  #emitWaiting(out: Collector): void {
    const { time } = this.#left.rows;
    const join = (slot: number, key: number, kind: number): void => {
      const partner = this.#right.slotOf(key);
      if (partner < 0) this.#unmatched++;
      if (partner >= 0 || this.#outer) this.#emitter.add(slot, partner, time[slot], out, kind);
    };
    const flush = (): void => this.#emitter.flush(out);
    if (this.#cold.size > 0) this.#left.takeSome((keys, count) => this.#meet(keys, count), join, flush);
    else this.#left.takeAll(join, flush);
  }

  /** Brings back rows of the right, and those out that came before. */
  #meet(keys: Int32Array, count: number): void {
    this.#cold.spill();
    this.#cold.meet(keys, count);
  }
}
