import { type Batch, maxBatchRows, RowKind, withSelection } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import { type ColumnBuilder, createColumnBuilder } from "../column/column-builder.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import { compileKernel, compilePredicate } from "../expression/compile-kernel.ts";
import type { Kernel, Predicate } from "../expression/kernel.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { stringType, timestampType } from "../types/field-type.ts";
import { AlertStates, AlertStatus } from "./alert-states.ts";

type ThresholdAlert = Extract<PlannedOperator, { op: "threshold-alert" }>;
type Transition = "raised" | "cleared" | "repeated";

const layoutVersion = 1;

/**
 * A state machine per key, over its records in order of arrival:
 * - not raised, `raiseWhen` TRUE: raised, unless the last raise of the key is less than `suppressMs` before; what
 *   is suppressed leaves no state, so that the first record after it for which the condition still holds raises;
 * - raised, `clearWhen` TRUE and `raiseWhen` not (`clearWhen` null: `raiseWhen` not TRUE): cleared; a clearing is
 *   always said, as what it ends has been said;
 * - raised otherwise, `repeatMs` or more after the last alert and not suppressed: repeated.
 *
 * Times are event times; `at` is NULL and nothing is suppressed or repeated for records without one. Rows that a
 * changelog takes back are no records. `alert_key` is the key's value as text, a JSON array of the values of several
 * key fields, or empty without any. Counters: `raised_now`, `suppressed` (records that would have raised).
 */
export function createThresholdAlertOperator(operator: ThresholdAlert, step: PlanStep): Operator {
  return new ThresholdAlertOperator(operator, step);
}

class ThresholdAlertOperator implements Operator {
  readonly ports = ["out"];
  readonly spilling: Spilling = { attach: (rows, hotKeys) => this.#cold.attach(rows, hotKeys) };
  readonly parting: Parting = {
    standing: () => ({ progress: [], counts: [this.#suppressed] }),
    stand: ({ counts }) => {
      [this.#suppressed] = counts;
    },
    part: (give) => this.#cold.part(give),
    take: (key, state) => this.#states.moveIn(this.#keys.idOf(key), state),
  };
  readonly #severity: string;
  readonly #repeatMs: number;
  readonly #raiseWhen: Predicate;
  readonly #clearWhen: Predicate | null;
  readonly #title: Kernel;
  readonly #keyFields: number;
  readonly #keys: KeyTable;
  readonly #states: AlertStates;
  readonly #cold: ColdKeys;
  readonly #live: readonly boolean[] | undefined;
  readonly #columns = {
    key: createColumnBuilder(stringType, maxBatchRows),
    transition: createColumnBuilder(stringType, maxBatchRows),
    severity: createColumnBuilder(stringType, maxBatchRows),
    raisedAt: createColumnBuilder(timestampType, maxBatchRows),
    at: createColumnBuilder(timestampType, maxBatchRows),
  } satisfies Record<string, ColumnBuilder>;
  readonly #raises = new Uint8Array(maxBatchRows);
  readonly #clears = new Uint8Array(maxBatchRows);
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #alerts = new Int32Array(maxBatchRows);
  #suppressed = 0;
  /** Raised keys outside of memory. */
  #coldRaised = 0;

  constructor(operator: ThresholdAlert, step: PlanStep) {
    const fields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    this.#severity = operator.severity;
    this.#repeatMs = operator.repeatMs ?? Number.POSITIVE_INFINITY;
    this.#raiseWhen = compilePredicate(operator.raiseWhen);
    this.#clearWhen = operator.clearWhen === null ? null : compilePredicate(operator.clearWhen);
    this.#title = compileKernel(operator.title);
    this.#keyFields = fields.length;
    this.#keys = new KeyTable(fields);
    this.#states = new AlertStates(this.#keys, operator.suppressMs);
    this.#cold = new ColdKeys(this.#keys, this.#keyedState(), [operator.suppressMs]);
    this.#live = step.liveFields.out;
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const raising = mark(this.#raiseWhen, batch, this.#rows, this.#raises);
    if (raising === 0 && this.#kept === 0) return;
    if (this.#clearWhen !== null) mark(this.#clearWhen, batch, this.#rows, this.#clears);
    const rows = this.#selectRows(batch);
    this.#keys.assign(batch, this.#rows, rows, this.#rowKeys);
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, rows);
    let alerts = 0;
    for (let p = 0; p < rows; p++) {
      if (this.#step(this.#rows[p], this.#rowKeys[p], batch.time[this.#rows[p]])) this.#alerts[alerts++] = this.#rows[p];
    }
    if (alerts > 0) this.#emit(withSelection(batch, this.#alerts, alerts), out);
    this.#states.forgetIdleKeys("many");
    if (this.#cold.active) this.#cold.spill();
  }

  onWatermark(watermark: number): number {
    if (this.#cold.active && watermark > this.#cold.watermark) this.#cold.advance(watermark, (until) => this.#states.expire(until));
    this.#states.expire(watermark);
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#suppressed);
    this.#states.snapshot(writer);
    writer.f64(this.#coldRaised);
    this.#cold.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`alert state has layout ${version}, this version reads ${layoutVersion}`);
    this.#suppressed = reader.f64();
    this.#states.restore(reader);
    // Not in snapshots of before keys could leave memory.
    if (reader.remaining > 0) this.#coldRaised = reader.f64();
    this.#cold.restore(reader);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#kept,
      stateBytes: this.#states.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: { raised_now: this.#states.raised + this.#coldRaised, suppressed: this.#suppressed },
    };
  }

  /** Keys with a state. */
  get #kept(): number {
    return this.#states.kept + this.#cold.size;
  }

  #keyedState(): KeyedState {
    const states = this.#states;
    return {
      get size() {
        return states.kept;
      },
      holds: (key) => states.holds(key),
      dueMs: (key) => states.dueMs(key),
      moveOut: (key, writer) => {
        const before = states.raised;
        states.moveOut(key, writer);
        this.#coldRaised += before - states.raised;
      },
      moveIn: (key, reader) => {
        if (states.moveIn(key, reader)) this.#coldRaised--;
      },
    };
  }

  /** The live records that can change a state, into `#rows`: while no key has one, those from the first that raises. */
  #selectRows({ selection, selected, kinds }: Batch): number {
    let any = this.#kept > 0;
    let count = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      const takenBack = kinds !== null && (kinds[row] === RowKind.updateBefore || kinds[row] === RowKind.delete);
      if (takenBack) continue;
      any ||= this.#raises[row] === 1;
      if (any) this.#rows[count++] = row;
    }
    return count;
  }

  /** Moves a key on by one record; true when there is something to say. */
  #step(row: number, key: number, atMs: number): boolean {
    const states = this.#states;
    const status = states.statusOf(key);
    const raises = this.#raises[row] === 1;
    if (status !== AlertStatus.raised) {
      if (!raises) return false;
      if (status === AlertStatus.cleared && states.isSuppressed(key, atMs)) {
        this.#suppressed++;
        return false;
      }
      states.raise(key, atMs);
      return this.#say("raised", row, key, atMs);
    }
    if (!raises && (this.#clearWhen === null || this.#clears[row] === 1)) {
      this.#say("cleared", row, key, atMs);
      states.clear(key);
      return true;
    }
    if (!(atMs - states.alertedAt(key) >= this.#repeatMs) || states.isSuppressed(key, atMs)) return false;
    states.repeat(key, atMs);
    return this.#say("repeated", row, key, atMs);
  }

  #say(transition: Transition, row: number, key: number, atMs: number): true {
    const raisedAtMs = this.#states.raisedAt(key);
    this.#columns.key.set(row, this.#keyText(key));
    this.#columns.transition.set(row, transition);
    this.#columns.severity.set(row, this.#severity);
    this.#columns.raisedAt.set(row, Number.isNaN(raisedAtMs) ? null : raisedAtMs);
    this.#columns.at.set(row, Number.isNaN(atMs) ? null : atMs);
    return true;
  }

  #keyText(key: number): string {
    if (this.#keyFields === 0) return "";
    if (this.#keyFields === 1) return String(this.#keys.value(key, 0));
    return JSON.stringify(Array.from({ length: this.#keyFields }, (_, field) => this.#keys.value(key, field)));
  }

  /** The records that alert, behind the alert's own fields. */
  #emit(alerting: Batch, out: Collector): void {
    const { key, transition, severity, raisedAt, at } = this.#columns;
    const own: readonly Column[] = [
      key.column(),
      transition.column(),
      severity.column(),
      this.#title(alerting),
      raisedAt.column(),
      at.column(),
    ];
    const columns = [...own, ...alerting.columns].map((column, i) => (this.#live?.[i] === false ? null : column));
    for (const builder of Object.values(this.#columns)) builder.reset();
    out.emit(0, { ...alerting, columns, kinds: null });
  }
}

/** Sets 1 in `marks` at the rows for which a condition is TRUE; returns how many there are. */
function mark(condition: Predicate, batch: Batch, rows: Int32Array, marks: Uint8Array): number {
  marks.fill(0, 0, batch.length);
  const count = condition(batch, rows);
  for (let i = 0; i < count; i++) marks[rows[i]] = 1;
  return count;
}
