import { fieldIndex, type StreamType } from "../types/stream-type.ts";
import { windowKey } from "./derive-type.ts";
import type { PlannedRecordOperator } from "./logical-plan.ts";

type Live = Readonly<Record<string, readonly boolean[]>>;

/** Marks what a record operator reads of its input, given what is read of its own outputs. */
export function markRecordRead(operator: PlannedRecordOperator, own: Live, input: StreamType, target: boolean[]): void {
  switch (operator.op) {
    case "deduplicate":
    case "sample":
    case "rate-limit":
      for (const name of windowKey(operator, input)) target[fieldIndex(input, name)] = true;
      for (const live of Object.values(own)) markFirst(live, target);
      break;
    case "unnest":
      markFirst(own.out, target);
      target[fieldIndex(input, operator.field)] = true;
      break;
    case "look-back":
    case "top-n":
      // Whole records are kept in state, whatever is read of them: state must not depend on what hangs behind it.
      target.fill(true);
      break;
  }
}

/** Marks the fields of the input that are read of the fields in front. */
function markFirst(live: readonly boolean[], target: boolean[]): void {
  for (let i = 0; i < target.length; i++) if (live[i]) target[i] = true;
}
