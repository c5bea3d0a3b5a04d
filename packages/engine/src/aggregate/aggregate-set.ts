import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { compileKernel, compilePredicate } from "../expression/compile-kernel.ts";
import type { Kernel, Predicate } from "../expression/kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { AggregateSpec } from "../plan/logical-operator.ts";
import { DirtyRows } from "../state/dirty-rows.ts";
import { IdPool } from "../state/id-pool.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { Accumulator } from "./accumulator.ts";
import { createAccumulator } from "./aggregate-table.ts";
import { type RunningTotal, RunningTotals } from "./running-totals.ts";

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
  /** Slots that records were added to. Slots that follow from others are not marked: they are in no snapshot. */
  readonly #dirty = new DirtyRows();
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
    if (slot >= this.#reserved) this.#reserve();
    return slot;
  }

  /** `count` empty slots. */
  allocateAll(into: Int32Array, count: number): void {
    this.#pool.takeAll(into, count);
    if (this.#pool.capacity > this.#reserved) this.#reserve();
  }

  #reserve(): void {
    this.#reserved = Math.max(64, this.#reserved * 2, this.#pool.capacity);
    for (const { accumulator } of this.#members) accumulator.reserve(this.#reserved);
  }

  /** Empties `slots[0…count)` and gives them back. */
  free(slots: Int32Array, count: number): void {
    for (const { accumulator } of this.#members) accumulator.clear(slots, count);
    this.#pool.giveAll(slots, count);
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
    if (part === "all") this.#dirty.markAll(slots, 0, count);
    for (const member of this.#members) {
      if (part !== "all" && (member.accumulator.subtract === null) !== (part === "mergeable")) continue;
      this.#addTo(member, batch, slots, rows, count);
    }
  }

  #addTo({ accumulator, column, filter, mask }: Member, batch: Batch, slots: Int32Array, rows: Int32Array, count: number): void {
    if (filter === null) {
      accumulator.add(slots, rows, count, column, batch.time);
      return;
    }
    let kept = 0;
    for (let p = 0; p < count; p++) {
      if (mask[rows[p]] === 0) continue;
      this.#rows[kept] = rows[p];
      this.#slots[kept++] = slots[p];
    }
    accumulator.add(this.#slots, this.#rows, kept, column, batch.time);
  }

  /** As `add`, with the records at `rows[from…to)` for one slot. */
  addToOne(batch: Batch, slot: number, rows: Int32Array, from: number, to: number): void {
    this.#dirty.mark(slot);
    let filled = false;
    for (const member of this.#members) {
      const { accumulator, column } = member;
      if (member.filter === null && accumulator.addToOne !== undefined) {
        accumulator.addToOne(slot, rows, from, to, column);
        continue;
      }
      if (!filled) this.#slots.fill(slot, 0, to - from);
      // Its rows and slots are written over where there is a filter.
      filled = member.filter === null;
      this.#addTo(member, batch, this.#slots, from === 0 ? rows : rows.subarray(from, to), to - from);
    }
  }

  /** All members as running totals in rows, from `firstInt` on; null where one of them cannot be. */
  runningTotals(firstInt: number): RunningTotals | null {
    const totals: RunningTotal[] = [];
    for (const { accumulator } of this.#members) if (accumulator.running?.isExact) totals.push(accumulator.running);
    return totals.length < this.#members.length ? null : new RunningTotals(totals, firstInt);
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

  /** Notes that what `slots[0…count)` hold has changed other than by `add`. */
  mark(slots: Int32Array, count: number): void {
    this.#dirty.markAll(slots, 0, count);
  }

  /** Puts all slots into tables of this name, and with them `others`, columns of the owner by slot. */
  save(writer: SnapshotWriter, name: string, others: readonly StateColumn[] = []): void {
    const [rows, pool, dirty] = [this.capacity, this.#pool, this.#dirty];
    const columns = [...others];
    this.#members.forEach(({ accumulator }, i) => {
      if (accumulator.columns !== undefined) columns.push(...accumulator.columns);
      else {
        const write = accumulator.snapshot.bind(accumulator);
        writer.table({ kind: "opaque", name: `${name}.${i}`, rows, pool, dirty, write });
      }
    });
    writer.table({ kind: "columns", name, rows, pool, dirty, columns });
  }

  /**
   * Reads what `save` wrote into an empty set. `usedOf` says which slots are in use, given the table; all others are
   * made empty.
   */
  load(reader: SnapshotReader, name: string, usedOf: (table: RestoredTable) => Int32Array): void {
    const table = reader.table(name);
    const used = usedOf(table);
    const stored = this.#stored(reader);
    const columnCounts = stored.map(({ accumulator }) => accumulator.columns?.length ?? 0);
    let first = table.width === 0 ? 0 : table.width - columnCounts.reduce((sum, count) => sum + count, 0);
    const patches = stored.map((_, i) => reader.opaque(`${name}.${i}`));
    const highest = patches.flat().reduce((most, { rows }) => Math.max(most, rows.at(-1) ?? 0), 0);
    this.#reserved = Math.max(64, table.rows, highest + 1);
    stored.forEach(({ accumulator }, i) => {
      if (columnCounts[i] > 0) accumulator.adopt?.(table, first);
      first += columnCounts[i];
      accumulator.reserve(this.#reserved);
      for (const { rows, bytes } of patches[i]) {
        accumulator.clear(rows, rows.length);
        accumulator.restore(new SnapshotReader(bytes), rows, rows.length);
      }
    });
    this.#startEmpty(stored);
    this.#restorePool(used);
  }

  /** The members that a snapshot holds, in the order in which it does. */
  #stored({ aggregates }: SnapshotReader): readonly Member[] {
    if (aggregates === null) return this.#members;
    const placed = this.#members.map((member, i) => ({ member, place: aggregates[i] }));
    return placed
      .filter(({ place }) => place >= 0)
      .sort((a, b) => a.place - b.place)
      .map(({ member }) => member);
  }

  /** Makes room in the members that a snapshot does not hold. */
  #startEmpty(stored: readonly Member[]): void {
    const added = this.#members.filter((member) => !stored.includes(member));
    if (added.length === 0) return;
    const all = Int32Array.from({ length: this.#reserved }, (_, slot) => slot);
    for (const { accumulator } of added) {
      accumulator.reserve(this.#reserved);
      accumulator.clear(all, all.length);
    }
  }

  #restorePool(used: Int32Array): void {
    const isUsed = new Uint8Array(this.#reserved);
    for (const slot of used) isUsed[slot] = 1;
    const unused = new Int32Array(this.#reserved - used.length);
    let count = 0;
    for (let slot = 0; slot < this.#reserved; slot++) if (isUsed[slot] === 0) unused[count++] = slot;
    for (const { accumulator } of this.#members) accumulator.clear(unused, count);
    isUsed[0] = 1;
    const taken = new Int32Array(used.length + 1);
    let at = 0;
    for (let slot = 0; slot < this.#reserved; slot++) if (isUsed[slot] === 1) taken[at++] = slot;
    this.#pool.restore(taken);
  }

  /** Fills allocated, empty slots with what `snapshot` wrote for as many. */
  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    for (const { accumulator } of this.#stored(reader)) accumulator.restore(reader, slots, count);
    this.mark(slots, count);
  }
}

function createMember(spec: AggregateSpec<TypedExpression>): Member {
  return {
    accumulator: createAccumulator(spec.fn, spec.argument?.type ?? null, spec),
    argument: spec.argument === null ? null : compileKernel(spec.argument),
    filter: spec.filter === null ? null : compilePredicate(spec.filter),
    mask: new Uint8Array(spec.filter === null ? 0 : maxBatchRows),
    column: null,
  };
}
