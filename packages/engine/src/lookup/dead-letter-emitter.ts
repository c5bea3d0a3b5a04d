import { maxBatchRows } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { RowStore } from "../state/row-store.ts";

/** Writes rows that are kept into the `dead_letter` port of a step, each with its reason in the last field. */
export class DeadLetterEmitter {
  readonly #port: number;
  readonly #rows: RowStore;
  readonly #builder: BatchBuilder;
  readonly #slots = new Int32Array(maxBatchRows);
  #count = 0;

  constructor(step: PlanStep, rows: RowStore, port: number) {
    this.#port = port;
    this.#rows = rows;
    this.#builder = createBatchBuilder(step.outputs.dead_letter.fields);
  }

  /** Rows are collected until `flush`, which must come before any of them is removed. */
  add(slot: number, reason: string, timeMs: number, kind: number, out: Collector): void {
    const row = this.#count++;
    this.#slots[row] = slot;
    this.#builder.time[row] = timeMs;
    this.#builder.setKind(row, kind);
    this.#builder.columns.at(-1)?.set(row, reason);
    if (this.#count === maxBatchRows) this.flush(out);
  }

  flush(out: Collector): void {
    if (this.#count === 0) return;
    const fields = this.#builder.columns.length - 1;
    for (let field = 0; field < fields; field++) {
      const column = this.#builder.columns[field];
      if (column !== null) this.#rows.write(field, this.#slots, this.#count, column);
    }
    this.#builder.commit(this.#count);
    this.#count = 0;
    out.emit(this.#port, this.#builder.build());
  }
}
