import { type Batch, columnAt, maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import { type ColumnBuilder, createColumnBuilder } from "../column/column-builder.ts";
import { Dictionary } from "../column/dictionary.ts";
import { gatherBytes, gatherColumn, gatherNumbers } from "../column/gather-column.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import { deadLetterReasons } from "../diagnostics/dead-letter-reasons.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { fieldIndex, type StreamType } from "../types/stream-type.ts";
import { deadLetters } from "./failed-rows.ts";

type Unnest = Extract<PlannedOperator, { op: "unnest" }>;

const layoutVersion = 1;
const nothing: readonly unknown[] = [];
/** What a record with an empty array comes out with. */
const missing: readonly unknown[] = [null];

/**
 * A row for each element of an array, with the time and the row kind of its record, in the order of the array. Counters:
 * `not_arrays` (values that are neither NULL nor an array, which count as empty arrays).
 */
export function createUnnestOperator(operator: Unnest, step: PlanStep): Operator {
  return new UnnestOperator(operator, step);
}

class UnnestOperator implements Operator {
  readonly ports: readonly string[];
  readonly #input: StreamType;
  /** Rows of the batch at hand whose value is no array, where these go to the dead letters; else null. */
  readonly #refused: Int32Array | null;
  #refusedCount = 0;
  readonly #reasons: Dictionary = new Dictionary();
  readonly #field: number;
  readonly #keepEmpty: boolean;
  readonly #width: number;
  readonly #live: readonly boolean[] | undefined;
  readonly #elements: ColumnBuilder;
  readonly #positions: ColumnBuilder | null;
  /** The record of each row. */
  readonly #rows = new Int32Array(maxBatchRows);
  #count = 0;
  #notArrays = 0;

  constructor(operator: Unnest, step: PlanStep) {
    const [input] = step.inputs;
    this.ports = operator.strict === true ? ["out", "dead_letter"] : ["out"];
    this.#input = input;
    this.#refused = operator.strict === true ? new Int32Array(maxBatchRows) : null;
    this.#reasons.intern(deadLetterReasons.noArray(operator.field));
    const { fields } = step.outputs.out;
    this.#field = fieldIndex(input, operator.field);
    this.#keepEmpty = operator.keepEmpty;
    this.#width = input.fields.length;
    this.#live = step.liveFields.out;
    this.#elements = createColumnBuilder(fields[this.#field].type, maxBatchRows);
    this.#positions = operator.position === null ? null : createColumnBuilder(fields[this.#width].type, maxBatchRows);
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { selection, selected } = batch;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      const elements = this.#elementsAt(batch, row);
      if (elements === null) continue;
      const none = elements.length === 0;
      if (!none || this.#keepEmpty) this.#add(batch, row, none ? missing : elements, none, out);
    }
    this.#flush(batch, out);
    if (this.#refused === null || this.#refusedCount === 0) return;
    const reasons: Column = { kind: "string", ids: new Int32Array(batch.length), dictionary: this.#reasons, valid: null };
    const count = this.#refusedCount;
    this.#refusedCount = 0;
    out.emit(1, deadLetters(batch, this.#input, this.#refused, count, reasons));
  }

  onWatermark(watermark: number): number {
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#notArrays);
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`unnest state has layout ${version}, this version reads ${layoutVersion}`);
    this.#notArrays = reader.f64();
  }

  gauges(): OperatorGauges {
    return { stateKeys: 0, stateBytes: 0, lateRecords: 0, bufferedRecords: 0, counters: { not_arrays: this.#notArrays } };
  }

  /** null: the record goes to the dead letters. */
  #elementsAt(batch: Batch, row: number): readonly unknown[] | null {
    const column = columnAt(batch, this.#field);
    if (column.kind !== "object") throw new TypeError(`a column of arrays is needed, not ${column.kind}`);
    const value = column.valid !== null && column.valid[row] === 0 ? null : column.values[row];
    if (Array.isArray(value)) return value;
    if (value === null) return nothing;
    this.#notArrays++;
    if (this.#refused === null) return nothing;
    this.#refused[this.#refusedCount++] = row;
    return null;
  }

  #add(batch: Batch, row: number, elements: readonly unknown[], none: boolean, out: Collector): void {
    for (let position = 0; position < elements.length; position++) {
      this.#elements.set(this.#count, elements[position]);
      this.#positions?.set(this.#count, none ? null : position + 1);
      this.#rows[this.#count++] = row;
      if (this.#count === maxBatchRows) this.#flush(batch, out);
    }
  }

  #flush(batch: Batch, out: Collector): void {
    const count = this.#count;
    if (count === 0) return;
    const columns = batch.columns.slice(0, this.#width).map((column, i) => {
      if (column === null || this.#live?.[i] === false) return null;
      return i === this.#field ? this.#elements.column() : gatherColumn(column, this.#rows, count);
    });
    if (this.#positions !== null) columns.push(this.#positions.column());
    const time = gatherNumbers(batch.time, this.#rows, count);
    const kinds = batch.kinds === null ? null : gatherBytes(batch.kinds, this.#rows, count);
    this.#count = 0;
    this.#elements.reset();
    this.#positions?.reset();
    out.emit(0, { length: count, selection: null, selected: count, columns, time, kinds });
  }
}
