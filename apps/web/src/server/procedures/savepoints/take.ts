import { type ControlMessage, redisKeys, savepointName, streamCaps } from "@millrace/protocol";
import { z } from "zod";
import { deploymentId, findDeployment } from "../../deployments/find-deployment.ts";
import { procedure } from "../../trpc.ts";

/** Asks a running deployment for a checkpoint that is kept. It appears in the list when it is committed, about a second later. */
export const take = procedure({ role: "operator" })
  .input(z.strictObject({ deploymentId, name: savepointName }))
  .mutation(async ({ ctx, input }) => {
    const { database, redis } = ctx.services;
    const row = await findDeployment(database, input.deploymentId);
    const message: ControlMessage = { kind: "savepoint", name: input.name };
    await redis.xadd(redisKeys.control(row.id), "MAXLEN", "~", streamCaps.control, "*", "message", JSON.stringify(message));
    const details = { deployment: row.id, name: input.name };
    await database.auditEntry.create({
      data: { actor: ctx.actor.name, action: "savepoint.take", subject: `pipeline:${row.pipeline.slug}`, details },
    });
    return { deploymentId: row.id };
  });
