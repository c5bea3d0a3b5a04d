import type { DeploymentState, DeploymentStatus } from "@millrace/protocol";

/** Silence after which a deployment counts as having no runtime, ms. */
export const ownerSilenceMs = 15_000;

/** The state that people see: the runtime's, or what the lack of a report means. */
export type ObservedState = DeploymentState | "DRAFT" | "NO_OWNER" | "UNKNOWN";

export interface WantedDeployment {
  readonly desired: "RUNNING" | "STOPPED";
  readonly createdAtMs: number;
}

/** True for the states that a deployment does not leave by itself, and that need no runtime. */
export function hasEnded(state: DeploymentState): boolean {
  return state === "FAILED" || state === "STOPPED" || state === "FINISHED";
}

/** Brings together what is wanted (PostgreSQL) and what the runtime last said (Redis). */
export function observeDeployment(wanted: WantedDeployment | null, status: DeploymentStatus | null, nowMs: number): ObservedState {
  if (wanted === null) return "DRAFT";
  if (status !== null && hasEnded(status.state)) return status.state;
  const lastWordMs = status?.updatedAtMs ?? wanted.createdAtMs;
  const silent = nowMs - lastWordMs > ownerSilenceMs;
  if (wanted.desired === "STOPPED") return status === null || silent ? "STOPPED" : "STOPPING";
  if (silent) return "NO_OWNER";
  return status?.state ?? "DEPLOYING";
}
