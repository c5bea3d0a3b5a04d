import { columnKind } from "../column/column.ts";
import type { FieldType } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";
import { NumberExtremes } from "./number-extremes.ts";
import { StringExtremes } from "./string-extremes.ts";

/** The greatest value of a type that has an order. */
export function createMax(argument: FieldType): Accumulator {
  return columnKind(argument) === "string" ? new StringExtremes("greatest") : new NumberExtremes("greatest");
}
