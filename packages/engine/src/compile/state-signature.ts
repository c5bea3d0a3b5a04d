import type { TypedExpression } from "../expression/typed-expression.ts";
import type { JoinInputs } from "../plan/join-operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { PatternMatch, PatternMatchStage } from "../plan/pattern-operator.ts";
import type { TopN } from "../plan/record-operator.ts";
import { showType } from "../types/field-type.ts";
import { fieldIndex, type StreamType } from "../types/stream-type.ts";

/**
 * What shapes the state of a step, as text. State is taken over only by a step with the same signature; what is
 * left out on purpose (an alert's threshold, allowed lateness) may change with the state kept.
 */
export function stateSignature(step: PlanStep): string {
  const known = signatures.get(step);
  if (known !== undefined) return known;
  const signature = JSON.stringify(shape(step));
  signatures.set(step, signature);
  return signature;
}

/** Every checkpoint has that of every step. */
const signatures = new WeakMap<PlanStep, string>();

function shape(step: PlanStep): unknown {
  const { operator } = step;
  const input = step.inputs[0];
  switch (operator.op) {
    case "window-aggregate":
      return [
        operator.op,
        keyShape(input, operator.keyBy),
        operator.window,
        operator.output,
        operator.aggregates.map(aggregateShape),
        ...paneShape(operator),
      ];
    case "running-aggregate":
      return [
        operator.op,
        keyShape(input, operator.keyBy),
        operator.aggregates.map(aggregateShape),
        operator.output,
        ...paneShape(operator),
      ];
    case "count-window":
      return [operator.op, keyShape(input, operator.keyBy), operator.size, operator.slide, operator.aggregates.map(aggregateShape)];
    case "assign-windows":
      return operator.window.kind === "session"
        ? [operator.op, keyShape(input, operator.keyBy), operator.window, rowShape(input)]
        : [operator.op, operator.window.kind];
    case "threshold-alert":
    case "deduplicate":
    case "feature-flag":
      return [operator.op, keyShape(input, operator.keyBy)];
    case "look-back":
      return [operator.op, keyShape(input, operator.keyBy), rowShape(input), operator.aggregates.map(aggregateShape)];
    case "rate-limit":
      return [operator.op, keyShape(input, operator.keyBy), operator.intervalMs];
    case "top-n":
      return [operator.op, keyShape(input, operator.keyBy), rowShape(input), ...topNShape(operator)];
    case "window-join":
      return [operator.op, operator.window, joinShape(step.inputs, operator)];
    case "interval-join":
    case "snapshot-join":
    case "regular-join":
    case "temporal-join":
      return [operator.op, joinShape(step.inputs, operator)];
    case "lookup-join":
      return [operator.op, operator.keys.map(({ value }) => expressionShape(value)), rowShape(input), operator.connector, operator.fields];
    case "pattern-match":
      return [operator.op, keyShape(input, operator.keyBy), patternShape(operator)];
    case "source":
      return [operator.op, operator.connector];
    default:
      return [operator.op];
  }
}

function keyShape(input: StreamType, keyBy: readonly string[]): readonly string[] {
  const names = keyBy.length > 0 ? keyBy : input.key;
  return names.map((name) => `${name} ${showType(input.fields[fieldIndex(input, name)].type)}`);
}

/** What is said early and of what, which shapes what is known of the results said; nothing for windows that are said once. */
function paneShape(operator: { readonly early?: unknown; readonly panes?: string; readonly time?: string }): readonly unknown[] {
  const { early, panes, time } = operator;
  const shape = [
    ...(early === undefined ? [] : ["early"]),
    ...(panes === "discarding" ? [panes] : []),
    ...(time === "processing" ? [time] : []),
  ];
  return shape.length > 0 ? [shape] : [];
}

function topNShape<I>({ by, order, limit, sizeMs, offsetMs, output, ties }: TopN<TypedExpression, I>): readonly unknown[] {
  return [expressionShape(by), order, limit, sizeMs, offsetMs, output, ...(ties === "keep" ? [ties] : [])];
}

/** The fields of whole records, in any order. */
function rowShape(input: StreamType): readonly string[] {
  return input.fields.map((field) => `${field.name} ${showType(field.type)}`).sort();
}

/** Keys and whole records of both sides, fields in any order; bounds and which rows come out may change with the state kept. */
function joinShape(inputs: readonly StreamType[], { on, nullsMatch }: Pick<JoinInputs<unknown>, "on" | "nullsMatch">): unknown {
  return [on.map((key) => [key.left, key.right]), inputs.map(rowShape), ...(nullsMatch === true ? ["NULL = NULL"] : [])];
}

/** How many values are kept shapes the state; what is made of them, a fraction or a separator, may change with the state kept. */
function aggregateShape(aggregate: {
  readonly limit?: number;
  readonly as: string;
  readonly fn: string;
  readonly argument: TypedExpression | null;
  readonly filter: TypedExpression | null;
}): unknown {
  const keepsFew = aggregate.limit !== undefined && (aggregate.fn === "collect" || aggregate.fn === "string_agg");
  return [
    aggregate.as,
    aggregate.fn,
    expressionShape(aggregate.argument),
    expressionShape(aggregate.filter),
    ...(keepsFew ? [aggregate.limit] : []),
  ];
}

/** Partial matches are states of the pattern's automaton with the fields that its expressions read; only how many are kept may change. */
function patternShape<I>({ stages, withinMs, skip, measures, order = [] }: PatternMatch<TypedExpression, I>): unknown {
  const shape = [stages.map(stageShape), withinMs, skip, measures.map(({ name, value }) => [name, expressionShape(value)])];
  return order.length === 0 ? shape : [...shape, order];
}

function stageShape(stage: PatternMatchStage<TypedExpression>): unknown {
  const conditions = { where: expressionShape(stage.where), until: expressionShape(stage.until) };
  return { ...stage, ...conditions, ...(stage.group === undefined ? {} : { group: stage.group.map(stageShape) }) };
}

/** The expression without positions; fields by name and type, so that reordered fields keep their state. */
export function expressionShape(expression: TypedExpression | null): unknown {
  if (expression === null) return null;
  switch (expression.kind) {
    case "literal":
      return [showType(expression.type), expression.value];
    case "field":
      return [expression.name, showType(expression.type)];
    case "call":
      return [expression.name, ...expression.args.map(expressionShape)];
  }
}
