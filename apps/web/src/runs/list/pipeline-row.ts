import type { inferRouterOutputs } from "@trpc/server";
import type { PipelineState } from "../../design/StateChip.tsx";
import type { AppRouter } from "../../server/app-router.ts";

/** A pipeline as the list has it. */
export type PipelineRow = inferRouterOutputs<AppRouter>["pipelines"]["list"]["pipelines"][number];

/** The state that the chip shows. */
export function rowState(row: PipelineRow): PipelineState {
  if (row.deployment !== null && row.deployment.desired === "RUNNING") return row.deployment.state;
  if (row.unreadable !== null) return "UNREADABLE";
  return row.deployment?.state ?? "DRAFT";
}

/** True when a deployment is wanted and has not ended by itself: there is something to watch and to stop. */
export function isAtWork({ desired, state }: NonNullable<PipelineRow["deployment"]>): boolean {
  return desired === "RUNNING" && state !== "FAILED" && state !== "FINISHED" && state !== "STOPPED";
}
