import type { DeploymentStatus } from "@millrace/protocol";
import { type ObservedState, observeDeployment } from "../../live/observe-deployment.ts";

/** A deployment as lists and headers show it. */
export interface DeploymentView {
  readonly id: string;
  readonly version: number;
  readonly desired: "RUNNING" | "STOPPED";
  readonly startFrom: "latest" | "empty";
  readonly createdAtMs: number;
  readonly stoppedAtMs: number | null;
  readonly state: ObservedState;
  readonly status: DeploymentStatus | null;
}

interface DeploymentColumns {
  readonly id: string;
  readonly versionNumber: number;
  readonly desired: "RUNNING" | "STOPPED";
  readonly startFrom: "latest" | "empty";
  readonly createdAt: Date;
  readonly stoppedAt: Date | null;
}

/** What to select of a deployment for `deploymentView`. */
export const deploymentColumns = {
  id: true,
  versionNumber: true,
  desired: true,
  startFrom: true,
  createdAt: true,
  stoppedAt: true,
} as const;

/** Brings a row and the runtime's word together. `statuses` is null when Redis cannot be asked. */
export function deploymentView(
  row: DeploymentColumns,
  statuses: ReadonlyMap<string, DeploymentStatus> | null,
  nowMs: number,
): DeploymentView {
  const status = statuses?.get(row.id) ?? null;
  const createdAtMs = row.createdAt.getTime();
  return {
    id: row.id,
    version: row.versionNumber,
    desired: row.desired,
    startFrom: row.startFrom,
    createdAtMs,
    stoppedAtMs: row.stoppedAt?.getTime() ?? null,
    state: statuses === null ? "UNKNOWN" : observeDeployment({ desired: row.desired, createdAtMs }, status, nowMs),
    status,
  };
}
