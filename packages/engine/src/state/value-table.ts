import type { Column } from "../column/column.ts";
import { columnKind } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { type FieldType, showType } from "../types/field-type.ts";
import { BooleanTable } from "./boolean-table.ts";
import { NumberTable } from "./number-table.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { StringTable } from "./string-table.ts";

/** What a field of a key holds. */
export type PlainValue = number | boolean | string | null;

/** Ids to which others may refer. */
export interface CountedIds {
  /** All ids are below this. */
  readonly capacity: number;
  /** Ids in use. */
  readonly size: number;
  /** Approximate bytes held. */
  readonly bytes: number;
  /** Adds a reference to an id. */
  retain(id: number): void;
  /** Gives up a reference; with the last one the id is forgotten and may be used for another value. */
  drop(id: number): void;
}

/**
 * Maps the values of one type to dense ids. NULL is a value of its own, -0 is 0, NaN equals NaN.
 */
export interface ValueTable extends CountedIds {
  /** The ids of the values at `rows[0…count)`, into `into`. New values are registered, with no references yet. */
  ids(column: Column, rows: Int32Array, count: number, into: Int32Array): void;
  /** The ids of the values at `rows[0…count)`, into `into`; -1 of those that are not registered. */
  find(column: Column, rows: Int32Array, count: number, into: Int32Array): void;
  /** The id of a plain value of the type of the table, registered when it is new. */
  idOf(value: PlainValue): number;
  /** Forgets an id without references. */
  forget(id: number): void;
  /** The plain value: number, boolean, string or null. */
  value(id: number): PlainValue;
  /** Writes the value of an id into a result column. */
  write(id: number, into: ColumnBuilder, row: number): void;
  /** `name`: of the table that large state goes into. */
  snapshot(writer: SnapshotWriter, name: string): void;
  /** Reads what `snapshot` of this or any earlier version wrote. */
  restore(reader: SnapshotReader, name: string): void;
}

/** True for types whose values can be told apart cheaply: keys, and what `count_distinct` takes. */
export function isKeyable(type: FieldType): boolean {
  return columnKind(type) !== "object";
}

/** An empty table for values of `type`, which must be keyable. */
export function createValueTable(type: FieldType): ValueTable {
  switch (columnKind(type)) {
    case "number":
      return new NumberTable();
    case "boolean":
      return new BooleanTable();
    case "string":
      return new StringTable();
    case "object":
      throw new Error(`values of type ${showType(type)} cannot be keys`);
  }
}
