import { bigintType, type Field, timestampType } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";
import type { ExpressionFacts } from "./derive-type.ts";
import type { PaneOperator } from "./pane-operator.ts";
import { aggregateFields, keyOf } from "./record-type.ts";

/** The fields that say to which window a record belongs. */
export const windowFields: readonly Field[] = [
  { name: "window_start", type: timestampType },
  { name: "window_end", type: timestampType },
];

/** Types of all output ports of a pane operator; null when they cannot be told. */
export function paneTypes<E, I>(
  operator: PaneOperator<E, I>,
  input: StreamType,
  factsOf: (expression: E) => ExpressionFacts | null,
): Readonly<Record<string, StreamType>> | null {
  const key = keyOf(operator.keyBy, input);
  if (key === null) return null;
  if (operator.op === "assign-windows") {
    const fields = [...assignedFields(input).map((i) => input.fields[i]), ...windowFields];
    // The event time is window_end - 1, which no field holds.
    return { out: { ...input, fields, timeField: null }, late: input };
  }
  const results = aggregateFields(operator.aggregates, factsOf);
  if (results === null) return null;
  const keyFields = input.fields.filter((field) => key.includes(field.name));
  const ordered = key.map((name) => keyFields.find((field) => field.name === name)).filter((field) => field !== undefined);
  const lead: readonly Field[] = operator.op === "count-window" ? [{ name: "window_id", type: bigintType }] : [];
  const changelog = operator.op === "count-window" ? "append" : operator.output;
  return { out: { fields: [...ordered, ...lead, ...results], time: input.time, timeField: null, changelog, key } };
}

/** Indexes of the input fields that stay beside the window; those of its names are replaced. */
export function assignedFields(input: StreamType): readonly number[] {
  const indexes = input.fields.map((_field, i) => i);
  return indexes.filter((i) => windowFields.every((field) => field.name !== input.fields[i].name));
}
