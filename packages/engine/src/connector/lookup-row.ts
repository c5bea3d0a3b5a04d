import { cellFromJson, cellFromText, Misfit } from "../column/cell-value.ts";
import type { Field } from "../types/field-type.ts";
import type { LookupAnswer } from "./lookup-port.ts";

/** An answer out of a JSON object: members by field name; what is missing is NULL, what does not fit its type fails the question. */
export function lookupRow(fields: readonly Field[], row: Readonly<Record<string, unknown>>): LookupAnswer {
  return answerOf(fields, (field) => cellFromJson(field.name, field.type, Object.hasOwn(row, field.name) ? row[field.name] : null));
}

/** An answer out of texts by field name; null, undefined and, but for strings, empty texts are NULL. */
export function lookupTextRow(fields: readonly Field[], texts: readonly (string | null | undefined)[]): LookupAnswer {
  return answerOf(fields, (field, i) => {
    const text = texts[i];
    return text === null || text === undefined ? null : cellFromText(field.name, field.type, text);
  });
}

function answerOf(fields: readonly Field[], cellOf: (field: Field, i: number) => unknown): LookupAnswer {
  const values: unknown[] = [];
  for (const [i, field] of fields.entries()) {
    const cell = cellOf(field, i);
    if (cell instanceof Misfit) return { kind: "failed", reason: cell.reason };
    values.push(cell);
  }
  return { kind: "row", values };
}
