import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import type { Collector } from "../dataflow/operator.ts";
import { deadLetterReasons } from "../diagnostics/dead-letter-reasons.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { markFields } from "../plan/expression-fields.ts";
import { deadLetterReason } from "../plan/lookup-operator.ts";
import type { StreamType } from "../types/stream-type.ts";

const passes = -1;

/**
 * Parts off the records on which an expression failed, which is where it is NULL although every field that it reads has a
 * value: a cast of what is no number, a division by zero, a member that is not there. A record counts once, for the first
 * expression that failed.
 */
export class FailedRows {
  readonly #reads: readonly (readonly number[])[];
  readonly #dictionary = new Dictionary();
  readonly #reasonIds: readonly number[];
  readonly #input: StreamType;
  /** By row: index of the first expression that failed, or `passes`. */
  readonly #failures = new Int32Array(maxBatchRows);
  readonly #failed = new Int32Array(maxBatchRows);
  readonly #good = new Int32Array(maxBatchRows);

  constructor(expressions: readonly { readonly name: string; readonly value: TypedExpression }[], input: StreamType) {
    this.#reads = expressions.map(({ value }) => {
      const read: boolean[] = [];
      if (value.kind === "call") markFields(value, read);
      return [...read.keys()].filter((field) => read[field]);
    });
    this.#reasonIds = expressions.map(({ name }, i) => {
      const fields = this.#reads[i].map((field) => input.fields[field].name);
      return this.#dictionary.intern(deadLetterReasons.notComputed(name, fields));
    });
    this.#input = input;
  }

  /** Emits the records of a batch on which one of `results`, the expressions' in order, failed; returns the batch without them. */
  part(batch: Batch, results: readonly (Column | null)[], out: Collector, port: number): Batch {
    const { selection, selected } = batch;
    this.#failures.fill(passes, 0, batch.length);
    let any = false;
    for (let i = results.length - 1; i >= 0; i--) any = this.#mark(batch, results[i], i) || any;
    if (!any) return batch;
    let failed = 0;
    let good = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (this.#failures[row] === passes) this.#good[good++] = row;
      else this.#failed[failed++] = row;
    }
    if (failed === 0) return batch;
    this.#emit(batch, failed, out, port);
    return withSelection(batch, this.#good, good);
  }

  /** Marks the rows at which a result is NULL and its fields are not; later marks replace earlier ones. */
  #mark(batch: Batch, result: Column | null, expression: number): boolean {
    const reads = this.#reads[expression];
    if (result === null || result.valid === null || reads.length === 0) return false;
    let any = false;
    for (let row = 0; row < batch.length; row++) {
      if (result.valid[row] !== 0 || reads.some((field) => isNull(batch.columns[field], row))) continue;
      this.#failures[row] = expression;
      any = true;
    }
    return any;
  }

  #emit(batch: Batch, count: number, out: Collector, port: number): void {
    const ids = new Int32Array(batch.length);
    for (let i = 0; i < count; i++) ids[this.#failed[i]] = this.#reasonIds[this.#failures[this.#failed[i]]];
    const reasons: Column = { kind: "string", ids, dictionary: this.#dictionary, valid: null };
    out.emit(port, deadLetters(batch, this.#input, this.#failed, count, reasons));
  }
}

/** The rows `rows[0…count)` of a batch with the reasons behind their fields, as `deadLetterTypeOf` has them. */
export function deadLetters(batch: Batch, input: StreamType, rows: Int32Array, count: number, reasons: Column): Batch {
  const kept = batch.columns.filter((_column, i) => input.fields[i]?.name !== deadLetterReason);
  return { ...withSelection(batch, rows, count), columns: [...kept.slice(0, input.fields.length), reasons] };
}

function isNull(column: Column | null | undefined, row: number): boolean {
  return column === null || column === undefined || (column.valid !== null && column.valid[row] === 0);
}
