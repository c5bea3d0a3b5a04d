import type { TypedExpression } from "../expression/typed-expression.ts";
import type { PlanInput } from "../plan/logical-operator.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import type { FieldType } from "../types/field-type.ts";
import { fieldIndex, type StreamType } from "../types/stream-type.ts";

/** The input of an operator that a test drives by hand. */
export const handDriven: PlanInput = { operator: "test:source", port: "out" };

/** A plan step around one operator, all of whose output fields are read. */
export function planStepOf(
  operator: PlannedOperator,
  inputs: readonly StreamType[],
  outputs: Readonly<Record<string, StreamType>>,
): PlanStep {
  const liveFields = Object.fromEntries(Object.entries(outputs).map(([port, type]) => [port, type.fields.map(() => true)]));
  return { id: `test:${operator.op}`, node: "test", operator, inputs, outputs, liveFields };
}

/** An append-only stream with these fields, in event time by `timeField` when that is given. */
export function streamOf(
  fields: Readonly<Record<string, FieldType>>,
  timeField: string | null = null,
  key: readonly string[] = [],
): StreamType {
  return {
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
    time: timeField === null ? "none" : "event",
    timeField,
    changelog: "append",
    key,
  };
}

/** A checked reference to a field of `type`. */
export function fieldOf(type: StreamType, name: string): TypedExpression {
  const index = fieldIndex(type, name);
  if (index < 0) throw new Error(`no field ${name}`);
  return { kind: "field", type: type.fields[index].type, index, name, span: { start: 0, end: name.length } };
}
