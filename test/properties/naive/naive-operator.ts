import type { StreamType } from "@millrace/engine";
import { evaluateExpression } from "@millrace/engine/testing";

/** A record, whole and by itself. */
export interface NaiveRow {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Event time, ms; NaN: none. */
  readonly timeMs: number;
  readonly kind: "+I" | "-U" | "+U" | "-D";
}

export type Emit = (port: string, row: NaiveRow) => void;

/** An operator by the letter of its definition: one record at a time, nothing is ever cleaned up, nothing is fast. */
export interface NaiveOperator {
  row(input: number, row: NaiveRow, emit: Emit): void;
  /** The combined watermark has risen; returns the one that goes on. */
  watermark?(watermark: number, emit: Emit): number;
}

/** The value of an expression for a row of the type. */
export function fieldValue(expression: Parameters<typeof evaluateExpression>[0], type: StreamType, row: NaiveRow): unknown {
  return evaluateExpression(
    expression,
    type.fields.map(({ name }) => row.fields[name]),
  );
}

/** The values of the key fields as one text; `keyBy` empty takes the key of the stream. */
export function keyText(keyBy: readonly string[], type: StreamType, row: NaiveRow): string {
  return JSON.stringify(keyFields(keyBy, type).map((name) => row.fields[name] ?? null));
}

export function keyFields(keyBy: readonly string[], type: StreamType): readonly string[] {
  return keyBy.length > 0 ? keyBy : type.key;
}

/** The fields of `row` that are its key. */
export function keyOf(keyBy: readonly string[], type: StreamType, row: NaiveRow): Record<string, unknown> {
  return Object.fromEntries(keyFields(keyBy, type).map((name) => [name, row.fields[name] ?? null]));
}
