import type { FieldType } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";
import { createHeldValues } from "./held-values.ts";
import { TimedValues } from "./timed-values.ts";

/** The value with the latest event time, the last to arrive of equal ones; one without a time only while none has a time. */
export function createLast(argument: FieldType): Accumulator {
  return new TimedValues("latest", createHeldValues(argument));
}
