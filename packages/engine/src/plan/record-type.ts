import { aggregateResultType } from "../aggregate/aggregate-table.ts";
import type { Field } from "../types/field-type.ts";
import { fieldIndex, type StreamType } from "../types/stream-type.ts";
import type { ExpressionFacts } from "./derive-type.ts";
import type { AggregateSpec } from "./logical-operator.ts";
import type { RecordOperator } from "./record-operator.ts";

/** Types of all output ports of a record operator; null when they cannot be told. */
export function recordTypes<E, I>(
  operator: RecordOperator<E, I>,
  input: StreamType,
  factsOf: (expression: E) => ExpressionFacts | null,
): Readonly<Record<string, StreamType>> | null {
  switch (operator.op) {
    case "deduplicate": {
      const key = keyOf(operator.keyBy, input);
      if (key === null) return null;
      return { out: operator.keep === "first" ? input : { ...input, changelog: "update", key }, late: input };
    }
    case "look-back": {
      const key = keyOf(operator.keyBy, input);
      const results = aggregateFields(operator.aggregates, factsOf);
      if (key === null || results === null) return null;
      return { out: { ...input, fields: [...input.fields, ...results], key }, late: input };
    }
  }
}

/** The key fields of a keyed operator; null when the input lacks one of them. */
function keyOf(keyBy: readonly string[], input: StreamType): readonly string[] | null {
  const key = keyBy.length > 0 ? keyBy : input.key;
  return key.every((name) => fieldIndex(input, name) !== -1) ? key : null;
}

/** The result fields of aggregates; null when a type cannot be told. */
function aggregateFields<E>(
  aggregates: readonly AggregateSpec<E>[],
  factsOf: (expression: E) => ExpressionFacts | null,
): readonly Field[] | null {
  const fields: Field[] = [];
  for (const { as, fn, argument } of aggregates) {
    const facts = argument === null ? null : factsOf(argument);
    const type = argument !== null && facts === null ? null : aggregateResultType(fn, facts?.type ?? null);
    if (type === null) return null;
    fields.push({ name: as, type });
  }
  return fields;
}
