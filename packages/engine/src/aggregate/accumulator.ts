import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { RunningTotal } from "./running-totals.ts";

/**
 * One aggregate of many groups, by column: each group has a slot, an index into typed arrays. Who holds the
 * slots decides which group has which. Slot 0 belongs to no group and stays empty: merging it changes nothing.
 */
export interface Accumulator {
  /** Approximate bytes of one slot. */
  readonly slotBytes: number;
  /** Approximate bytes held beside the slots. */
  readonly sharedBytes?: number;
  /** Makes the slots below `slots` usable; new ones are empty. */
  reserve(slots: number): void;
  /** The rows that are added from now on are of another batch. Optional: for what depends on the order of arrival. */
  begin?(): void;
  /** Adds the record at `rows[p]` to `slots[p]`, in order of p. `column` is the argument, null for records; NULLs are ignored. */
  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null, time: Float64Array): void;
  /** Adds the records at `rows[from…to)` to one slot, as `add` would. Optional: for what goes faster so. */
  addToOne?(slot: number, rows: Int32Array, from: number, to: number, column: Column | null): void;
  /** Adds what `from[p]` holds to `into[p]`. */
  merge(into: Int32Array, from: Int32Array, count: number): void;
  /** Takes what was merged out again, leaving exactly what was there before; null when that cannot be done. */
  readonly subtract: ((into: Int32Array, from: Int32Array, count: number) => void) | null;
  /** Keeps totals in rows instead of in slots; null or left out where that cannot be. */
  readonly running?: RunningTotal | null;
  clear(slots: Int32Array, count: number): void;
  /** Writes the results of `slots[from…to)` into a result column, from row `row` on. */
  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void;
  /** By slot, all that it holds, as it is now; left out where that is no plain columns. */
  readonly columns?: readonly StateColumn[] | undefined;
  /** Goes on with columns as `columns` gives them, which begin at `first` in the table. */
  adopt?(table: RestoredTable, first: number): void;
  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void;
  /** Fills empty slots with what `snapshot` wrote for as many. */
  restore(reader: SnapshotReader, slots: Int32Array, count: number): void;
}
