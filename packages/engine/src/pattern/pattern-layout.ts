import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Field } from "../types/field-type.ts";
import { readStageAggregate, type StageFunction } from "./stage-aggregate.ts";

/** A stage aggregate over what is kept of events. */
export interface KeptAggregate {
  readonly fn: StageFunction;
  readonly stage: string;
  /** Index among the kept fields; -1 = events are counted. */
  readonly field: number;
}

/** What a pattern keeps of events, and the rows over which its expressions are evaluated. */
export interface PatternLayout {
  /** Indexes of the input fields that are kept. */
  readonly kept: readonly number[];
  readonly keptFields: readonly Field[];
  /** They stand behind the kept fields in a row. */
  readonly aggregates: readonly KeptAggregate[];
  readonly rowFields: readonly Field[];
}

type FieldExpression = Extract<TypedExpression, { readonly kind: "field" }>;

/** The layout for expressions over `inputFields` and stage aggregates. Kept fields are in the order of the input. */
export function patternLayout(expressions: readonly TypedExpression[], inputFields: readonly Field[]): PatternLayout {
  const read = expressions.flatMap(fieldsIn);
  const aggregates = new Map<string, Field>();
  const names = new Set<string>();
  for (const { index, name, type } of read) {
    if (index < inputFields.length) {
      names.add(name);
      continue;
    }
    aggregates.set(name, { name, type });
    const { field } = readStageAggregate(name);
    if (field !== null) names.add(field);
  }
  const kept = inputFields.flatMap((field, i) => (names.has(field.name) ? [i] : []));
  const keptFields = kept.map((i) => inputFields[i]);
  return {
    kept,
    keptFields,
    aggregates: [...aggregates.keys()].map((name): KeptAggregate => {
      const { fn, stage, field } = readStageAggregate(name);
      return { fn, stage, field: field === null ? -1 : keptFields.findIndex((candidate) => candidate.name === field) };
    }),
    rowFields: [...keptFields, ...aggregates.values()],
  };
}

/** The expression over rows of a layout. */
export function overRows(expression: TypedExpression, layout: PatternLayout): TypedExpression {
  switch (expression.kind) {
    case "literal":
      return expression;
    case "field":
      return { ...expression, index: layout.rowFields.findIndex((field) => field.name === expression.name) };
    case "call":
      return { ...expression, args: expression.args.map((arg) => overRows(arg, layout)) };
  }
}

/** Indexes of the aggregates of a layout that an expression reads. */
export function aggregatesIn(expression: TypedExpression, layout: PatternLayout): readonly number[] {
  const names = new Set(fieldsIn(expression).map((field) => field.name));
  return layout.aggregates.flatMap((_, i) => (names.has(layout.rowFields[layout.keptFields.length + i].name) ? [i] : []));
}

/** True when an expression reads what the match has taken. */
export function readsStages(expression: TypedExpression, inputFields: readonly Field[]): boolean {
  return fieldsIn(expression).some((field) => field.index >= inputFields.length);
}

/** Marks in `live` the fields of the input that an expression of a pattern reads, those of its aggregates too. */
export function markPatternFields(expression: TypedExpression, inputFields: readonly Field[], live: boolean[]): void {
  for (const { index, name } of fieldsIn(expression)) {
    const read = index < inputFields.length ? name : readStageAggregate(name).field;
    const at = inputFields.findIndex((field) => field.name === read);
    if (at >= 0) live[at] = true;
  }
}

function fieldsIn(expression: TypedExpression): readonly FieldExpression[] {
  if (expression.kind === "field") return [expression];
  return expression.kind === "call" ? expression.args.flatMap(fieldsIn) : [];
}
