import type { LogicalPlan } from "@millrace/engine";
import { createRandom } from "../bench/log-lines.ts";

/**
 * Reorders lines within what their source allows: each gets the key `time + u` with `u` in [0, disorder], and they
 * arrive by key. No record can then be late: whatever comes before it is at most `disorder` newer.
 */
export function shuffleWithinDisorder(lines: readonly string[], timeField: string, disorderMs: number, seed: number): readonly string[] {
  const random = createRandom(seed);
  return lines
    .map((line) => ({ line, key: Number(JSON.parse(line)[timeField]) + random() * disorderMs }))
    .sort((a, b) => a.key - b.key)
    .map(({ line }) => line);
}

/** Time field and disorder of the file source that reads `path`; null when its lines cannot be reordered. */
export function disorderOf(plan: LogicalPlan, path: string): { readonly timeField: string; readonly disorderMs: number } | null {
  for (const { operator } of plan.steps) {
    if (operator.op !== "source" || operator.options.path !== path || operator.timeField === null) continue;
    if (operator.format.kind === "json" && operator.watermark.disorderMs > 0)
      return { timeField: operator.timeField, disorderMs: operator.watermark.disorderMs };
  }
  return null;
}
