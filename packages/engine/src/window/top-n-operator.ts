import { type Batch, maxBatchRows, RowKind, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { IntervalCounts } from "./interval-counts.ts";
import { IntervalGroups, keyedStateOf } from "./interval-groups.ts";
import { IntervalRouter } from "./interval-router.ts";
import { RankedRows } from "./ranked-rows.ts";
import { TopNEmitter } from "./top-n-emitter.ts";

type TopN = Extract<PlannedOperator, { op: "top-n" }>;

const layoutVersion = 1;
const latePort = 1;
const rankedTable = "ranked";

/**
 * The first records of each key and tumbling window by rank. `append`: windows come out in order when the watermark
 * passes their ends, their keys in the order of their first records, by rank; with ties kept, equal values share the rank of
 * the first of them. `update`: for each record that takes a rank,
 * the rows of that rank and of those behind it, which have moved. Ports: `out`, `late` (records whose window is
 * closed). Counter: `without_time`.
 */
export function createTopNOperator(operator: TopN, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog !== "append") throw new Error(`${step.id} ranks a changelog (${input.changelog}); it needs append-only input`);
  if (operator.ties === "keep" && operator.output === "update") throw new Error(`${step.id} updates ranks that several rows share`);
  return new TopNOperator(operator, step);
}

class TopNOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#groups.open], counts: [this.#router.withoutTime] }),
    stand: ({ progress: [open], counts }) => {
      this.#groups.closeBefore(open, () => {});
      [this.#router.withoutTime] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#take(this.#keys.idOf(key), state),
  };
  readonly #by: Kernel;
  readonly #update: boolean;
  readonly #keepTies: boolean;
  readonly #keyless: boolean;
  readonly #keys: KeyTable;
  readonly #groups: IntervalGroups;
  readonly #ranked: RankedRows;
  readonly #emitter: TopNEmitter;
  readonly #cold: ColdKeys;
  /** Rows outside of memory. */
  readonly #coldRows = new IntervalCounts();
  /** Room for rows that are said from where they are outside. */
  readonly #visited: RankedRows;
  readonly #visitedEmitter: TopNEmitter;
  readonly #router = new IntervalRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);

  constructor(operator: TopN, step: PlanStep) {
    const [input] = step.inputs;
    this.#by = compileKernel(operator.by);
    this.#update = operator.output === "update";
    this.#keepTies = operator.ties === "keep";
    const keyFields = keyFieldsOf(operator.keyBy, input);
    this.#keyless = keyFields.length === 0;
    this.#keys = new KeyTable(keyFields);
    this.#groups = new IntervalGroups(this.#keys, operator.sizeMs, operator.offsetMs);
    const rankedRows = () => new RankedRows(input.fields, operator.limit, operator.order === "descending", this.#keepTies);
    this.#ranked = rankedRows();
    this.#emitter = new TopNEmitter(step, this.#ranked.rows);
    this.#visited = rankedRows();
    this.#visitedEmitter = new TopNEmitter(step, this.#visited.rows);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [1]);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    this.#router.route(batch, this.#groups);
    const { rows, intervals, count, runEnds, lateRows, lateCount } = this.#router;
    if (count > 0) {
      this.#keys.assign(batch, rows, count, this.#rowKeys);
      if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
      const by = this.#by(batch);
      if (by.kind !== "number") throw new TypeError(`records are ranked by numbers, not by a column of kind ${by.kind}`);
      for (let p = 0, run = 0, end = 0; p < count; p = end) {
        if (p === runEnds[run]) run++;
        end = this.#keyless ? runEnds[run] : this.#keyEnd(p, runEnds[run]);
        const group = this.#groups.slotOf(intervals[p], this.#rowKeys[p]);
        for (
          let at = this.#ranked.firstWithin(group, by, rows, p, end);
          at < end;
          at = this.#ranked.firstWithin(group, by, rows, at + 1, end)
        ) {
          const row = rows[at];
          const value = by.valid !== null && by.valid[row] === 0 ? Number.NaN : by.values[row];
          this.#insert(group, intervals[p], batch, row, value, out);
        }
      }
      this.#emitter.flush(out);
    }
    if (lateCount > 0) out.emit(latePort, withSelection(batch, lateRows, lateCount));
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    const open = this.#groups.openAt(watermark);
    if (this.#cold.active) this.#closeOutside(open, out);
    this.#closeBefore(open, out);
    return watermark;
  }

  #closeBefore(open: number, out: Collector): void {
    this.#groups.closeBefore(open, ({ index, slots, count }) => {
      for (let i = 0; i < count; i++) {
        const group = slots[i];
        const rows = this.#ranked.rowsOf(group);
        if (!this.#update) this.#emitAll(this.#ranked, rows, index, this.#emitter, out);
        for (const row of rows) this.#emitter.remove(row);
        this.#ranked.clear(group);
      }
    });
    this.#emitter.flush(out);
  }

  /** Closes the intervals of which something is outside of memory, after what is in memory of them and before. */
  #closeOutside(open: number, out: Collector): void {
    for (let interval = this.#coldRows.first; interval < open; interval = this.#coldRows.first) {
      this.#closeBefore(interval + 1, out);
      if (!this.#update) {
        this.#cold.visit(interval, (found) => {
          for (const { state } of found) this.#sayOutside(interval, state, out);
        });
      }
      this.#visitedEmitter.flush(out);
      this.#coldRows.dropBefore(interval + 1);
    }
    this.#cold.forgetBefore(open);
  }

  #sayOutside(interval: number, state: SnapshotReader, out: Collector): void {
    const ranked = this.#visited;
    for (let groups = state.u32(); groups > 0; groups--) {
      const at = state.f64();
      ranked.moveIn(0, state);
      const rows = ranked.rowsOf(0);
      if (at === interval) this.#emitAll(ranked, rows, interval, this.#visitedEmitter, out);
      for (const row of rows) this.#visitedEmitter.remove(row);
      ranked.clear(0);
    }
    this.#visitedEmitter.flush(out);
  }

  #keyedState(): KeyedState {
    const groups = this.#groups;
    return keyedStateOf(groups, {
      moveOut: (key, writer) => {
        const own = groups.of(key);
        writer.u32(own.length);
        for (const { interval, slot } of own) {
          writer.f64(interval);
          this.#coldRows.add(interval, this.#ranked.moveOut(slot, writer));
        }
        groups.moveOut(key);
      },
      moveIn: (key, reader) => {
        for (const { interval, rows } of this.#take(key, reader)) this.#coldRows.add(interval, -rows);
      },
    });
  }

  /** Takes the groups of a key, but for those that are over; returns how many rows each has. */
  #take(key: number, state: SnapshotReader): readonly { readonly interval: number; readonly rows: number }[] {
    const taken: { interval: number; rows: number }[] = [];
    for (let groups = state.u32(); groups > 0; groups--) {
      const interval = state.f64();
      if (this.#groups.isOpen(interval)) {
        taken.push({ interval, rows: this.#ranked.moveIn(this.#groups.slotOf(interval, key), state) });
        continue;
      }
      this.#visited.moveIn(0, state);
      for (const row of this.#visited.rowsOf(0)) this.#visited.rows.remove(row);
      this.#visited.clear(0);
    }
    return taken;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#router.withoutTime);
    this.#keys.snapshot(writer);
    this.#groups.snapshot(writer);
    this.#ranked.snapshot(writer, rankedTable);
    this.#coldRows.snapshot(writer);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`top n state has layout ${version}, this version reads ${layoutVersion}`);
    this.#router.withoutTime = reader.f64();
    this.#keys.restore(reader);
    if (reader.hasTable(rankedTable)) {
      this.#groups.restore(reader);
      this.#ranked.restore(reader, rankedTable);
    } else this.#ranked.restoreList(reader, this.#groups.restoreList(reader));
    // Not in snapshots of before keys could leave memory.
    if (reader.remaining > 0) this.#coldRows.restore(reader);
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#groups.bytes + this.#ranked.bytes,
      lateRecords: 0,
      bufferedRecords: this.#update ? 0 : this.#ranked.rows.size + this.#coldRows.total,
      counters: { without_time: this.#router.withoutTime },
    };
  }

  #insert(group: number, interval: number, batch: Batch, row: number, value: number, out: Collector): void {
    const rank = this.#ranked.rankOf(group, value);
    if (rank < 0) return;
    const before = this.#ranked.countOf(group);
    const dropped = this.#ranked.insert(group, rank, batch, row, value);
    if (this.#update) this.#emitFrom(group, interval, rank, before, out);
    for (const lost of dropped) this.#emitter.remove(lost);
  }

  /** Where the records in a row that have the key of record `from` end, at the latest at `to`. */
  #keyEnd(from: number, to: number): number {
    const keys = this.#rowKeys;
    const key = keys[from];
    let end = from + 1;
    while (end < to && keys[end] === key) end++;
    return end;
  }

  /** Emits a group whose window has ended. */
  #emitAll(ranked: RankedRows, rows: Int32Array, interval: number, emitter: TopNEmitter, out: Collector): void {
    const startMs = this.#groups.startMs(interval);
    const endMs = startMs + this.#groups.sizeMs;
    let rank = 1;
    for (let at = 0; at < rows.length; at++) {
      if (at > 0 && !(this.#keepTies && ranked.isTie(rows[at], rows[at - 1]))) rank = at + 1;
      emitter.add(rows[at], rank, startMs, endMs, RowKind.insert, out);
    }
  }

  /** Emits the ranks of a group from `rank` on; there were `before` ranks when it was emitted last. */
  #emitFrom(group: number, interval: number, rank: number, before: number, out: Collector): void {
    const startMs = this.#groups.startMs(interval);
    const endMs = startMs + this.#groups.sizeMs;
    for (let at = rank; at < this.#ranked.countOf(group); at++) {
      const kind = at < before ? RowKind.updateAfter : RowKind.insert;
      this.#emitter.add(this.#ranked.rowAt(group, at), at + 1, startMs, endMs, kind, out);
    }
  }
}
