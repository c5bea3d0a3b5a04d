import type { Field, FieldType } from "@millrace/engine";
import type { LiveRowEntry } from "../../../live/live-event.ts";

export interface TableColumn {
  readonly name: string;
  /** Unknown for a field that the deployed pipeline does not declare. */
  readonly type: FieldType | undefined;
  /** Right-aligned. */
  readonly isNumeric: boolean;
}

/** Most columns that a table shows. */
const maxColumns = 60;

/** The columns of some rows: the declared fields in their order, then whatever else the rows hold. */
export function tableColumns(entries: readonly LiveRowEntry[], declared: readonly Field[]): readonly TableColumn[] {
  const columns = new Map<string, TableColumn>();
  for (const { name, type } of declared) columns.set(name, { name, type, isNumeric: type.kind === "bigint" || type.kind === "double" });
  for (const { row } of entries) {
    for (const [name, value] of Object.entries(row)) {
      if (!columns.has(name)) columns.set(name, { name, type: undefined, isNumeric: typeof value === "number" });
    }
  }
  return [...columns.values()].slice(0, maxColumns);
}

/** How wide a column is, px: by the type of its values and never less than its name needs. */
export function columnWidthPx({ name, type }: TableColumn): number {
  const byType = type === undefined ? 160 : (widths[type.kind] ?? 160);
  return Math.max(byType, name.length * 8 + 28);
}

const widths: Partial<Record<FieldType["kind"], number>> = {
  boolean: 80,
  bigint: 104,
  double: 112,
  timestamp: 128,
  interval: 112,
  string: 176,
  json: 240,
};
