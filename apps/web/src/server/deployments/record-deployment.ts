import type { Database, Prisma } from "@millrace/db";
import { contentHash, type PipelineDocument } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import type { Actor } from "../actor.ts";
import { rewritePipeline } from "../pipelines/pipeline-text.ts";
import { type DeploymentRow, deploymentRow } from "./desired-entry.ts";

export interface DeploymentOrder {
  /** Primary key of the pipeline. */
  readonly pipelineKey: string;
  readonly slug: string;
  readonly document: PipelineDocument;
  readonly comment: string;
  readonly startFrom: "latest" | "empty";
  /** Number of the checkpoint to start from; null = as `startFrom` says. */
  readonly savepoint: number | null;
}

export interface RecordedDeployment {
  readonly deployment: DeploymentRow;
  /** Deployments of the pipeline that are not wanted any more. */
  readonly replaced: readonly DeploymentRow[];
}

/**
 * Writes down in PostgreSQL that this is to run: an immutable version (the newest one with the same logic, if there
 * is one), the deployment, and that older deployments of the pipeline are to stop. All or nothing; deployments of one
 * pipeline are written one after the other.
 */
export function recordDeployment(database: Database, actor: Actor, order: DeploymentOrder): Promise<RecordedDeployment> {
  return database.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from pipeline where id = ${order.pipelineKey} for update`;
    const versionNumber = await versionOf(tx, order);
    const replaced = await stopOlder(tx, order.pipelineKey);
    const deployment = await tx.deployment.create({
      data: { pipelineId: order.pipelineKey, versionNumber, desired: "RUNNING", startFrom: order.startFrom, savepoint: order.savepoint },
      select: deploymentRow,
    });
    const startFrom = order.savepoint === null ? order.startFrom : `savepoint ${order.savepoint}`;
    const details = { deployment: deployment.id, version: versionNumber, startFrom, comment: order.comment };
    await tx.auditEntry.create({ data: { actor: actor.name, action: "deployment.start", subject: `pipeline:${order.slug}`, details } });
    return { deployment, replaced };
  });
}

async function versionOf(tx: Prisma.TransactionClient, order: DeploymentOrder): Promise<number> {
  const hash = contentHash(order.document.pipeline, catalogue);
  const same = await tx.pipelineVersion.findFirst({
    where: { pipelineId: order.pipelineKey, contentHash: hash },
    orderBy: { number: "desc" },
    select: { number: true },
  });
  if (same !== null) return same.number;
  const newest = await tx.pipelineVersion.findFirst({
    where: { pipelineId: order.pipelineKey },
    orderBy: { number: "desc" },
    select: { number: true },
  });
  const number = (newest?.number ?? 0) + 1;
  const document = rewritePipeline(order.document, { id: order.slug, name: order.document.pipeline.name });
  await tx.pipelineVersion.create({ data: { pipelineId: order.pipelineKey, number, document, contentHash: hash, comment: order.comment } });
  return number;
}

async function stopOlder(tx: Prisma.TransactionClient, pipelineKey: string): Promise<readonly DeploymentRow[]> {
  const older = await tx.deployment.findMany({ where: { pipelineId: pipelineKey, desired: "RUNNING" }, select: deploymentRow });
  const ids = older.map((row) => row.id);
  await tx.deployment.updateMany({ where: { id: { in: ids } }, data: { desired: "STOPPED", stoppedAt: new Date() } });
  return older.map((row) => ({ ...row, desired: "STOPPED" as const }));
}
