import { type Batch, maxBatchRows, RowKind, takesBack } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { grownInt32 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime } from "../time/watermark.ts";
import { JoinEmitter } from "./join-emitter.ts";
import { JoinKeys, nullKey, type Side } from "./join-keys.ts";
import { JoinTable } from "./join-table.ts";

type RegularJoin = Extract<PlannedOperator, { op: "regular-join" }>;

const layoutVersion = 1;
const sideTables = ["left", "right"] as const;

/**
 * Joins two tables as they change. Ports: `out`: rows of kinds insert and delete, without an event time.
 *
 * A row of an outer side is out padded with NULLs while the other side has no row of its key; the padded row is taken
 * back before the first pair is said. A row that is taken back takes its pairs back; one that is not known is passed over.
 * Rows past their time to live are forgotten without a word, and no longer count as partners. Counters: `evicted_left`,
 * `evicted_right`, `unknown_retractions`, `null_keys` (records that can have no partner and were dropped), `without_time`.
 */
export function createRegularJoinOperator(operator: RegularJoin, step: PlanStep): Operator {
  if (operator.leftTtlMs === null || operator.rightTtlMs === null) throw new Error(`${step.id} has no time to live`);
  return new RegularJoinOperator(operator, step, operator.leftTtlMs, operator.rightTtlMs);
}

class RegularJoinOperator implements Operator {
  readonly ports = ["out"];
  readonly spilling: Spilling = {
    attach: (rows, hotRows) => {
      this.#cold.attach(rows, hotRows);
      if (Number.isFinite(hotRows)) for (const table of this.#tables) table.sweep();
    },
  };
  readonly parting: Parting = {
    standing: () => {
      const [left, right] = this.#tables;
      return { progress: [], counts: [this.#unknown, this.#nullKeys, this.#withoutTime, left.evicted, right.evicted] };
    },
    stand: ({ counts }) => {
      const [left, right] = this.#tables;
      [this.#unknown, this.#nullKeys, this.#withoutTime, left.evicted, right.evicted] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#cold.take(key, state),
  };
  /** By side: its rows come out without a partner too. */
  readonly #outer: readonly boolean[];
  readonly #keys: JoinKeys;
  readonly #tables: readonly JoinTable[];
  readonly #emitter: JoinEmitter;
  readonly #cold: ColdKeys;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  /** Slots of the side at work that go when what was said of them has been written. */
  #gone: Int32Array = new Int32Array(maxBatchRows);
  #goneCount = 0;
  #unknown = 0;
  #nullKeys = 0;
  #withoutTime = 0;

  constructor(operator: RegularJoin, step: PlanStep, leftTtlMs: number, rightTtlMs: number) {
    const [left, right] = step.inputs;
    this.#outer = [operator.kind === "left" || operator.kind === "full", operator.kind === "right" || operator.kind === "full"];
    this.#keys = new JoinKeys(operator, left, right);
    this.#tables = [new JoinTable(left.fields, this.#keys, leftTtlMs), new JoinTable(right.fields, this.#keys, rightTtlMs)];
    this.#emitter = new JoinEmitter(step, this.#tables[0].rows, this.#tables[1].rows);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [leftTtlMs, rightTtlMs]);
  }

  onBatch(input: number, batch: Batch, out: Collector): void {
    const side: Side = input === 0 ? 0 : 1;
    const count = this.#timed(batch);
    this.#keys.assign(side, batch, this.#rows, count, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
    this.#tables[side].add(batch, this.#rows, count, this.#slots);
    for (let i = 0; i < count; i++) {
      const isRetraction = batch.kinds !== null && takesBack(batch.kinds[this.#rows[i]]);
      if (this.#rowKeys[i] === nullKey) this.#passNullKey(side, this.#slots[i], isRetraction, out);
      else if (isRetraction) this.#takeBack(side, this.#slots[i], this.#rowKeys[i], out);
      else this.#insert(side, this.#slots[i], this.#rowKeys[i], out);
    }
    this.#emitter.flush(out);
    for (let i = 0; i < this.#goneCount; i++) this.#tables[side].remove(this.#gone[i]);
    this.#goneCount = 0;
    this.#keys.releaseUnused(this.#rowKeys, count);
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number): number {
    // At the end nothing comes any more that could miss what is forgotten.
    if (watermark === endOfTime) return watermark;
    if (this.#cold.active) this.#cold.advance(watermark, (until) => this.#evict(until));
    this.#evict(watermark);
    return watermark;
  }

  #evict(watermark: number): void {
    for (const table of this.#tables) table.evict(watermark);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    for (const value of [this.#unknown, this.#nullKeys, this.#withoutTime]) writer.f64(value);
    this.#keys.snapshot(writer);
    this.#tables.forEach((table, side) => {
      table.snapshot(writer, sideTables[side]);
    });
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`join state has layout ${version}, this version reads ${layoutVersion}`);
    this.#unknown = reader.f64();
    this.#nullKeys = reader.f64();
    this.#withoutTime = reader.f64();
    this.#keys.restore(reader);
    this.#tables.forEach((table, side) => {
      table.restore(reader, sideTables[side]);
    });
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    const [left, right] = this.#tables;
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + left.bytes + right.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: {
        evicted_left: left.evicted,
        evicted_right: right.evicted,
        unknown_retractions: this.#unknown,
        null_keys: this.#nullKeys,
        without_time: this.#withoutTime,
      },
    };
  }

  #keyedState(): KeyedState {
    const [left, right] = this.#tables;
    return {
      get size() {
        return left.size + right.size;
      },
      holds: (key) => left.first(key) >= 0 || right.first(key) >= 0,
      dueMs: (key) => Math.max(left.lastExpiryMs(key), right.lastExpiryMs(key)),
      moveOut: (key, writer) => {
        left.moveOut(key, writer, this.#cold.watermark);
        right.moveOut(key, writer, this.#cold.watermark);
      },
      moveIn: (key, reader) =>
        this.#keys.keeping(key, () => {
          left.moveIn(key, reader, this.#cold.watermark);
          right.moveIn(key, reader, this.#cold.watermark);
        }),
      release: (key) => this.#keys.releaseIfUnused(key),
    };
  }

  /** Leaves the records that have a time in `#rows`; returns how many there are. */
  #timed({ selection, selected, time }: Batch): number {
    let count = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (Number.isNaN(time[row])) this.#withoutTime++;
      else this.#rows[count++] = row;
    }
    return count;
  }

  /** A row that can never have a partner needs no state. */
  #passNullKey(side: Side, slot: number, isRetraction: boolean, out: Collector): void {
    if (this.#outer[side]) this.#emit(side, slot, -1, isRetraction ? RowKind.delete : RowKind.insert, out);
    else this.#nullKeys++;
    this.#forget(slot);
  }

  #insert(side: Side, slot: number, key: number, out: Collector): void {
    const own = this.#tables[side];
    const other = this.#tables[1 - side];
    let partner = other.first(key);
    if (partner < 0 && this.#outer[side]) {
      this.#emit(side, slot, -1, RowKind.insert, out);
      own.setPadded(slot, true);
    }
    for (; partner >= 0; partner = other.next(partner)) {
      if (other.isPadded(partner)) {
        this.#emit(side, -1, partner, RowKind.delete, out);
        other.setPadded(partner, false);
      }
      this.#emit(side, slot, partner, RowKind.insert, out);
    }
    own.link(slot, key);
  }

  #takeBack(side: Side, slot: number, key: number, out: Collector): void {
    const own = this.#tables[side];
    const other = this.#tables[1 - side];
    const found = own.find(key, slot);
    this.#forget(slot);
    if (found < 0) {
      this.#unknown++;
      return;
    }
    own.unlink(found);
    this.#forget(found);
    if (own.isPadded(found)) this.#emit(side, found, -1, RowKind.delete, out);
    const leavesAlone = this.#outer[1 - side] && own.first(key) < 0;
    for (let partner = other.first(key); partner >= 0; partner = other.next(partner)) {
      this.#emit(side, found, partner, RowKind.delete, out);
      if (!leavesAlone) continue;
      this.#emit(side, -1, partner, RowKind.insert, out);
      other.setPadded(partner, true);
    }
  }

  #forget(slot: number): void {
    this.#gone = grownInt32(this.#gone, this.#goneCount + 1);
    this.#gone[this.#goneCount++] = slot;
  }

  /** A row of a slot of the side at work and one of the other. */
  #emit(side: Side, own: number, other: number, kind: number, out: Collector): void {
    if (side === 0) this.#emitter.add(own, other, Number.NaN, out, kind);
    else this.#emitter.add(other, own, Number.NaN, out, kind);
  }
}
