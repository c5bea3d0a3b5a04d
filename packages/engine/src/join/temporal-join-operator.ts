import { type Batch, maxBatchRows, takesBack, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { grownInt32 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { JoinBuffer } from "./join-buffer.ts";
import { JoinEmitter } from "./join-emitter.ts";
import { JoinKeys, nullKey } from "./join-keys.ts";
import { TimeRouter } from "./time-router.ts";
import { VersionStore } from "./version-store.ts";

type TemporalJoin = Extract<PlannedOperator, { op: "temporal-join" }>;

const layoutVersion = 1;
const lateLeftPort = 1;
const leftInput = 0;

/**
 * Joins each left record with the right version that was valid at its time. Ports: `out`, `late_left`.
 *
 * A left record waits until the watermark of both sides has reached it; those that become due together come out in
 * order of arrival, with their own time and row kind. One that is late by at most the allowed lateness comes out at once,
 * with the version of its time: versions are kept for as much longer, and the watermark is held back by it. A right record that comes late is seen by later left records
 * alone, and only where no newer version is known; it is counted as late. Counters: `null_keys` (records that can have
 * no partner and were dropped), `without_time`, `unmatched` (left records without a version), `versions`.
 */
export function createTemporalJoinOperator(operator: TemporalJoin, step: PlanStep): Operator {
  return new TemporalJoinOperator(operator, step);
}

class TemporalJoinOperator implements Operator {
  readonly ports = ["out", "late_left"];
  /** Left records come out without a version too. */
  readonly #outer: boolean;
  readonly #latenessMs: number;
  readonly #keys: JoinKeys;
  /** Marks are row kinds. */
  readonly #left: JoinBuffer;
  readonly #versions: VersionStore;
  readonly #emitter: JoinEmitter;
  readonly #router = new TimeRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  readonly #isDeleted = new Uint8Array(maxBatchRows);
  #due: Int32Array = new Int32Array(16);
  #lateRight = 0;
  #nullKeys = 0;
  #withoutTime = 0;
  #unmatched = 0;
  /** Right records of this run that became versions. */
  #taken = 0;
  #watermark = noWatermark;

  constructor(operator: TemporalJoin, step: PlanStep) {
    const [left, right] = step.inputs;
    this.#outer = operator.kind === "left";
    this.#latenessMs = operator.latenessMs ?? 0;
    this.#keys = new JoinKeys(operator, left, right);
    this.#left = new JoinBuffer(left.fields, this.#keys, { byKey: false, passing: true });
    this.#versions = new VersionStore(right.fields, this.#keys);
    this.#emitter = new JoinEmitter(step, this.#left.rows, this.#versions.rows);
  }

  onBatch(input: number, batch: Batch, out: Collector): void {
    if (input === leftInput) this.#addLeft(batch, out);
    else this.#addVersions(batch);
  }

  onWatermark(watermark: number, out: Collector): number {
    if (!(watermark > this.#watermark)) return watermark - this.#latenessMs;
    this.#watermark = watermark;
    this.#emitDue(out);
    this.#left.removeThrough(watermark);
    this.#versions.advance(watermark - this.#latenessMs);
    return watermark - this.#latenessMs;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    // The second was the number of left records, which their rows know now.
    for (const value of [this.#watermark, 0, this.#lateRight, this.#nullKeys, this.#withoutTime, this.#unmatched]) writer.f64(value);
    this.#keys.snapshot(writer);
    this.#left.snapshot(writer, "left");
    this.#versions.snapshot(writer, "versions");
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`join state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    reader.f64();
    this.#lateRight = reader.f64();
    this.#nullKeys = reader.f64();
    this.#withoutTime = reader.f64();
    this.#unmatched = reader.f64();
    this.#keys.restore(reader);
    this.#left.restore(reader, "left");
    // Before there were tables of rows, their order of arrival was here.
    if (!reader.hasTable("left"))
      reader.f64Array().forEach((arrival, slot) => {
        this.#left.rows.setArrival(slot, arrival);
      });
    this.#versions.restore(reader, "versions");
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size,
      stateBytes: this.#keys.bytes + this.#left.bytes + this.#versions.bytes,
      lateRecords: this.#lateRight,
      bufferedRecords: this.#left.size,
      counters: {
        null_keys: this.#nullKeys,
        without_time: this.#withoutTime,
        unmatched: this.#unmatched,
        versions: this.#versions.size,
      },
      books: { settled: this.#nullKeys + this.#withoutTime + this.#taken + (this.#outer ? 0 : this.#unmatched) },
    };
  }

  #addLeft(batch: Batch, out: Collector): void {
    const router = this.#router;
    router.route(batch, this.#watermark - this.#latenessMs);
    this.#withoutTime += router.withoutTime;
    if (router.lateCount > 0) out.emit(lateLeftPort, withSelection(batch, router.lateRows, router.lateCount));
    this.#keys.assign(0, batch, router.rows, router.count, this.#rowKeys);
    let count = 0;
    for (let i = 0; i < router.count; i++) {
      if (this.#rowKeys[i] === nullKey && !this.#outer) continue;
      router.rows[count] = router.rows[i];
      this.#rowKeys[count++] = this.#rowKeys[i];
    }
    this.#nullKeys += router.count - count;
    this.#left.add(batch, router.rows, count, this.#rowKeys, this.#slots);
    if (batch.kinds !== null) for (let i = 0; i < count; i++) this.#left.mark(this.#slots[i], batch.kinds[router.rows[i]]);
    if (this.#latenessMs === 0) return;
    // What is late but allowed is due already.
    this.#emitDue(out);
    this.#left.removeThrough(this.#watermark);
  }

  #addVersions(batch: Batch): void {
    const { selection, selected, time, kinds } = batch;
    const { rows } = this.#router;
    let timed = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (Number.isNaN(time[row])) this.#withoutTime++;
      else rows[timed++] = row;
    }
    this.#keys.assign(1, batch, rows, timed, this.#rowKeys);
    let count = 0;
    for (let i = 0; i < timed; i++) {
      if (this.#rowKeys[i] === nullKey) continue;
      rows[count] = rows[i];
      this.#isDeleted[count] = kinds !== null && takesBack(kinds[rows[i]]) ? 1 : 0;
      if (time[rows[i]] <= this.#watermark) this.#lateRight++;
      this.#rowKeys[count++] = this.#rowKeys[i];
    }
    this.#nullKeys += timed - count;
    this.#taken += count;
    this.#versions.add(batch, rows, count, this.#rowKeys, this.#isDeleted, this.#slots);
  }

  /** Emits the left records that the watermark has reached. */
  #emitDue(out: Collector): void {
    const due = this.#collectDue();
    const { time } = this.#left.rows;
    for (const slot of due) {
      const key = this.#left.keyOf(slot);
      const version = key === nullKey ? -1 : this.#versions.validAt(key, time[slot]);
      if (version < 0) this.#unmatched++;
      if (version >= 0 || this.#outer) this.#emitter.add(slot, version, time[slot], out, this.#left.markOf(slot));
    }
    this.#emitter.flush(out);
  }

  /** The slots that the watermark has reached, in order of arrival. */
  #collectDue(): Int32Array {
    const { time } = this.#left.rows;
    const arrival = this.#left.rows.arrivals;
    let count = 0;
    let inOrder = true;
    for (let slot = this.#left.first(); slot >= 0 && time[slot] <= this.#watermark; slot = this.#left.next(slot)) {
      this.#due = grownInt32(this.#due, count + 1);
      if (count > 0 && arrival[this.#due[count - 1]] > arrival[slot]) inOrder = false;
      this.#due[count++] = slot;
    }
    const due = this.#due.subarray(0, count);
    return inOrder ? due : due.sort((a, b) => arrival[a] - arrival[b]);
  }
}
