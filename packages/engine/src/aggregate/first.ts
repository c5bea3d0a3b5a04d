import type { FieldType } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";
import { createHeldValues } from "./held-values.ts";
import { TimedValues } from "./timed-values.ts";

/** The value with the earliest event time, the first to arrive of equal ones; one without a time only while none has a time. */
export function createFirst(argument: FieldType): Accumulator {
  return new TimedValues("earliest", createHeldValues(argument));
}
