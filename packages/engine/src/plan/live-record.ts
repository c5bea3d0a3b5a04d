import type { PlannedRecordOperator } from "./logical-plan.ts";

type Live = Readonly<Record<string, readonly boolean[]>>;

/** Marks what a record operator reads of its input, besides its key fields and what is read of its late records. */
export function markRecordRead(operator: PlannedRecordOperator, own: Live, target: boolean[]): void {
  switch (operator.op) {
    case "deduplicate":
      markFirst(own.out, target);
      break;
    case "look-back":
      // Whole records are kept in state, whatever is read of them: state must not depend on what hangs behind it.
      target.fill(true);
      break;
  }
}

/** Marks the fields of the input that are read of the fields in front. */
function markFirst(live: readonly boolean[], target: boolean[]): void {
  for (let i = 0; i < target.length; i++) if (live[i]) target[i] = true;
}
