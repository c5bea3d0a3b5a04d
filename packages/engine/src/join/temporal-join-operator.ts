import { type Batch, columnAt, maxBatchRows, takesBack, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { partKeys } from "../state/part-keys.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { JoinEmitter } from "./join-emitter.ts";
import { JoinKeys, nullKey } from "./join-keys.ts";
import { LeftRecords } from "./left-records.ts";
import { TimeRouter } from "./time-router.ts";
import { VersionStore } from "./version-store.ts";

type TemporalJoin = Extract<PlannedOperator, { op: "temporal-join" }>;

const layoutVersion = 2;
const lateLeftPort = 1;
const leftInput = 0;

/**
 * Joins each left record with the right version that was valid at its time. Ports: `out`, `late_left`.
 *
 * A left record waits until the watermark of both sides has reached it, unless that comes right behind it; those that become due
 * together come out in order of arrival, with their own time and row kind. One that is late by at most the allowed lateness comes out at once,
 * with the version of its time: versions are kept for as much longer, and the watermark is held back by it. A right record that comes late is seen by later left records
 * alone, and only where no newer version is known; it is counted as late. Counters: `null_keys` (records that can have
 * no partner and were dropped), `without_time`, `unmatched` (left records without a version), `versions`.
 */
export function createTemporalJoinOperator(operator: TemporalJoin, step: PlanStep): Operator {
  return new TemporalJoinOperator(operator, step);
}

class TemporalJoinOperator implements Operator {
  readonly ports = ["out", "late_left"];
  /** Versions leave memory; left records, which soon go, do not. */
  readonly spilling: Spilling = { attach: (rows, hotVersions) => this.#cold.attach(rows, hotVersions) };
  readonly parting: Parting = {
    standing: () => ({
      progress: [this.#watermark, this.#versions.watermark],
      counts: [this.#lateRight, this.#nullKeys, this.#withoutTime, this.#unmatched],
    }),
    stand: ({ progress: [watermark, versions], counts }) => {
      this.#watermark = watermark;
      this.#versions.advance(versions);
      [this.#lateRight, this.#nullKeys, this.#withoutTime, this.#unmatched] = counts;
    },
    part: (give) => this.#part(give),
    take: (key, state) => this.#take(this.#keys.idOf(key), state),
  };
  /** Left records come out without a version too. */
  readonly #outer: boolean;
  readonly #latenessMs: number;
  readonly #keys: JoinKeys;
  readonly #left: LeftRecords;
  readonly #versions: VersionStore;
  readonly #emitter: JoinEmitter;
  readonly #cold: ColdKeys;
  readonly #router = new TimeRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  readonly #dueRows = new Int32Array(maxBatchRows);
  readonly #known = new Int32Array(maxBatchRows);
  readonly #isDeleted = new Uint8Array(maxBatchRows);
  #lateRight = 0;
  #nullKeys = 0;
  #withoutTime = 0;
  #unmatched = 0;
  /** Versions outside of memory. */
  #coldVersions = 0;
  /** Right records of this run that became versions. */
  #taken = 0;
  #watermark = noWatermark;

  constructor(operator: TemporalJoin, step: PlanStep) {
    const [left, right] = step.inputs;
    this.#outer = operator.kind === "left";
    this.#latenessMs = operator.latenessMs ?? 0;
    this.#keys = new JoinKeys(operator, left, right);
    this.#left = new LeftRecords(left.fields, maxBatchRows);
    this.#versions = new VersionStore(right.fields, this.#keys);
    this.#emitter = new JoinEmitter(step, this.#left.rows, this.#versions.rows);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [0]);
  }

  onBatch(input: number, batch: Batch, out: Collector, watermark: number): void {
    if (input === leftInput) this.#addLeft(batch, out, watermark);
    else this.#addVersions(batch);
  }

  onWatermark(watermark: number, out: Collector): number {
    if (!(watermark > this.#watermark)) return watermark - this.#latenessMs;
    this.#watermark = watermark;
    this.#emitDue(watermark, out);
    this.#versions.advance(watermark - this.#latenessMs);
    return watermark - this.#latenessMs;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    // The second was the number of left records, which their rows know now.
    for (const value of [this.#watermark, 0, this.#lateRight, this.#nullKeys, this.#withoutTime, this.#unmatched]) writer.f64(value);
    this.#keys.snapshot(writer);
    this.#left.snapshot(writer);
    this.#versions.snapshot(writer, "versions");
    writer.f64(this.#coldVersions);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion && version !== 1)
      throw new Error(`join state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    reader.f64();
    this.#lateRight = reader.f64();
    this.#nullKeys = reader.f64();
    this.#withoutTime = reader.f64();
    this.#unmatched = reader.f64();
    this.#keys.restore(reader);
    const leftKeys = this.#left.restore(reader);
    this.#versions.restore(reader, "versions");
    // Once left records kept their keys known, too.
    if (version === 1) for (const key of new Set(leftKeys)) this.#keys.forgetUnused(key);
    // Not in snapshots of before versions could leave memory.
    if (reader.remaining > 0) this.#coldVersions = reader.f64();
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#left.bytes + this.#versions.bytes,
      lateRecords: this.#lateRight,
      bufferedRecords: this.#left.size,
      counters: {
        null_keys: this.#nullKeys,
        without_time: this.#withoutTime,
        unmatched: this.#unmatched,
        versions: this.#versions.size + this.#coldVersions,
      },
      books: { settled: this.#nullKeys + this.#withoutTime + this.#taken + (this.#outer ? 0 : this.#unmatched) },
    };
  }

  #addLeft(batch: Batch, out: Collector, watermark: number): void {
    const router = this.#router;
    router.route(batch, this.#watermark - this.#latenessMs);
    this.#withoutTime += router.withoutTime;
    if (router.lateCount > 0) out.emit(lateLeftPort, withSelection(batch, router.lateRows, router.lateCount));
    let { count } = router;
    if (!this.#outer) count = this.#keys.dropNulls(leftInput, batch, router.rows, count);
    this.#nullKeys += router.count - count;
    const due = this.#cold.active ? 0 : this.#parted(batch.time, count, watermark);
    if (due > 0) {
      if (this.#left.size > 0) this.#emitDue(watermark, out);
      this.#emitAtOnce(batch, due, watermark, out);
    }
    if (due < count) this.#left.add(batch, router.rows, count - due);
    if (this.#latenessMs === 0) return;
    // What is late but allowed is due already.
    this.#emitDue(this.#watermark, out);
  }

  /**
   * Parts the rows that are due with the watermark that comes right behind them, which go on as they are, from the others, which
   * stay in place. Returns how many are due; 0 unless they are most of them, and none is late: those come out before all that wait.
   */
  #parted(time: Float64Array, count: number, watermark: number): number {
    if (!(watermark > this.#watermark)) return 0;
    const { rows } = this.#router;
    const dueRows = this.#dueRows;
    let due = 0;
    let earliest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const at = time[rows[i]];
      if (at <= watermark) dueRows[due++] = rows[i];
      if (at < earliest) earliest = at;
    }
    if (due * 2 < count || earliest <= this.#watermark) return 0;
    if (due < count) for (let i = 0, kept = 0; i < count; i++) if (!(time[rows[i]] <= watermark)) rows[kept++] = rows[i];
    return due;
  }

  /** Emits the rows of a left batch that are due, the first `due` of `#dueRows`. */
  #emitAtOnce(batch: Batch, due: number, watermark: number, out: Collector): void {
    const [rows, keys, versions, { time }] = [this.#dueRows, this.#rowKeys, this.#versions, batch];
    this.#keys.find(leftInput, (field) => columnAt(batch, field), due, keys, rows);
    const rights = this.#slots.fill(-1, 0, rows[due - 1] + 1);
    // The rows with a known key come first: of which one has any, nobody could guess.
    let known = 0;
    for (let i = 0; i < due; i++) {
      keys[known] = keys[i];
      this.#known[known] = rows[i];
      known += Number(keys[known] !== nullKey);
    }
    versions.meet(keys, known);
    let matched = 0;
    for (let i = 0; i < known; i++) {
      const row = this.#known[i];
      rights[row] = versions.validAt(keys[i], time[row]);
      this.#known[matched] = row;
      matched += Number(rights[row] >= 0);
    }
    this.#unmatched += due - matched;
    const count = this.#outer ? due : matched;
    if (count === 0) return;
    this.#emitter.emitRows(batch, this.#outer ? rows : this.#known, count, rights, watermark - this.#latenessMs, out);
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
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, timed);
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
    if (this.#cold.active) this.#cold.spill();
  }

  /** Emits the left records that a watermark has reached, in order of arrival. */
  #emitDue(watermark: number, out: Collector): void {
    const due = this.#left.takeDue(watermark);
    for (let from = 0; from < due.length; from += maxBatchRows) this.#emit(due.subarray(from, from + maxBatchRows), out);
  }

  #emit(due: Int32Array, out: Collector): void {
    const { time } = this.#left.rows;
    const keys = this.#rowKeys;
    if (this.#cold.size > 0) this.#meetVersions(due, keys);
    else this.#keys.find(leftInput, (field) => this.#left.column(field, due), due.length, keys);
    this.#versions.meet(this.#known, this.#knownOf(keys, due.length));
    for (let i = 0; i < due.length; i++) {
      const slot = due[i];
      const version = keys[i] === nullKey ? -1 : this.#versions.validAt(keys[i], time[slot]);
      if (version < 0) this.#unmatched++;
      if (version >= 0 || this.#outer) this.#emitter.add(slot, version, time[slot], out, this.#left.kindOf(slot));
    }
    this.#emitter.flush(out);
    this.#left.remove(due);
    if (this.#cold.active) this.#cold.spill();
  }

  /** Puts those of `keys[0…count)` that are known into `#known`; returns how many they are. */
  #knownOf(keys: Int32Array, count: number): number {
    let known = 0;
    for (let i = 0; i < count; i++) {
      this.#known[known] = keys[i];
      known += Number(keys[i] !== nullKey);
    }
    return known;
  }

  /** The keys of left records, whose versions are in memory afterwards; `nullKey` where there are none. */
  #meetVersions(due: Int32Array, keys: Int32Array): void {
    this.#register(due, keys);
    this.#cold.meet(keys, due.length);
    this.#keys.releaseUnused(keys, due.length);
    for (let i = 0; i < due.length; i++) if (keys[i] !== nullKey && !this.#versions.holds(keys[i])) keys[i] = nullKey;
  }

  /** The keys of at most `maxBatchRows` left records, registered where they are new. */
  #register(slots: Int32Array, keys: Int32Array): void {
    this.#keys.register(leftInput, (field) => this.#left.column(field, slots), slots.length, keys);
  }

  #keyedState(): KeyedState {
    const versions = this.#versions;
    return {
      get size() {
        return versions.size;
      },
      holds: (key) => versions.holds(key),
      dueMs: () => null,
      moveOut: (key, writer) => {
        this.#coldVersions += versions.moveOut(key, writer);
      },
      movedOut: () => versions.movedOut(),
      moveIn: (key, reader) => {
        this.#coldVersions -= versions.moveIn(key, reader);
      },
    };
  }

  #part(give: (key: string, state: SnapshotReader) => void): void {
    const waiting = this.#takeLeft();
    const write = (key: number, writer: SnapshotWriter): void => {
      const left = waiting.get(key) ?? [];
      this.#left.moveOut(Int32Array.from(left), writer);
      this.#versions.moveOut(key, writer);
    };
    partKeys(this.#keys, (key) => this.#versions.holds(key) || waiting.has(key), write, give);
    this.#versions.movedOut();
    if (!waiting.has(nullKey)) return;
    const writer = new SnapshotWriter();
    write(nullKey, writer);
    give(this.#keys.nullText, new SnapshotReader(writer.finish()));
  }

  /** All left records by key, in order of arrival. */
  #takeLeft(): Map<number, number[]> {
    const byKey = new Map<number, number[]>();
    const all = this.#left.takeDue(Number.POSITIVE_INFINITY);
    for (let from = 0; from < all.length; from += maxBatchRows) {
      const slots = all.subarray(from, from + maxBatchRows);
      this.#register(slots, this.#rowKeys);
      slots.forEach((slot, i) => {
        const own = byKey.get(this.#rowKeys[i]) ?? [];
        own.push(slot);
        byKey.set(this.#rowKeys[i], own);
      });
    }
    return byKey;
  }

  #take(key: number, state: SnapshotReader): void {
    this.#left.moveIn(state);
    this.#versions.moveIn(key, state);
    this.#keys.releaseUnused(Int32Array.of(key), 1);
  }
}
