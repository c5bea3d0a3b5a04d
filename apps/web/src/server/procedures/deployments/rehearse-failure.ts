import { type ControlMessage, redisKeys, rehearsedFailure, streamCaps } from "@millrace/protocol";
import { z } from "zod";
import { deploymentId, findDeployment } from "../../deployments/find-deployment.ts";
import { procedure } from "../../trpc.ts";

/** Makes something go wrong on a running deployment on purpose; see `RehearsedFailure`. */
export const rehearseFailure = procedure({ role: "operator" })
  .input(z.strictObject({ deploymentId, failure: rehearsedFailure }))
  .mutation(async ({ ctx, input }) => {
    const { database, redis } = ctx.services;
    const row = await findDeployment(database, input.deploymentId);
    const message: ControlMessage = { kind: "rehearse", failure: input.failure };
    await redis.xadd(redisKeys.control(row.id), "MAXLEN", "~", streamCaps.control, "*", "message", JSON.stringify(message));
    const details = { deployment: row.id, failure: input.failure };
    await database.auditEntry.create({
      data: { actor: ctx.actor.name, action: "deployment.rehearse", subject: `pipeline:${row.pipeline.slug}`, details },
    });
    return { deploymentId: row.id };
  });
