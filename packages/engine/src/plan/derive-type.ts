import { aggregateResultType } from "../aggregate/aggregate-table.ts";
import { isKeyable } from "../state/value-table.ts";
import { type Field, type FieldType, intervalType, stringType, timestampType } from "../types/field-type.ts";
import { type Changelog, fieldIndex, type StreamType } from "../types/stream-type.ts";
import { flagTypes } from "./flag-operator.ts";
import { joinTypes, lookupTypes, strictType } from "./join-type.ts";
import type { LogicalOperator, Project, Source, WindowAggregate } from "./logical-operator.ts";
import { operatorPorts } from "./map-operator.ts";
import { paneTypes } from "./pane-type.ts";
import type { PatternMatch } from "./pattern-operator.ts";
import { recordTypes } from "./record-type.ts";

/** What is known of an expression while types are derived. */
export interface ExpressionFacts {
  readonly type: FieldType;
  /** Name of the field when the expression is nothing but that field. */
  readonly field: string | null;
}

/**
 * Types of all output ports of an operator, by port, from the types of its inputs in order. Null when
 * they cannot be told: an expression whose type `factsOf` does not know, a key field that is not there,
 * an input that is missing.
 */
export function deriveTypes<E, I>(
  operator: LogicalOperator<E, I>,
  inputs: readonly StreamType[],
  factsOf: (expression: E) => ExpressionFacts | null,
): Readonly<Record<string, StreamType>> | null {
  if (operator.op === "source") return byPort({ out: sourceType(operator), dead_letter: deadLetterType });
  const input = inputs.at(0);
  if (input === undefined) return operator.op === "sink" ? byPort({}) : null;
  switch (operator.op) {
    case "filter":
      return byPort({ out: input, ...strictType(operator, input) });
    case "project": {
      const out = projectType(operator, input, factsOf);
      return out === null ? null : byPort({ out, dead_letter: input, ...strictType(operator, input) });
    }
    case "key-by":
      return byPort({ out: { ...input, key: operator.fields.filter((name) => fieldIndex(input, name) !== -1) } });
    case "window-aggregate": {
      const out = windowType(operator, input, factsOf);
      return out === null ? null : byPort({ out, late: input });
    }
    case "branch":
      return byPort({ ...Object.fromEntries(operatorPorts(operator).map((port) => [port, input])), ...strictType(operator, input) });
    case "union":
      return byPort({ out: unionType(inputs) });
    case "threshold-alert":
      return byPort({
        out: { ...input, fields: [...alertFields, ...input.fields], changelog: "append", key: windowKey(operator, input) },
        ...strictType(operator, input),
      });
    case "feature-flag": {
      const types = flagTypes(input, windowKey(operator, input));
      return types === null ? null : byPort({ ...types, ...strictType(operator, input) });
    }
    case "interval-join":
    case "window-join":
    case "snapshot-join":
    case "regular-join":
    case "temporal-join": {
      const right = inputs.at(1);
      return right === undefined ? null : byPort(joinTypes(operator, input, right));
    }
    case "deduplicate":
    case "rate-limit":
    case "sample":
    case "unnest":
    case "top-n":
    case "look-back": {
      const types = recordTypes(operator, input, factsOf);
      return types === null ? null : byPort(types);
    }
    case "running-aggregate":
    case "count-window":
    case "assign-windows": {
      const types = paneTypes(operator, input, factsOf);
      return types === null ? null : byPort(types);
    }
    case "lookup-join": {
      const types = lookupTypes(operator, input);
      return operator.keys.every((key) => isKeyable(factsOf(key.value)?.type ?? stringType)) ? byPort(types) : null;
    }
    case "pattern-match": {
      const out = patternType(operator, input, factsOf);
      return out === null ? null : byPort({ out, timeout: out, late: input, ...strictType(operator, input) });
    }
    case "sink":
      return byPort({});
  }
}

/** The fields that a threshold alert puts before those of its input. */
export const alertFields: readonly Field[] = [
  { name: "alert_key", type: stringType },
  { name: "transition", type: stringType },
  { name: "severity", type: stringType },
  { name: "title", type: stringType },
  { name: "raised_at", type: timestampType },
  { name: "at", type: timestampType },
];

/** Records that a source could not decode. */
const deadLetterType: StreamType = {
  fields: ["position", "reason", "raw"].map((name) => ({ name, type: stringType })),
  time: "none",
  timeField: null,
  changelog: "append",
  key: [],
};

function sourceType(source: Source<unknown>): StreamType {
  const time = source.watermark.kind === "bounded" || source.watermark.kind === "punctuated" ? "event" : source.watermark.kind;
  return { fields: source.fields, time, timeField: time === "event" ? source.timeField : null, changelog: "append", key: [] };
}

function projectType<E, I>(
  operator: Project<E, I>,
  input: StreamType,
  factsOf: (expression: E) => ExpressionFacts | null,
): StreamType | null {
  const fields: Field[] = [];
  /** What the fields that are merely passed on, or renamed, are called now. */
  const renamed = new Map<string, string>();
  for (const { name, value } of operator.fields) {
    const facts = factsOf(value);
    if (facts === null) return null;
    fields.push({ name, type: facts.type });
    if (facts.field !== null && !renamed.has(facts.field)) renamed.set(facts.field, name);
  }
  const key = input.key.map((name) => renamed.get(name)).filter((name) => name !== undefined);
  return {
    fields,
    time: input.time,
    timeField: input.timeField === null ? null : (renamed.get(input.timeField) ?? null),
    changelog: input.changelog,
    key: key.length === input.key.length ? key : [],
  };
}

function windowType<E, I>(
  operator: WindowAggregate<E, I>,
  input: StreamType,
  factsOf: (expression: E) => ExpressionFacts | null,
): StreamType | null {
  const key = windowKey(operator, input);
  const fields: Field[] = [];
  for (const name of key) {
    const field = input.fields.find((candidate) => candidate.name === name);
    if (field === undefined) return null;
    fields.push(field);
  }
  fields.push({ name: "window_start", type: timestampType }, { name: "window_end", type: timestampType });
  if (operator.window.kind === "session")
    fields.push({ name: "last_event_time", type: timestampType }, { name: "duration", type: intervalType });
  for (const { as, fn, argument } of operator.aggregates) {
    const facts = argument === null ? null : factsOf(argument);
    const type = argument !== null && facts === null ? null : aggregateResultType(fn, facts?.type ?? null);
    if (type === null) return null;
    fields.push({ name: as, type });
  }
  // The event time is window_end - 1, which no field holds.
  return { fields, time: operator.time ?? input.time, timeField: null, changelog: operator.output, key };
}

function patternType<E, I>(
  operator: PatternMatch<E, I>,
  input: StreamType,
  factsOf: (expression: E) => ExpressionFacts | null,
): StreamType | null {
  const key = windowKey(operator, input);
  const fields = key.map((name) => input.fields.find((candidate) => candidate.name === name)).filter((field) => field !== undefined);
  if (fields.length < key.length) return null;
  fields.push({ name: "match_start", type: timestampType }, { name: "match_end", type: timestampType });
  for (const { name, value } of operator.measures) {
    const facts = factsOf(value);
    if (facts === null) return null;
    fields.push({ name, type: facts.type });
  }
  // The event time is that at which the match was complete, or its time over, which no field holds.
  return { fields, time: input.time, timeField: null, changelog: "append", key };
}

/** Names of the fields by which a window, or an alert, keeps its state: its own, else those of its input. */
export function windowKey(operator: { readonly keyBy: readonly string[] }, input: StreamType): readonly string[] {
  return operator.keyBy.length > 0 ? operator.keyBy : input.key;
}

function unionType(inputs: readonly StreamType[]): StreamType {
  const first = inputs[0];
  const agree = <T>(of: (type: StreamType) => T, otherwise: T): T =>
    inputs.every((type) => Object.is(of(type), of(first))) ? of(first) : otherwise;
  return {
    fields: first.fields,
    time: agree((type) => type.time, "none"),
    timeField: agree((type) => type.timeField, null),
    changelog: inputs.map((type) => type.changelog).reduce(weaker),
    key: agree((type) => type.key.join("\0"), "\0") === first.key.join("\0") ? first.key : [],
  };
}

const strength: Readonly<Record<Changelog, number>> = { append: 0, update: 1, retract: 2 };

function weaker(a: Changelog, b: Changelog): Changelog {
  return strength[a] >= strength[b] ? a : b;
}

function byPort(types: Readonly<Record<string, StreamType>>): Readonly<Record<string, StreamType>> {
  return Object.assign(Object.create(null) as Record<string, StreamType>, types);
}
