import { aggregateResultType } from "../aggregate/aggregate-table.ts";
import { bigintType, type Field, type FieldType, timestampType } from "../types/field-type.ts";
import { fieldIndex, type StreamType } from "../types/stream-type.ts";
import type { ExpressionFacts } from "./derive-type.ts";
import { strictType } from "./join-type.ts";
import type { AggregateSpec } from "./logical-operator.ts";
import type { RecordOperator, TopN, Unnest } from "./record-operator.ts";

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
    case "top-n":
      return topNTypes(operator, input, factsOf);
    case "unnest": {
      const out = unnestType(operator, input);
      return out === null ? null : { out, ...strictType(operator, input) };
    }
    case "sample":
      if (keyOf(operator.keyBy, input) === null) return null;
      return operator.rest === true ? { out: input, rest: input } : { out: input };
    case "rate-limit":
      return keyOf(operator.keyBy, input) === null ? null : { out: input, over: input, late: input };
  }
}

/** The fields that a top n puts before those of its input. */
export const rankFields: readonly Field[] = [
  { name: "window_start", type: timestampType },
  { name: "window_end", type: timestampType },
  { name: "rank", type: bigintType },
];

/** Indexes of the input fields that a top n keeps; those that it writes itself replace fields of their names. */
export function rankedFields(input: StreamType): readonly number[] {
  const indexes = input.fields.map((_field, i) => i);
  return indexes.filter((i) => rankFields.every((field) => field.name !== input.fields[i].name));
}

function topNTypes<E, I>(
  operator: TopN<E, I>,
  input: StreamType,
  factsOf: (expression: E) => ExpressionFacts | null,
): Readonly<Record<string, StreamType>> | null {
  const key = keyOf(operator.keyBy, input);
  if (key === null || factsOf(operator.by) === null) return null;
  const fields = [...rankFields, ...rankedFields(input).map((i) => input.fields[i])];
  // The event time is window_end - 1, which no field holds.
  return { out: { fields, time: input.time, timeField: null, changelog: operator.output, key }, late: input };
}

/** Null when the field is not there or holds no arrays. */
function unnestType<I>({ field, as, position }: Unnest<I>, input: StreamType): StreamType | null {
  const element = elementType(input, field);
  if (element === null) return null;
  const fields = input.fields.map((candidate) => (candidate.name === field ? { name: as, type: element } : candidate));
  if (position !== null) fields.push({ name: position, type: bigintType });
  return { ...input, fields };
}

/** The type of the elements of a field; null when it is not there or holds no arrays. */
function elementType(input: StreamType, field: string): FieldType | null {
  const type = input.fields.find((candidate) => candidate.name === field)?.type;
  if (type?.kind === "json") return type;
  return type?.kind === "array" ? type.of : null;
}

/** The key fields of a keyed operator; null when the input lacks one of them. */
export function keyOf(keyBy: readonly string[], input: StreamType): readonly string[] | null {
  const key = keyBy.length > 0 ? keyBy : input.key;
  return key.every((name) => fieldIndex(input, name) !== -1) ? key : null;
}

/** The result fields of aggregates; null when a type cannot be told. */
export function aggregateFields<E>(
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
