import type { DeploymentStatus } from "@millrace/protocol";
import { deploymentColumns, deploymentView } from "../../deployments/deployment-view.ts";
import { readStatuses } from "../../deployments/read-statuses.ts";
import { storageProblem } from "../../errors/storage-problem.ts";
import { describeDrafts } from "../../pipelines/describe-draft.ts";
import { procedure } from "../../trpc.ts";

/**
 * All pipelines, the last changed first. Works without Redis: then `runtimeProblem` says so and states are as far as
 * PostgreSQL knows them. A pipeline whose text cannot be read is listed with `unreadable`.
 */
export const list = procedure({ role: "viewer" }).query(async ({ ctx }) => {
  const { database, redis, nowMs } = ctx.services;
  const rows = await database.pipeline.findMany({
    orderBy: [{ updatedAt: "desc" }, { slug: "asc" }],
    take: 500,
    select: {
      slug: true,
      name: true,
      revision: true,
      updatedAt: true,
      deployments: { orderBy: { createdAt: "desc" }, take: 1, select: deploymentColumns },
    },
  });
  const drafts = await describeDrafts(database, rows);
  const ids = rows.flatMap((row) => row.deployments.map((deployment) => deployment.id));
  const { statuses, problem } = await readOrExplain(() => readStatuses(redis, ids));
  return {
    pipelines: rows.map((row) => {
      const deployment = row.deployments[0];
      return {
        id: row.slug,
        name: row.name,
        revision: row.revision,
        updatedAtMs: row.updatedAt.getTime(),
        description: drafts.get(row.slug)?.description ?? "",
        unreadable: drafts.get(row.slug)?.unreadable ?? null,
        deployment: deployment === undefined ? null : deploymentView(deployment, statuses, nowMs()),
      };
    }),
    runtimeProblem: problem,
  };
});

async function readOrExplain(read: () => Promise<ReadonlyMap<string, DeploymentStatus>>) {
  try {
    return { statuses: await read(), problem: null };
  } catch (error) {
    const problem = storageProblem(error);
    if (problem === null) throw error;
    const { code, message, fix = null } = problem.problem;
    return { statuses: null, problem: { code, message, fix } };
  }
}
