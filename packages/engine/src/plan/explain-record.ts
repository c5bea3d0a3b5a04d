import type { TypedExpression } from "../expression/typed-expression.ts";
import { writeDuration } from "../types/duration.ts";
import { explainExpression } from "./explain-expression.ts";
import type { AggregateSpec } from "./logical-operator.ts";
import type { PlannedRecordOperator } from "./logical-plan.ts";

/** What a record operator does, as lines for people. */
export function explainRecord(operator: PlannedRecordOperator): readonly string[] {
  switch (operator.op) {
    case "deduplicate":
      return [`keep the ${operator.keep} by ${explainKey(operator.keyBy)} within ${writeDuration(operator.ttlMs)}`];
    case "look-back":
      return [
        `over the ${writeDuration(operator.rangeMs)} up to each record, by ${explainKey(operator.keyBy)}`,
        ...operator.aggregates.map(explainAggregate),
      ];
    case "top-n":
      return [
        `the first ${operator.limit} by ${explainExpression(operator.by)} ${operator.order}${operator.ties === "keep" ? " and those that are equal" : ""}, of each ${explainKey(operator.keyBy)}`,
        `in windows of ${writeDuration(operator.sizeMs)}${operator.offsetMs === 0 ? "" : ` offset ${writeDuration(operator.offsetMs)}`}, output ${operator.output}`,
      ];
    case "unnest":
      return [
        `${operator.as} in ${operator.field}${operator.position === null ? "" : `, position ${operator.position}`}${operator.keepEmpty ? ", also of none" : ""}`,
      ];
    case "sample":
      return [`${operator.share} of the keys by ${explainKey(operator.keyBy)}`];
    case "rate-limit":
      return [`${operator.limit} in ${writeDuration(operator.intervalMs)} by ${explainKey(operator.keyBy)}`];
  }
}

/** `errors = count(*) where level = 'ERROR'`. */
export function explainAggregate({ as, fn, argument, filter, fraction, limit, separator }: AggregateSpec<TypedExpression>): string {
  const options = [fraction, limit, separator === undefined ? undefined : JSON.stringify(separator)].filter(
    (option) => option !== undefined,
  );
  const of = [argument === null ? "*" : explainExpression(argument), ...options].join(", ");
  return `${as} = ${fn}(${of})${filter === null ? "" : ` where ${explainExpression(filter)}`}`;
}

function explainKey(keyBy: readonly string[]): string {
  return keyBy.length === 0 ? "the key of the input" : keyBy.join(", ");
}
