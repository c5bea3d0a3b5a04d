import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { JoinBuffer } from "./join-buffer.ts";
import { JoinEmitter } from "./join-emitter.ts";
import { JoinKeys, nullKey, type Side } from "./join-keys.ts";
import { partBuffers } from "./part-buffers.ts";
import { TimeRouter } from "./time-router.ts";

type IntervalJoin = Extract<PlannedOperator, { op: "interval-join" }>;

const layoutVersion = 1;
const sideTables = ["left", "right"] as const;
const firstLatePort = 1;
const matched = 1;

/**
 * Joins records of one key with `l.ts + lower <= r.ts <= l.ts + upper`. Ports: `out`, `late_left`, `late_right`.
 *
 * A record is late when its time is at most the watermark; as such a record joins nothing, a left one can be dropped
 * as soon as `W >= l.ts + max(upper, 0)`, a right one as soon as `W >= r.ts + max(-lower, 0)`. That is when an outer
 * join says that it had no partner, unless it says so at once; of a record with NULL in its key that is certain at once. With an allowed lateness all of that is kept for as much
 * longer, and late records meet it; the watermark that is forwarded lies behind by it. The pairs of a record come in the order of the other side's (time, arrival).
 * Counters: `null_keys` (records dropped because NULL equals nothing), `without_time`, `buffered_left`, `buffered_right`.
 */
export function createIntervalJoinOperator(operator: IntervalJoin, step: PlanStep): Operator {
  if (operator.lowerMs === null || operator.upperMs === null) throw new Error(`${step.id} has no bounds`);
  return new IntervalJoinOperator(operator, step, operator.lowerMs, operator.upperMs);
}

class IntervalJoinOperator implements Operator {
  readonly ports = ["out", "late_left", "late_right"];
  readonly spilling: Spilling = { attach: (rows, hotRows) => this.#cold.attach(rows, hotRows) };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#watermark], counts: [this.#nullKeys, this.#withoutTime] }),
    stand: ({ progress, counts }) => {
      [this.#watermark] = progress;
      [this.#nullKeys, this.#withoutTime] = counts;
    },
    part: (give) => partBuffers(this.#keys, this.#sides, give),
    take: (key, state) => this.#take(this.#keys.idOf(key), state),
  };
  readonly #lowerMs: number;
  readonly #upperMs: number;
  /** By side: how long after its own time a record may still find a partner. */
  readonly #holdMs: readonly number[];
  /** By side: its records come out without a partner too. */
  readonly #outer: readonly boolean[];
  /** How far the watermark that is forwarded lies behind: padded rows are that old. */
  readonly #delayMs: number;
  readonly #latenessMs: number;
  /** Records of outer sides come out alone the moment they have no partner yet. */
  readonly #atOnce: boolean;
  readonly #keys: JoinKeys;
  readonly #sides: readonly JoinBuffer[];
  readonly #emitter: JoinEmitter;
  readonly #cold: ColdKeys;
  readonly #router = new TimeRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  /** Rows of outer sides that have found no partner so far, those outside of memory too. */
  #unmatched = 0;
  #nullKeys = 0;
  #withoutTime = 0;
  #watermark = noWatermark;
  /** Rows that expired by this watermark are said to be alone already; unknown after a restart, as bounds may have changed. */
  #paddedThrough = noWatermark;

  constructor(operator: IntervalJoin, step: PlanStep, lowerMs: number, upperMs: number) {
    const [left, right] = step.inputs;
    this.#lowerMs = lowerMs;
    this.#upperMs = upperMs;
    this.#holdMs = [Math.max(upperMs, 0), Math.max(-lowerMs, 0)];
    this.#outer = [operator.kind === "left" || operator.kind === "full", operator.kind === "right" || operator.kind === "full"];
    this.#latenessMs = operator.latenessMs ?? 0;
    this.#atOnce = operator.unmatched === "at-once";
    const padsLate = (side: number) => this.#outer[side] && !this.#atOnce;
    this.#delayMs = Math.max(this.#latenessMs, ...this.#holdMs.map((holdMs, side) => (padsLate(side) ? holdMs : 0)));
    this.#keys = new JoinKeys(operator, left, right);
    this.#sides = [new JoinBuffer(left.fields, this.#keys), new JoinBuffer(right.fields, this.#keys)];
    this.#emitter = new JoinEmitter(step, this.#sides[0].rows, this.#sides[1].rows);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [...this.#holdMs, this.#latenessMs]);
  }

  onBatch(input: number, batch: Batch, out: Collector): void {
    const side: Side = input === 0 ? 0 : 1;
    const router = this.#router;
    router.route(batch, this.#watermark - this.#latenessMs);
    this.#withoutTime += router.withoutTime;
    if (router.lateCount > 0) out.emit(firstLatePort + side, withSelection(batch, router.lateRows, router.lateCount));
    if (router.count === 0) return;
    this.#keys.assign(side, batch, router.rows, router.count, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, router.count);
    const count = this.#outer[side] ? router.count : this.#dropNullKeys(router.rows, router.count);
    this.#sides[side].add(batch, router.rows, count, this.#rowKeys, this.#slots);
    if (this.#outer[side]) this.#unmatched += count;
    for (let i = 0; i < count; i++) {
      this.#probe(side, this.#slots[i], this.#rowKeys[i], out);
      if (this.#outer[side]) this.#padIfDue(side, this.#slots[i], this.#rowKeys[i], out);
    }
    this.#emitter.flush(out);
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (watermark > this.#watermark) {
      if (this.#cold.active) this.#cold.advance(watermark, (until) => this.#advance(until, out));
      this.#advance(watermark, out);
    }
    return watermark - this.#delayMs;
  }

  #advance(watermark: number, out: Collector): void {
    this.#watermark = Math.max(this.#watermark, watermark);
    if (this.#outer.includes(true)) this.#emitExpired(out);
    this.#sides.forEach((buffer, side) => {
      buffer.removeThrough(this.#watermark - this.#holdMs[side] - this.#latenessMs);
    });
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#watermark);
    writer.f64(this.#nullKeys);
    writer.f64(this.#withoutTime);
    this.#keys.snapshot(writer);
    this.#sides.forEach((buffer, side) => {
      buffer.snapshot(writer, sideTables[side]);
    });
    writer.f64(this.#unmatched);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`join state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#nullKeys = reader.f64();
    this.#withoutTime = reader.f64();
    this.#keys.restore(reader);
    this.#sides.forEach((buffer, side) => {
      buffer.restore(reader, sideTables[side]);
    });
    this.#sides.forEach((buffer, side) => {
      if (this.#outer[side]) this.#unmatched += countUnmatched(buffer);
    });
    // Not in snapshots of before rows could leave memory.
    if (reader.remaining > 0) this.#unmatched = reader.f64();
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    const [left, right] = this.#sides;
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + left.bytes + right.bytes,
      lateRecords: 0,
      bufferedRecords: this.#unmatched,
      counters: {
        null_keys: this.#nullKeys,
        without_time: this.#withoutTime,
        buffered_left: left.size,
        buffered_right: right.size,
      },
    };
  }

  #keyedState(): KeyedState {
    const [left, right] = this.#sides;
    return {
      get size() {
        return left.size + right.size;
      },
      holds: (key) => left.firstOfKey(key) >= 0 || right.firstOfKey(key) >= 0,
      dueMs: (key) => this.#dueMs(key),
      moveOut: (key, writer) => {
        left.moveOut(key, writer);
        right.moveOut(key, writer);
      },
      movedOut: () => {
        left.movedOut();
        right.movedOut();
      },
      // Rows that are over meanwhile go with the next watermark; nothing on time can meet them.
      moveIn: (key, reader) => {
        left.moveIn(key, reader);
        right.moveIn(key, reader);
      },
    };
  }

  /** Takes rows that another held. */
  #take(key: number, state: SnapshotReader): void {
    this.#sides.forEach((buffer, side) => {
      const slots = buffer.moveIn(key, state);
      if (this.#outer[side]) this.#unmatched += slots.filter((slot) => buffer.markOf(slot) !== matched).length;
    });
  }

  /** When the first row of a key comes out alone; where there is none such, when all can go. */
  #dueMs(key: number): number {
    let alone = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const side of [0, 1] as const) {
      const buffer = this.#sides[side];
      for (let slot = buffer.firstOfKey(key); slot >= 0; slot = buffer.nextOfKey(slot)) {
        const expiryMs = this.#expiry(side, slot);
        last = Math.max(last, expiryMs + this.#latenessMs);
        if (this.#outer[side] && buffer.markOf(slot) !== matched) alone = Math.min(alone, expiryMs);
      }
    }
    return Math.min(alone, last);
  }

  /** Leaves the rows with a whole key in front; returns how many there are. */
  #dropNullKeys(rows: Int32Array, count: number): number {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (this.#rowKeys[i] === nullKey) continue;
      rows[kept] = rows[i];
      this.#rowKeys[kept++] = this.#rowKeys[i];
    }
    this.#nullKeys += count - kept;
    return kept;
  }

  /** Emits the pairs of a row with what is there of the other side. */
  #probe(side: Side, slot: number, key: number, out: Collector): void {
    const own = this.#sides[side];
    const other = this.#sides[1 - side];
    const at = own.rows.time[slot];
    const until = side === 0 ? at + this.#upperMs : at - this.#lowerMs;
    const { time } = other.rows;
    let found = other.ofKeyAtOrAfter(key, side === 0 ? at + this.#lowerMs : at - this.#upperMs);
    for (; found >= 0 && time[found] <= until; found = other.nextOfKey(found)) {
      this.#match(side, slot);
      this.#match(side === 0 ? 1 : 0, found);
      const later = Math.max(at, time[found]);
      if (side === 0) this.#emitter.add(slot, found, later, out);
      else this.#emitter.add(found, slot, later, out);
    }
  }

  #match(side: Side, slot: number): void {
    const buffer = this.#sides[side];
    if (buffer.markOf(slot) === matched) return;
    buffer.mark(slot, matched);
    if (this.#outer[side]) this.#unmatched--;
  }

  /** Emits a row that has just come and has no partner, when that is to be said at once or is certain already. */
  #padIfDue(side: Side, slot: number, key: number, out: Collector): void {
    const isDue = this.#atOnce || key === nullKey || this.#expiry(side, slot) <= this.#watermark;
    if (!isDue || this.#sides[side].markOf(slot) === matched) return;
    this.#match(side, slot);
    this.#emitter.add(side === 0 ? slot : -1, side === 0 ? -1 : slot, this.#sides[side].rows.time[slot], out);
  }

  /**
   * Emits the rows of outer sides that can find no partner any more , in order of when that became so, left before right.
   */
  #emitExpired(out: Collector): void {
    const firstOf = (side: Side) => this.#nextExpired(side, this.#sides[side].atOrAfter(this.#paddedThrough - this.#holdMs[side] + 1));
    let left = firstOf(0);
    let right = firstOf(1);
    while (left >= 0 || right >= 0) {
      if (right < 0 || (left >= 0 && this.#expiry(0, left) <= this.#expiry(1, right))) {
        this.#emitter.add(left, -1, this.#sides[0].rows.time[left], out);
        this.#match(0, left);
        left = this.#nextExpired(0, this.#sides[0].next(left));
      } else {
        this.#emitter.add(-1, right, this.#sides[1].rows.time[right], out);
        this.#match(1, right);
        right = this.#nextExpired(1, this.#sides[1].next(right));
      }
    }
    this.#emitter.flush(out);
    this.#paddedThrough = this.#watermark;
  }

  /** `slot`, or the first row behind it that has expired without a partner; -1 when there is none. */
  #nextExpired(side: Side, slot: number): number {
    if (!this.#outer[side]) return -1;
    const buffer = this.#sides[side];
    let at = slot;
    while (at >= 0 && this.#expiry(side, at) <= this.#watermark && buffer.markOf(at) === matched) at = buffer.next(at);
    return at >= 0 && this.#expiry(side, at) <= this.#watermark ? at : -1;
  }

  #expiry(side: Side, slot: number): number {
    return this.#sides[side].rows.time[slot] + this.#holdMs[side];
  }
}

function countUnmatched(buffer: JoinBuffer): number {
  let count = 0;
  for (let slot = buffer.first(); slot >= 0; slot = buffer.next(slot)) if (buffer.markOf(slot) !== matched) count++;
  return count;
}
