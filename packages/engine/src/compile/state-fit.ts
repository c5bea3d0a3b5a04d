import type { CheckpointManifest, CheckpointPart } from "../checkpoint/checkpoint-store.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import { signatureDifference } from "./signature-difference.ts";
import { stateMigration } from "./state-migration.ts";
import { stateSignature } from "./state-signature.ts";

/** What a step can do with state that a checkpoint holds for it. */
export type StateFit =
  | { readonly verdict: "kept"; readonly reason: null; readonly aggregates: null }
  | { readonly verdict: "migrated"; readonly reason: string; readonly aggregates: readonly number[] }
  | { readonly verdict: "discarded"; readonly reason: string; readonly aggregates: null };

/** Compares what shaped the state with what shapes the step's. `part`: its state or, of a source, its position. */
export function stateFit(manifest: CheckpointManifest, part: CheckpointPart, step: PlanStep): StateFit {
  const [before, after] = [part.signature ?? "", stateSignature(step)];
  if (before === after) return { verdict: "kept", reason: null, aggregates: null };
  const migration = stateMigration(before, after);
  // Rows outside of memory are read one by one for as long as they are there, always as they would be written now.
  const hasRows = manifest.parts.some(({ kind, id }) => kind === "rows" && id === part.id);
  if (migration !== null && !hasRows) return { verdict: "migrated", ...migration };
  return { verdict: "discarded", reason: signatureDifference(before, after), aggregates: null };
}
