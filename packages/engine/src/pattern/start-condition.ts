import type { TypedExpression } from "../expression/typed-expression.ts";
import { bigintType, doubleType, type Field, type FieldType } from "../types/field-type.ts";
import { argumentExpression } from "./pattern-layout.ts";
import { readStageAggregate, type StageAggregate } from "./stage-aggregate.ts";

/**
 * What a condition of a stage asks about an event when the match has taken nothing yet: an expression over the fields of the
 * event alone, so that it can be decided by batch. null when there is none.
 */
export function conditionAtStart(condition: TypedExpression, stage: string, inputFields: readonly Field[]): TypedExpression | null {
  switch (condition.kind) {
    case "literal":
      return condition;
    case "field":
      return condition.index < inputFields.length
        ? condition
        : aggregateAtStart(readStageAggregate(condition.name), condition.type, stage, inputFields);
    case "call": {
      const args: TypedExpression[] = [];
      for (const arg of condition.args) {
        const over = conditionAtStart(arg, stage, inputFields);
        if (over === null) return null;
        args.push(over);
      }
      return { ...condition, args };
    }
  }
}

function aggregateAtStart(of: StageAggregate, type: FieldType, stage: string, inputFields: readonly Field[]): TypedExpression | null {
  const counts = of.running && (of.stage === null || of.stage === stage);
  if (!counts) return of.fn === "count" ? literal(bigintType, 0) : literal(type, null);
  if (of.offset > 0) return literal(type, null);
  if (of.argument === null) return literal(bigintType, 1);
  if (of.fn === "count") return null;
  const argument = argumentOf(of.argument, inputFields);
  if (argument === null) return null;
  return of.fn === "avg" && argument.type.kind !== "double"
    ? { kind: "call", name: "CAST", type: doubleType, args: [argument], span }
    : argument;
}

function argumentOf(argument: NonNullable<StageAggregate["argument"]>, inputFields: readonly Field[]): TypedExpression | null {
  if (argument.kind === "expression") return argumentExpression(argument, inputFields);
  const index = inputFields.findIndex(({ name }) => name === argument.name);
  return index < 0 ? null : { kind: "field", type: inputFields[index].type, index, name: argument.name, span };
}

const span = { start: 0, end: 0 };

function literal(type: FieldType, value: number | null): TypedExpression {
  return { kind: "literal", type, value, span };
}
