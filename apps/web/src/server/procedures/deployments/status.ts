import { z } from "zod";
import { deploymentView } from "../../deployments/deployment-view.ts";
import { deploymentId, findDeployment } from "../../deployments/find-deployment.ts";
import { readStatuses } from "../../deployments/read-statuses.ts";
import { procedure } from "../../trpc.ts";

/** What is wanted of a deployment and what the runtime last said of it; `NO_OWNER` when that was 15 s ago or longer. */
export const status = procedure({ role: "viewer" })
  .input(z.strictObject({ deploymentId }))
  .query(async ({ ctx, input }) => {
    const { database, redis, nowMs } = ctx.services;
    const row = await findDeployment(database, input.deploymentId);
    const statuses = await readStatuses(redis, [row.id]);
    return deploymentView(row, statuses, nowMs());
  });
