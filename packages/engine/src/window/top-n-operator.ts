import { type Batch, maxBatchRows, RowKind, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { IntervalGroups } from "./interval-groups.ts";
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
  readonly #by: Kernel;
  readonly #update: boolean;
  readonly #keepTies: boolean;
  readonly #keys: KeyTable;
  readonly #groups: IntervalGroups;
  readonly #ranked: RankedRows;
  readonly #emitter: TopNEmitter;
  readonly #router = new IntervalRouter();
  readonly #rowKeys = new Int32Array(maxBatchRows);

  constructor(operator: TopN, step: PlanStep) {
    const [input] = step.inputs;
    this.#by = compileKernel(operator.by);
    this.#update = operator.output === "update";
    this.#keepTies = operator.ties === "keep";
    this.#keys = new KeyTable(keyFieldsOf(operator.keyBy, input));
    this.#groups = new IntervalGroups(this.#keys, operator.sizeMs, operator.offsetMs);
    this.#ranked = new RankedRows(input.fields, operator.limit, operator.order === "descending", this.#keepTies);
    this.#emitter = new TopNEmitter(step, this.#ranked.rows);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    this.#router.route(batch, this.#groups);
    const { rows, intervals, count, lateRows, lateCount } = this.#router;
    if (count > 0) {
      this.#keys.assign(batch, rows, count, this.#rowKeys);
      const by = this.#by(batch);
      if (by.kind !== "number") throw new TypeError(`records are ranked by numbers, not by a column of kind ${by.kind}`);
      for (let p = 0, end = 0; p < count; p = end) {
        end = this.#groupEnd(p);
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
  }

  onWatermark(watermark: number, out: Collector): number {
    this.#groups.close(watermark, ({ index, slots, count }) => {
      for (let i = 0; i < count; i++) {
        const group = slots[i];
        const rows = this.#ranked.rowsOf(group);
        if (!this.#update) this.#emitAll(rows, index, out);
        for (const row of rows) this.#emitter.remove(row);
        this.#ranked.clear(group);
      }
    });
    this.#emitter.flush(out);
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#router.withoutTime);
    this.#keys.snapshot(writer);
    this.#groups.snapshot(writer);
    this.#ranked.snapshot(writer, rankedTable);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`top n state has layout ${version}, this version reads ${layoutVersion}`);
    this.#router.withoutTime = reader.f64();
    this.#keys.restore(reader);
    if (!reader.hasTable(rankedTable)) {
      this.#ranked.restoreList(reader, this.#groups.restoreList(reader));
      return;
    }
    this.#groups.restore(reader);
    this.#ranked.restore(reader, rankedTable);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size,
      stateBytes: this.#keys.bytes + this.#groups.bytes + this.#ranked.bytes,
      lateRecords: 0,
      bufferedRecords: this.#update ? 0 : this.#ranked.rows.size,
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

  /** Where the records in a row that are of the group of record `from` end. */
  #groupEnd(from: number): number {
    const { intervals, count } = this.#router;
    const keys = this.#rowKeys;
    let end = from + 1;
    while (end < count && keys[end] === keys[from] && intervals[end] === intervals[from]) end++;
    return end;
  }

  /** Emits a group whose window has ended. */
  #emitAll(rows: Int32Array, interval: number, out: Collector): void {
    const startMs = this.#groups.startMs(interval);
    const endMs = startMs + this.#groups.sizeMs;
    let rank = 1;
    for (let at = 0; at < rows.length; at++) {
      if (at > 0 && !(this.#keepTies && this.#ranked.isTie(rows[at], rows[at - 1]))) rank = at + 1;
      this.#emitter.add(rows[at], rank, startMs, endMs, RowKind.insert, out);
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
