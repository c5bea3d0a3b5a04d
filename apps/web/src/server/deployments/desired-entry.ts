import type { DesiredDeployment } from "@millrace/protocol";

/** A deployment with what its job needs, as PostgreSQL has it. */
export interface DeploymentRow {
  readonly id: string;
  readonly desired: "RUNNING" | "STOPPED";
  readonly startFrom: "latest" | "empty";
  readonly savepoint: number | null;
  readonly versionNumber: number;
  readonly version: { readonly document: string };
  readonly pipeline: { readonly slug: string };
}

/** What to select of a deployment for `desiredEntry`. */
export const deploymentRow = {
  id: true,
  desired: true,
  startFrom: true,
  savepoint: true,
  versionNumber: true,
  version: { select: { document: true } },
  pipeline: { select: { slug: true } },
} as const;

/** The entry of a deployment in the mirror of the desired state. */
export function desiredEntry(row: DeploymentRow): DesiredDeployment {
  return {
    job: {
      protocolVersion: 1,
      deploymentId: row.id,
      pipelineId: row.pipeline.slug,
      version: row.versionNumber,
      pipeline: row.version.document,
      startFrom: row.startFrom,
      ...(row.savepoint === null ? {} : { savepoint: row.savepoint }),
    },
    desired: row.desired,
  };
}
