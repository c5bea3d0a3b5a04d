import { maxBatchRows } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { RowStore } from "../state/row-store.ts";
import { fieldIndex } from "../types/stream-type.ts";

/** Writes rows that are kept into the `dead_letter` port of a step, each with its reason in the last field. */
export class DeadLetterEmitter {
  readonly #port: number;
  readonly #rows: RowStore;
  readonly #builder: BatchBuilder;
  /** Which field of the input each field but the last comes from: one that is called like the reason is left out. */
  readonly #sources: readonly number[];
  readonly #slots = new Int32Array(maxBatchRows);
  #count = 0;

  constructor(step: PlanStep, rows: RowStore, port: number) {
    this.#port = port;
    this.#rows = rows;
    const { fields } = step.outputs.dead_letter;
    this.#builder = createBatchBuilder(fields);
    this.#sources = fields.slice(0, -1).map(({ name }) => fieldIndex(step.inputs[0], name));
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
    this.#sources.forEach((source, field) => {
      const column = this.#builder.columns[field];
      if (column !== null) this.#rows.write(source, this.#slots, this.#count, column);
    });
    this.#builder.commit(this.#count);
    this.#count = 0;
    out.emit(this.#port, this.#builder.build());
  }
}
