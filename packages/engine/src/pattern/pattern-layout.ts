import { checkExpression } from "../expression/check-expression.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Field } from "../types/field-type.ts";
import { readStageAggregate, type StageArgument, type StageFunction } from "./stage-aggregate.ts";

/** A stage aggregate over what is kept of events. */
export interface KeptAggregate {
  readonly fn: StageFunction;
  /** null: all stages. */
  readonly stage: string | null;
  /** Index among the kept fields; -1 = events are counted. */
  readonly field: number;
  readonly offset: number;
  /** The event that is being tested counts for the stage that tests it. */
  readonly running: boolean;
}

/** What a pattern keeps of events, and the rows over which its expressions are evaluated. */
export interface PatternLayout {
  /** By kept field: a field of the input, or an expression over its fields. */
  readonly kept: readonly TypedExpression[];
  readonly keptFields: readonly Field[];
  /** They stand behind the kept fields in a row. */
  readonly aggregates: readonly KeptAggregate[];
  readonly rowFields: readonly Field[];
}

type FieldExpression = Extract<TypedExpression, { readonly kind: "field" }>;

/** The layout for expressions over `inputFields` and stage aggregates; `also` are names of fields to keep. Kept fields are in the order of the input. */
export function patternLayout(
  expressions: readonly TypedExpression[],
  inputFields: readonly Field[],
  also: readonly string[] = [],
): PatternLayout {
  const read = expressions.flatMap(fieldsIn);
  const aggregates = new Map<string, Field>();
  const names = new Set<string>(also);
  const computed = new Map<string, TypedExpression>();
  for (const { index, name, type } of read) {
    if (index < inputFields.length) {
      names.add(name);
      continue;
    }
    aggregates.set(name, { name, type });
    const { argument } = readStageAggregate(name);
    if (argument?.kind === "field") names.add(argument.name);
    if (argument?.kind === "expression") computed.set(keptName(argument), argumentExpression(argument, inputFields));
  }
  const plain = inputFields.flatMap((field, index) => (names.has(field.name) ? [{ field, index }] : []));
  const keptFields = [...plain.map(({ field }) => field), ...[...computed].map(([name, { type }]) => ({ name, type }))];
  return {
    kept: [
      ...plain.map(({ field, index }) => ({ kind: "field" as const, type: field.type, index, name: field.name, span: noSpan })),
      ...computed.values(),
    ],
    keptFields,
    aggregates: [...aggregates.keys()].map((name): KeptAggregate => {
      const { argument, ...aggregate } = readStageAggregate(name);
      const field = argument === null ? -1 : keptFields.findIndex((candidate) => candidate.name === keptName(argument));
      return { ...aggregate, field };
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
    if (index < inputFields.length) {
      live[index] = true;
      continue;
    }
    const { argument } = readStageAggregate(name);
    if (argument?.kind === "expression") markPatternFields(argumentExpression(argument, inputFields), inputFields, live);
    const at = argument?.kind === "field" ? inputFields.findIndex((field) => field.name === argument.name) : -1;
    if (at >= 0) live[at] = true;
  }
}

const noSpan = { start: 0, end: 0 };

/** No field of records begins so. */
function keptName(argument: StageArgument): string {
  return argument.kind === "field" ? argument.name : `\0${argument.text}`;
}

/** The expression over fields of the input that a stage aggregate is over. */
export function argumentExpression(
  { text }: Extract<StageArgument, { kind: "expression" }>,
  inputFields: readonly Field[],
): TypedExpression {
  const checked = checkExpression(text, inputFields, {});
  if (!checked.ok) throw new Error(`${text} was checked before, and is refused now`);
  return checked.value;
}

/** The indexes of the fields that an expression reads. */
export function fieldsOf(expression: TypedExpression): readonly number[] {
  return [...new Set(fieldsIn(expression).map(({ index }) => index))];
}

function fieldsIn(expression: TypedExpression): readonly FieldExpression[] {
  if (expression.kind === "field") return [expression];
  return expression.kind === "call" ? expression.args.flatMap(fieldsIn) : [];
}
