import { type Batch, maxBatchRows } from "../column/batch.ts";
import { type ColumnBuilder, createColumnBuilder } from "../column/column-builder.ts";
import { gatherBytes, gatherColumn } from "../column/gather-column.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { assignedFields } from "../plan/pane-type.ts";
import type { FixedWindow } from "../plan/window-spec.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { timestampType } from "../types/field-type.ts";
import { AssignSessionsOperator } from "./assign-sessions-operator.ts";
import { createSliceLayout, type SliceLayout } from "./slice-layout.ts";

type AssignWindows = Extract<PlannedOperator, { op: "assign-windows" }>;

const layoutVersion = 1;

/**
 * Puts each record beside its windows. Counters: `outside_window` (records between windows), `without_time`; neither come
 * out. Those of sessions have more to say: see `AssignSessionsOperator`.
 */
export function createAssignWindowsOperator(operator: AssignWindows, step: PlanStep): Operator {
  const [input] = step.inputs;
  const { window } = operator;
  if (input.changelog === "update" || (window.kind === "session" && input.changelog !== "append")) {
    throw new Error(`${step.id} assigns windows to a changelog (${input.changelog}); a new row may have another window than the old one`);
  }
  return window.kind === "session" ? new AssignSessionsOperator(operator, window, step) : new AssignWindowsOperator(window, step);
}

class AssignWindowsOperator implements Operator {
  readonly ports = ["out", "late"];
  readonly #layout: SliceLayout;
  readonly #kept: readonly number[];
  readonly #live: readonly boolean[] | undefined;
  readonly #starts: ColumnBuilder = createColumnBuilder(timestampType, maxBatchRows);
  readonly #ends: ColumnBuilder = createColumnBuilder(timestampType, maxBatchRows);
  readonly #time = new Float64Array(maxBatchRows);
  /** The record of each row. */
  readonly #rows = new Int32Array(maxBatchRows);
  #count = 0;
  #outsideWindow = 0;
  #withoutTime = 0;

  constructor(window: FixedWindow, step: PlanStep) {
    this.#layout = createSliceLayout(window);
    this.#kept = assignedFields(step.inputs[0]);
    this.#live = step.liveFields.out;
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { selection, selected, time } = batch;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (Number.isNaN(time[row])) this.#withoutTime++;
      else this.#add(batch, row, this.#layout.sliceAt(time[row]), out);
    }
    this.#flush(batch, out);
  }

  onWatermark(watermark: number): number {
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#outsideWindow);
    writer.f64(this.#withoutTime);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`state of assigned windows has layout ${version}, this version reads ${layoutVersion}`);
    this.#outsideWindow = reader.f64();
    this.#withoutTime = reader.f64();
  }

  gauges(): OperatorGauges {
    const counters = { outside_window: this.#outsideWindow, without_time: this.#withoutTime };
    return { stateKeys: 0, stateBytes: 0, lateRecords: 0, bufferedRecords: 0, counters };
  }

  #add(batch: Batch, row: number, slice: number, out: Collector): void {
    const last = this.#layout.lastWindow(slice);
    let window = this.#layout.firstWindow(slice);
    if (window > last) this.#outsideWindow++;
    for (; window <= last; window++) {
      const endMs = this.#layout.windowEndMs(window);
      this.#starts.set(this.#count, this.#layout.windowStartMs(window));
      this.#ends.set(this.#count, endMs);
      this.#time[this.#count] = endMs - 1;
      this.#rows[this.#count++] = row;
      if (this.#count === maxBatchRows) this.#flush(batch, out);
    }
  }

  #flush(batch: Batch, out: Collector): void {
    const count = this.#count;
    if (count === 0) return;
    const columns = this.#kept.map((field, i) => {
      const column = batch.columns[field];
      return column === null || this.#live?.[i] === false ? null : gatherColumn(column, this.#rows, count);
    });
    const kinds = batch.kinds === null ? null : gatherBytes(batch.kinds, this.#rows, count);
    this.#count = 0;
    out.emit(0, {
      length: count,
      selection: null,
      selected: count,
      columns: [...columns, this.#starts.column(), this.#ends.column()],
      time: this.#time,
      kinds,
    });
    this.#starts.reset();
    this.#ends.reset();
  }
}
