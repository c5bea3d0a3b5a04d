import { maxBatchRows } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import { rankedFields, rankFields } from "../plan/record-type.ts";
import { grownInt32 } from "../state/grown-array.ts";
import type { RowStore } from "../state/row-store.ts";

/**
 * Writes ranked rows: `window_start`, `window_end`, `rank`, then fields of the rows that are kept. Rows are collected to
 * batches until `flush`, and removed from where they are kept not before.
 */
export class TopNEmitter {
  readonly #builder: BatchBuilder;
  readonly #kept: RowStore;
  /** Of the output fields behind the rank: indexes in the rows that are kept. */
  readonly #fields: readonly number[];
  readonly #rows = new Int32Array(maxBatchRows);
  #count = 0;
  #doomed: Int32Array = new Int32Array(16);
  #doomedCount = 0;

  constructor(step: PlanStep, kept: RowStore) {
    const live = step.liveFields.out;
    this.#builder = createBatchBuilder(step.outputs.out.fields, live === undefined ? {} : { live });
    this.#kept = kept;
    this.#fields = rankedFields(step.inputs[0]);
  }

  /** Adds a row; `rank` counts from 1. */
  add(row: number, rank: number, startMs: number, endMs: number, kind: number, out: Collector): void {
    const at = this.#count++;
    const [start, end, ranks] = this.#builder.columns;
    start?.set(at, startMs);
    end?.set(at, endMs);
    ranks?.set(at, rank);
    this.#builder.time[at] = endMs - 1;
    this.#builder.setKind(at, kind);
    this.#rows[at] = row;
    if (this.#count === maxBatchRows) this.#emit(out);
  }

  /** Removes a row with the next `flush`. */
  remove(row: number): void {
    this.#doomed = grownInt32(this.#doomed, this.#doomedCount + 1);
    this.#doomed[this.#doomedCount++] = row;
  }

  /** Emits what has been collected, then removes what is to be. */
  flush(out: Collector): void {
    if (this.#count > 0) this.#emit(out);
    for (let i = 0; i < this.#doomedCount; i++) this.#kept.remove(this.#doomed[i]);
    this.#doomedCount = 0;
  }

  #emit(out: Collector): void {
    this.#fields.forEach((field, i) => {
      const column = this.#builder.columns[rankFields.length + i];
      if (column !== null) this.#kept.write(field, this.#rows, this.#count, column);
    });
    this.#builder.commit(this.#count);
    this.#count = 0;
    out.emit(0, this.#builder.build());
  }
}
