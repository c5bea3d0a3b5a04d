import { bigintType, doubleType, type FieldType } from "../types/field-type.ts";
import type { AggregateFunction } from "./logical-operator.ts";

/** Argument types that an aggregate takes; null = any. A bare NULL fits none of them. */
export const aggregateArguments: Readonly<Record<AggregateFunction, readonly FieldType["kind"][] | null>> = {
  count: null,
  sum: ["bigint", "double"],
  avg: ["bigint", "double"],
  min: ["bigint", "double", "string", "timestamp", "interval"],
  max: ["bigint", "double", "string", "timestamp", "interval"],
  count_distinct: ["bigint", "double", "string", "timestamp", "interval", "boolean"],
  first: null,
  last: null,
};

/** True when the aggregate takes arguments of this type. */
export function takesArgument(fn: AggregateFunction, argument: FieldType): boolean {
  return aggregateArguments[fn]?.includes(argument.kind) ?? true;
}

/** Type of an aggregate's result; null when it needs an argument and has none, or one of an unknown type. */
export function aggregateType(fn: AggregateFunction, argument: FieldType | null): FieldType | null {
  switch (fn) {
    case "count":
    case "count_distinct":
      return bigintType;
    case "avg":
      return doubleType;
    case "sum":
    case "min":
    case "max":
    case "first":
    case "last":
      return argument;
  }
}
