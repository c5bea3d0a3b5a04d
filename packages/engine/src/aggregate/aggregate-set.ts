import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { compileKernel, compilePredicate } from "../expression/compile-kernel.ts";
import type { Kernel, Predicate } from "../expression/kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { AggregateSpec } from "../plan/logical-operator.ts";
import { IdPool } from "../state/id-pool.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Accumulator } from "./accumulator.ts";
import { createAccumulator } from "./aggregate-table.ts";

/** One aggregate of a set. */
interface Member {
  readonly accumulator: Accumulator;
  readonly argument: Kernel | null;
  readonly filter: Predicate | null;
  /** 1 at the rows of the batch that pass the filter. */
  readonly mask: Uint8Array;
  column: Column | null;
}

/** Which members of a set: those that can be subtracted again, or those that can only be merged. */
export type AggregatePart = "subtractable" | "mergeable";

/**
 * The aggregates of one operator over common slots. A slot is allocated empty and freed empty; slot 0 is
 * nobody's and stays empty. See `Accumulator`.
 */
export class AggregateSet {
  readonly #members: readonly Member[];
  readonly #parts: Readonly<Record<AggregatePart, readonly Accumulator[]>>;
  readonly #pool = new IdPool();
  #reserved = 0;
  readonly #selection = new Int32Array(maxBatchRows);
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);

  constructor(specs: readonly AggregateSpec<TypedExpression>[]) {
    this.#members = specs.map(createMember);
    const accumulators = this.#members.map((member) => member.accumulator);
    this.#parts = {
      subtractable: accumulators.filter((accumulator) => accumulator.subtract !== null),
      mergeable: accumulators.filter((accumulator) => accumulator.subtract === null),
    };
    this.allocate();
  }

  /** True when the set has members of a part. */
  has(part: AggregatePart): boolean {
    return this.#parts[part].length > 0;
  }

  /** All slots are below this. */
  get capacity(): number {
    return this.#pool.capacity;
  }

  /** Approximate bytes of the slots in use. */
  get bytes(): number {
    let bytes = 0;
    for (const { accumulator } of this.#members) bytes += accumulator.slotBytes * this.#pool.size + (accumulator.sharedBytes ?? 0);
    return bytes;
  }

  /** An empty slot. */
  allocate(): number {
    const slot = this.#pool.take();
    if (slot >= this.#reserved) {
      this.#reserved = Math.max(64, this.#reserved * 2);
      for (const { accumulator } of this.#members) accumulator.reserve(this.#reserved);
    }
    return slot;
  }

  /** Empties `slots[0…count)` and gives them back. */
  free(slots: Int32Array, count: number): void {
    for (const { accumulator } of this.#members) accumulator.clear(slots, count);
    for (let p = 0; p < count; p++) this.#pool.give(slots[p]);
  }

  /** Evaluates arguments and filters for a batch; `add` then adds rows of it. */
  begin(batch: Batch): void {
    for (const member of this.#members) {
      member.accumulator.begin?.();
      member.column = member.argument === null ? null : member.argument(batch);
      if (member.filter === null) continue;
      member.mask.fill(0);
      const passing = member.filter(batch, this.#selection);
      for (let i = 0; i < passing; i++) member.mask[this.#selection[i]] = 1;
    }
  }

  /** Adds the records at `rows[0…count)` of the batch given to `begin` to `slots[0…count)`; to one part only when that is named. */
  add(batch: Batch, slots: Int32Array, rows: Int32Array, count: number, part: AggregatePart | "all" = "all"): void {
    for (const { accumulator, column, filter, mask } of this.#members) {
      if (part !== "all" && (accumulator.subtract === null) !== (part === "mergeable")) continue;
      if (filter === null) {
        accumulator.add(slots, rows, count, column, batch.time);
        continue;
      }
      let kept = 0;
      for (let p = 0; p < count; p++) {
        if (mask[rows[p]] === 0) continue;
        this.#rows[kept] = rows[p];
        this.#slots[kept++] = slots[p];
      }
      accumulator.add(this.#slots, this.#rows, kept, column, batch.time);
    }
  }

  merge(part: AggregatePart, into: Int32Array, from: Int32Array, count: number): void {
    for (const accumulator of this.#parts[part]) accumulator.merge(into, from, count);
  }

  /** Takes merged slots out again, of the part that can. */
  subtract(into: Int32Array, from: Int32Array, count: number): void {
    for (const accumulator of this.#parts.subtractable) accumulator.subtract?.(into, from, count);
  }

  clear(part: AggregatePart, slots: Int32Array, count: number): void {
    for (const accumulator of this.#parts[part]) accumulator.clear(slots, count);
  }

  /**
   * Writes results from row `row` on, a column for each aggregate (null: not wanted): those of the one part from
   * `subtractable[from…to)`, the others from `mergeable[from…to)`.
   */
  write(
    subtractable: Int32Array,
    mergeable: Int32Array,
    from: number,
    to: number,
    into: readonly (ColumnBuilder | null)[],
    row: number,
  ): void {
    this.#members.forEach(({ accumulator }, i) => {
      const column = into[i];
      if (column !== null) accumulator.write(accumulator.subtract === null ? mergeable : subtractable, from, to, column, row);
    });
  }

  /** Writes what `slots[0…count)` hold. */
  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    for (const { accumulator } of this.#members) accumulator.snapshot(writer, slots, count);
  }

  /** Fills allocated, empty slots with what `snapshot` wrote for as many. */
  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    for (const { accumulator } of this.#members) accumulator.restore(reader, slots, count);
  }
}

function createMember(spec: AggregateSpec<TypedExpression>): Member {
  return {
    accumulator: createAccumulator(spec.fn, spec.argument?.type ?? null),
    argument: spec.argument === null ? null : compileKernel(spec.argument),
    filter: spec.filter === null ? null : compilePredicate(spec.filter),
    mask: new Uint8Array(spec.filter === null ? 0 : maxBatchRows),
    column: null,
  };
}
