import { type Batch, maxBatchRows, takesBack, withSelection } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import { compilePredicate } from "../expression/compile-kernel.ts";
import type { Predicate } from "../expression/kernel.ts";
import { TimeRouter } from "../join/time-router.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { FlagStates } from "./flag-states.ts";

type FeatureFlag = Extract<PlannedOperator, { op: "feature-flag" }>;
type Transition = "set" | "extended" | "unset";

const layoutVersion = 1;
const latePort = 1;

/**
 * A flag per key, over its records in order of arrival. A flag that was set until `e` is still set for a record at exactly
 * `e`, as a session with that gap would be open. It is unset by the first record after `e`, or when the watermark
 * reaches `e`, whichever comes first; what comes out is the same. Flags that expire together come by (expiry, key). Rows
 * that a changelog takes back are no records. Counters: `set_now`, `without_time`.
 */
export function createFeatureFlagOperator(operator: FeatureFlag, step: PlanStep): Operator {
  return new FeatureFlagOperator(operator, step);
}

class FeatureFlagOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({ progress: [this.#watermark], counts: [this.#withoutTime] }),
    stand: ({ progress, counts }) => {
      [this.#watermark] = progress;
      [this.#withoutTime] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#cold.take(key, state),
  };
  readonly #ttlMs: number;
  readonly #extendMs: number;
  readonly #setWhen: Predicate;
  readonly #unsetWhen: Predicate | null;
  readonly #keyFields: number;
  readonly #keys: KeyTable;
  readonly #states: FlagStates;
  readonly #cold: ColdKeys;
  readonly #builder: BatchBuilder;
  readonly #router = new TimeRouter();
  readonly #sets = new Uint8Array(maxBatchRows);
  readonly #unsets = new Uint8Array(maxBatchRows);
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #one = new Int32Array(1);
  #watermark = noWatermark;
  #withoutTime = 0;

  constructor(operator: FeatureFlag, step: PlanStep) {
    const fields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    this.#ttlMs = operator.ttlMs;
    this.#extendMs = operator.extendMs ?? Number.POSITIVE_INFINITY;
    this.#setWhen = compilePredicate(operator.setWhen);
    this.#unsetWhen = operator.unsetWhen === null ? null : compilePredicate(operator.unsetWhen);
    this.#keyFields = fields.length;
    this.#keys = new KeyTable(fields);
    this.#states = new FlagStates(this.#keys);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [operator.ttlMs]);
    const live = step.liveFields.out;
    this.#builder = createBatchBuilder(step.outputs.out.fields, live === undefined ? {} : { live });
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const router = this.#router;
    router.route(batch, this.#watermark);
    this.#withoutTime += router.withoutTime;
    if (router.lateCount > 0) out.emit(latePort, withSelection(batch, router.lateRows, router.lateCount));
    mark(this.#setWhen, batch, this.#rows, this.#sets);
    if (this.#unsetWhen !== null) mark(this.#unsetWhen, batch, this.#rows, this.#unsets);
    const count = this.#relevant(batch);
    this.#keys.assign(batch, this.#rows, count, this.#rowKeys);
    this.#states.reserve();
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
    for (let i = 0; i < count; i++) this.#step(this.#rowKeys[i], batch.time[this.#rows[i]], this.#rows[i], out);
    this.#flush(out);
    this.#releaseUnset(count);
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number, out: Collector): number {
    if (watermark > this.#watermark) {
      if (this.#cold.active) this.#cold.advance(watermark, (until) => this.#advance(until, out));
      this.#advance(watermark, out);
    }
    return watermark;
  }

  #advance(watermark: number, out: Collector): void {
    this.#watermark = Math.max(this.#watermark, watermark);
    this.#states.takeExpired(watermark, (key) => {
      this.#unset(key, this.#states.expiryOf(key), "expired", out);
      this.#keys.release(key);
    });
    this.#flush(out);
  }

  #keyedState(): KeyedState {
    const states = this.#states;
    return {
      get size() {
        return states.size;
      },
      holds: (key) => states.isSet(key),
      dueMs: (key) => states.expiryOf(key),
      moveOut: (key, writer) => states.moveOut(key, writer),
      moveIn: (key, reader) => states.moveIn(key, reader),
    };
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#watermark);
    writer.f64(this.#withoutTime);
    this.#states.snapshot(writer);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`flag state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#withoutTime = reader.f64();
    this.#states.restore(reader);
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#states.size + this.#cold.size,
      stateBytes: this.#states.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { set_now: this.#states.size + this.#cold.size, without_time: this.#withoutTime },
    };
  }

  /** The records on time that set or unset something, or may find a flag expired, into `#rows`. */
  #relevant({ kinds }: Batch): number {
    let count = 0;
    for (let i = 0; i < this.#router.count; i++) {
      const row = this.#router.rows[i];
      if (kinds === null || !takesBack(kinds[row])) this.#rows[count++] = row;
    }
    return count;
  }

  #step(key: number, atMs: number, row: number, out: Collector): void {
    const states = this.#states;
    if (states.isSet(key) && atMs > states.expiryOf(key)) this.#unset(key, states.expiryOf(key), "expired", out);
    if (this.#sets[row] === 1) this.#setOrExtend(key, atMs, out);
    else if (this.#unsetWhen !== null && this.#unsets[row] === 1 && states.isSet(key)) this.#unset(key, atMs, "condition", out);
  }

  #setOrExtend(key: number, atMs: number, out: Collector): void {
    const states = this.#states;
    const expiryMs = atMs + this.#ttlMs;
    if (!states.isSet(key)) {
      states.set(key, atMs, expiryMs);
      this.#say("set", key, atMs, "condition", out);
    } else if (expiryMs > states.expiryOf(key)) {
      states.extend(key, expiryMs);
      if (expiryMs - states.saidOf(key) < this.#extendMs) return;
      states.say(key);
      this.#say("extended", key, atMs, "condition", out);
    }
  }

  #unset(key: number, atMs: number, reason: "condition" | "expired", out: Collector): void {
    this.#say("unset", key, atMs, reason, out);
    this.#states.unset(key);
  }

  #say(transition: Transition, key: number, atMs: number, reason: string, out: Collector): void {
    const row = this.#builder.rows;
    this.#one[0] = key;
    for (let field = 0; field < this.#keyFields; field++) {
      const column = this.#builder.columns[field];
      if (column !== null) this.#keys.write(field, this.#one, 0, 1, column, row);
    }
    const isSet = transition !== "unset";
    const values = [transition, isSet, atMs, isSet ? this.#states.expiryOf(key) : null, reason, atMs - this.#states.sinceOf(key)];
    for (let i = 0; i < values.length; i++) this.#builder.columns[this.#keyFields + i]?.set(row, values[i]);
    this.#builder.time[row] = atMs;
    this.#builder.commit(1);
    if (this.#builder.free === 0) this.#flush(out);
  }

  #flush(out: Collector): void {
    if (this.#builder.rows > 0) out.emit(0, this.#builder.build());
  }

  /** Lets go of those of the batch's keys whose flags are not set; each once. */
  #releaseUnset(count: number): void {
    for (let i = 0; i < count; i++) {
      const key = this.#rowKeys[i];
      if (this.#states.isSet(key)) continue;
      // Any time will do: it marks that the key, which may come again here, is released already.
      this.#states.extend(key, 0);
      this.#keys.release(key);
      this.#rowKeys[i] = -1 - key;
    }
    for (let i = 0; i < count; i++) if (this.#rowKeys[i] < 0) this.#states.extend(-1 - this.#rowKeys[i], Number.NaN);
  }
}

/** Sets 1 in `marks` at the rows for which a condition is TRUE. */
function mark(condition: Predicate, batch: Batch, rows: Int32Array, marks: Uint8Array): void {
  marks.fill(0, 0, batch.length);
  const count = condition(batch, rows);
  for (let i = 0; i < count; i++) marks[rows[i]] = 1;
}
