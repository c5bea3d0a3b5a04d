import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { RowKind } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import { type ColumnBuilder, NumberColumnBuilder } from "../column/column-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SessionStore } from "./session-store.ts";

/**
 * Writes result rows of sessions: the key fields, `window_start`, `window_end`, `last_event_time`, `duration`, the
 * aggregates; event time `window_end - 1`. Rows are collected to batches until `flush`.
 */
export class SessionEmitter {
  readonly #keys: KeyTable;
  readonly #keyFields: number;
  readonly #aggregates: AggregateSet;
  readonly #sessions: SessionStore;
  readonly #gapMs: number;
  readonly #builder: BatchBuilder;
  /** Of the four fields behind the key. */
  readonly #times: readonly (NumberColumnBuilder | null)[];
  readonly #results: readonly (ColumnBuilder | null)[];
  readonly #one = new Int32Array(1);
  #keyIds: Int32Array = new Int32Array(16);

  constructor(step: PlanStep, keys: KeyTable, keyFields: number, aggregates: AggregateSet, sessions: SessionStore, gapMs: number) {
    this.#keys = keys;
    this.#keyFields = keyFields;
    this.#aggregates = aggregates;
    this.#sessions = sessions;
    this.#gapMs = gapMs;
    const live = step.liveFields.out;
    this.#builder = createBatchBuilder(step.outputs.out.fields, live === undefined ? {} : { live });
    this.#times = this.#builder.columns
      .slice(keyFields, keyFields + 4)
      .map((column) => (column instanceof NumberColumnBuilder ? column : null));
    this.#results = this.#builder.columns.slice(keyFields + 4);
  }

  /** Adds a row for each of `sessions[0…count)`, all of one `RowKind`. */
  add(sessions: Int32Array, count: number, kind: number, out: Collector): void {
    for (let from = 0, to = 0; from < count; from = to) {
      to = Math.min(count, from + this.#builder.free);
      this.#write(sessions, from, to, this.#builder.rows, kind);
      this.#builder.commit(to - from);
      if (this.#builder.free === 0) this.flush(out);
    }
  }

  addOne(session: number, kind: number, out: Collector): void {
    this.#one[0] = session;
    this.add(this.#one, 1, kind, out);
  }

  /** A pair of rows that takes a session back and says it anew after `change`, which leaves its times as they are; nothing when all is as before. */
  replace(session: number, change: () => void, out: Collector): void {
    if (this.#builder.free < 2) this.flush(out);
    const row = this.#builder.rows;
    this.#one[0] = session;
    this.#write(this.#one, 0, 1, row, RowKind.updateBefore);
    change();
    this.#write(this.#one, 0, 1, row + 1, RowKind.updateAfter);
    if (this.#results.every((column) => column === null || column.sameRows(row, row + 1))) return;
    this.#builder.commit(2);
    if (this.#builder.free === 0) this.flush(out);
  }

  /** Emits what has been collected. */
  flush(out: Collector): void {
    if (this.#builder.rows > 0) out.emit(0, this.#builder.build());
  }

  #write(sessions: Int32Array, from: number, to: number, row: number, kind: number): void {
    const { columns, time } = this.#builder;
    const { first, last, key } = this.#sessions;
    const count = to - from;
    if (this.#keyIds.length < count) this.#keyIds = new Int32Array(this.#builder.capacity);
    for (let i = 0; i < count; i++) this.#keyIds[i] = key[sessions[from + i]];
    for (let field = 0; field < this.#keyFields; field++) {
      const column = columns[field];
      if (column !== null) this.#keys.write(field, this.#keyIds, 0, count, column, row);
    }
    const [start, end, lastTime, duration] = this.#times;
    for (let i = 0; i < count; i++) {
      const begun = first[sessions[from + i]];
      const seen = last[sessions[from + i]];
      start?.setNumber(row + i, begun);
      end?.setNumber(row + i, seen + this.#gapMs);
      lastTime?.setNumber(row + i, seen);
      duration?.setNumber(row + i, seen - begun);
      time[row + i] = seen + this.#gapMs - 1;
      this.#builder.setKind(row + i, kind);
    }
    this.#aggregates.write(sessions, sessions, from, to, this.#results, row);
  }
}
