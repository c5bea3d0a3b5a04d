import { savepointName } from "@millrace/protocol";
import { z } from "zod";
import { deploymentId, findDeployment } from "../../deployments/find-deployment.ts";
import { mirrorDesired, toldRuntimes } from "../../deployments/mirror-desired.ts";
import { procedure } from "../../trpc.ts";

/**
 * Stops a deployment after a last checkpoint; `drain` ends all windows first, as at the end of input; `savepoint` keeps that checkpoint under a name. Stopping one that
 * is stopped already changes nothing. `announced` is false when Redis is away: it stops when Redis is back.
 */
export const stop = procedure({ role: "operator" })
  .input(z.strictObject({ deploymentId, drain: z.boolean().default(false), savepoint: savepointName.optional() }))
  .mutation(async ({ ctx, input }) => {
    const { database, redis } = ctx.services;
    const row = await findDeployment(database, input.deploymentId);
    const [{ count }] = await database.$transaction([
      database.deployment.updateMany({ where: { id: row.id, desired: "RUNNING" }, data: { desired: "STOPPED", stoppedAt: new Date() } }),
      database.auditEntry.create({
        data: {
          actor: ctx.actor.name,
          action: "deployment.stop",
          subject: `pipeline:${row.pipeline.slug}`,
          details: {
            deployment: row.id,
            version: row.versionNumber,
            drain: input.drain,
            ...(input.savepoint === undefined ? {} : { savepoint: input.savepoint }),
          },
        },
      }),
    ]);
    const stop = [{ ...row, desired: "STOPPED" as const }];
    const announced = await toldRuntimes(() => mirrorDesired(redis, { stop, drain: input.drain, savepoint: input.savepoint }));
    return { deploymentId: row.id, stopped: count === 1, announced };
  });
