import { type Batch, maxBatchRows, RowKind, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { SeenKeys } from "./seen-keys.ts";

type Deduplicate = Extract<PlannedOperator, { op: "deduplicate" }>;

const layoutVersion = 1;
const outPort = 0;
const latePort = 1;

/**
 * Lets one record of each key through per TTL of event time. A key is known from its record at `t` on until the
 * watermark reaches `t + ttl - 1`, when no record on time can be within the TTL of it.
 * - `first`: a record of a known key whose time is before `t + ttl` is a duplicate, also when it is late.
 * - `last`: such a record replaces the one before it, as an update, unless its own time is before `t`; then it is dropped.
 * A late record that would have to come out goes to `late`: whether its key was known has been forgotten. Counters:
 * `duplicates` (records dropped or replaced), `without_time`.
 */
export function createDeduplicateOperator(operator: Deduplicate, step: PlanStep): Operator {
  const [input] = step.inputs;
  if (input.changelog !== "append") throw new Error(`${step.id} deduplicates a changelog (${input.changelog}); it needs append-only input`);
  return new DeduplicateOperator(operator, step);
}

class DeduplicateOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#seen.spillTo(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#watermark], counts: [this.#duplicates, this.#withoutTime] }),
    stand: ({ progress, counts }) => {
      [this.#watermark] = progress;
      [this.#duplicates, this.#withoutTime] = counts;
      this.#seen.expire(this.#watermark);
    },
    part: (give) => this.#seen.part(give),
    take: (key, state) => this.#seen.take(key, state),
  };
  readonly #last: boolean;
  readonly #ttlMs: number;
  readonly #seen: SeenKeys;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #outRows = new Int32Array(maxBatchRows);
  readonly #lateRows = new Int32Array(maxBatchRows);
  readonly #kinds = new Uint8Array(maxBatchRows);
  #watermark = noWatermark;
  #duplicates = 0;
  /** Duplicates of this run that did not come out as updates. */
  #dropped = 0;
  #withoutTime = 0;

  constructor(operator: Deduplicate, step: PlanStep) {
    this.#last = operator.keep === "last";
    this.#ttlMs = operator.ttlMs;
    this.#seen = new SeenKeys(keyFieldsOf(operator.keyBy, step.inputs[0]), operator.ttlMs);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { time } = batch;
    const rows = this.#timedRows(batch);
    this.#seen.assign(batch, this.#rows, rows, this.#rowKeys);
    let passed = 0;
    let late = 0;
    let updates = 0;
    let dropped = 0;
    for (let p = 0; p < rows; p++) {
      const row = this.#rows[p];
      const key = this.#rowKeys[p];
      const at = time[row];
      const before = this.#seen.timeOf(key);
      // Not when nothing is known of the key: then it is NaN.
      const repeated = at < before + this.#ttlMs;
      if (repeated && (!this.#last || at < before)) dropped++;
      else if (at <= this.#watermark) this.#lateRows[late++] = row;
      else {
        this.#kinds[row] = repeated ? RowKind.updateAfter : RowKind.insert;
        if (repeated) updates++;
        this.#seen.note(key, at);
        this.#outRows[passed++] = row;
      }
    }
    this.#duplicates += updates + dropped;
    this.#dropped += dropped;
    this.#seen.forgetStrangers(this.#rowKeys, rows);
    if (passed > 0) out.emit(outPort, { ...withSelection(batch, this.#outRows, passed), kinds: updates > 0 ? this.#kinds : null });
    this.#seen.spill();
    if (late > 0) out.emit(latePort, withSelection(batch, this.#lateRows, late));
  }

  onWatermark(watermark: number): number {
    if (watermark > this.#watermark) {
      this.#watermark = watermark;
      this.#seen.expire(watermark);
    }
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#watermark);
    writer.f64(this.#duplicates);
    writer.f64(this.#withoutTime);
    this.#seen.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`deduplication state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#duplicates = reader.f64();
    this.#withoutTime = reader.f64();
    this.#seen.restore(reader, this.#watermark);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#seen.size,
      stateBytes: this.#seen.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { duplicates: this.#duplicates, without_time: this.#withoutTime },
      books: { settled: this.#dropped + this.#withoutTime },
    };
  }

  #timedRows({ selection, selected, time }: Batch): number {
    let count = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (Number.isNaN(time[row])) this.#withoutTime++;
      else this.#rows[count++] = row;
    }
    return count;
  }
}
