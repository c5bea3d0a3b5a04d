import type { Field } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";
import type { LogicalOperator } from "./logical-operator.ts";
import { type PatternMatchStage, takingStages } from "./pattern-operator.ts";

/** How an expression stands in its operator. */
export interface ExpressionRole {
  /** Path inside the operator: `where`, `aggregates.0.argument`. */
  readonly part: string;
  readonly expected?: "boolean" | "numeric" | "string" | "timestamp";
  /** Lowered as text with `{expression}` holes. */
  readonly template?: boolean;
  /** Of a pattern: the stages of which it may read what the match has taken. */
  readonly stages?: readonly string[];
}

/** The same operator with its expressions and inputs replaced; both are visited in order, each once. */
export function mapOperator<E, I, F, J>(
  operator: LogicalOperator<E, I>,
  onExpression: (expression: E, role: ExpressionRole) => F,
  onInput: (input: I) => J,
): LogicalOperator<F, J> {
  switch (operator.op) {
    case "source": {
      const { punctuation, ...rest } = operator;
      return punctuation === undefined ? rest : { ...rest, punctuation: onExpression(punctuation, { part: "punctuation" }) };
    }
    case "filter":
      return { ...operator, input: onInput(operator.input), where: onExpression(operator.where, { part: "where", expected: "boolean" }) };
    case "project":
      return {
        ...operator,
        input: onInput(operator.input),
        fields: operator.fields.map((field, i) => ({ name: field.name, value: onExpression(field.value, { part: `fields.${i}.value` }) })),
      };
    case "key-by":
    case "deduplicate":
    case "rate-limit":
    case "sample":
    case "unnest":
    case "assign-windows":
    case "sink":
      return { ...operator, input: onInput(operator.input) };
    case "window-aggregate":
    case "look-back":
    case "running-aggregate":
    case "count-window":
      return {
        ...operator,
        input: onInput(operator.input),
        aggregates: operator.aggregates.map(({ argument, filter, ...rest }, i) => ({
          ...rest,
          argument: argument === null ? null : onExpression(argument, { part: `aggregates.${i}.argument` }),
          filter: filter === null ? null : onExpression(filter, { part: `aggregates.${i}.filter`, expected: "boolean" }),
        })),
      };
    case "top-n":
      return { ...operator, input: onInput(operator.input), by: onExpression(operator.by, { part: "by" }) };
    case "branch":
      return {
        ...operator,
        input: onInput(operator.input),
        branches: operator.branches.map((branch, i) => ({
          name: branch.name,
          value: onExpression(branch.value, { part: `branches.${i}.value`, expected: "boolean" }),
        })),
      };
    case "union":
      return { ...operator, inputs: operator.inputs.map(onInput) };
    case "interval-join":
    case "window-join":
    case "snapshot-join":
    case "regular-join":
    case "temporal-join":
      return { ...operator, left: onInput(operator.left), right: onInput(operator.right) };
    case "lookup-join":
      return {
        ...operator,
        input: onInput(operator.input),
        keys: operator.keys.map((key, i) => ({ name: key.name, value: onExpression(key.value, { part: `keys.${i}.value` }) })),
      };
    case "pattern-match": {
      const stages = takingStages(operator.stages);
      return {
        ...operator,
        input: onInput(operator.input),
        stages: mapStages(operator.stages, onExpression, stages, "stages"),
        measures: operator.measures.map(({ name, value }, i) => ({
          name,
          value: onExpression(value, { part: `measures.${i}.value`, stages }),
        })),
      };
    }
    case "feature-flag":
      return {
        ...operator,
        input: onInput(operator.input),
        setWhen: onExpression(operator.setWhen, { part: "setWhen", expected: "boolean" }),
        unsetWhen: operator.unsetWhen === null ? null : onExpression(operator.unsetWhen, { part: "unsetWhen", expected: "boolean" }),
      };
    case "threshold-alert":
      return {
        ...operator,
        input: onInput(operator.input),
        raiseWhen: onExpression(operator.raiseWhen, { part: "raiseWhen", expected: "boolean" }),
        clearWhen: operator.clearWhen === null ? null : onExpression(operator.clearWhen, { part: "clearWhen", expected: "boolean" }),
        title: onExpression(operator.title, { part: "title", template: true }),
      };
  }
}

/** The inputs of an operator, in order. */
export function operatorInputs<E, I>(operator: LogicalOperator<E, I>): readonly I[] {
  if (operator.op === "source") return [];
  if ("left" in operator) return [operator.left, operator.right];
  return operator.op === "union" ? operator.inputs : [operator.input];
}

/** The fields that an operator's expressions are over: those of its first input, or of its own records. */
export function expressionFields<E, I>(operator: LogicalOperator<E, I>, inputs: readonly StreamType[]): readonly Field[] {
  return operator.op === "source" ? operator.fields : (inputs.at(0)?.fields ?? []);
}

/** The expressions of an operator, in order. */
export function operatorExpressions<E, I>(operator: LogicalOperator<E, I>): readonly E[] {
  const found: E[] = [];
  mapOperator(
    operator,
    (expression) => found.push(expression),
    () => null,
  );
  return found;
}

/** Names of the output ports of an operator. */
export function operatorPorts<E, I>(operator: LogicalOperator<E, I>): readonly string[] {
  switch (operator.op) {
    case "source":
    case "project":
    case "lookup-join":
      return ["out", "dead_letter"];
    case "window-aggregate":
    case "deduplicate":
    case "look-back":
    case "top-n":
    case "assign-windows":
      return ["out", "late"];
    case "feature-flag":
      return ["out", "late", ...strictPorts(operator)];
    case "rate-limit":
      return ["out", "over", "late"];
    case "interval-join":
    case "window-join":
      return ["out", "late_left", "late_right"];
    case "temporal-join":
      return ["out", "late_left"];
    case "snapshot-join":
      return ["out", "overflow"];
    case "pattern-match":
      return ["out", "timeout", "late", ...strictPorts(operator)];
    case "branch":
      return [...operator.branches.map((branch) => branch.name), "otherwise", ...strictPorts(operator)];
    case "sink":
      return [];
    case "filter":
    case "unnest":
    case "threshold-alert":
      return ["out", ...strictPorts(operator)];
    case "sample":
      return operator.rest === true ? ["out", "rest"] : ["out"];
    case "key-by":
    case "union":
    case "regular-join":
    case "running-aggregate":
    case "count-window":
      return ["out"];
  }
}

function strictPorts(operator: { readonly strict?: boolean }): readonly string[] {
  return operator.strict === true ? ["dead_letter"] : [];
}

function mapStages<E, F>(
  list: readonly PatternMatchStage<E>[],
  onExpression: (expression: E, role: ExpressionRole) => F,
  stages: readonly string[],
  path: string,
): readonly PatternMatchStage<F>[] {
  const condition = (value: E | null, part: string): F | null =>
    value === null ? null : onExpression(value, { part, expected: "boolean", stages });
  return list.map(({ group, ...stage }, i) => ({
    ...stage,
    where: condition(stage.where, `${path}.${i}.where`),
    until: condition(stage.until, `${path}.${i}.until`),
    ...(group === undefined ? {} : { group: mapStages(group, onExpression, stages, `${path}.${i}.group`) }),
  }));
}
