import { redisKeys } from "@millrace/protocol";
import { z } from "zod";
import { deploymentId } from "../../deployments/find-deployment.ts";
import { readNewest } from "../../redis/read-newest.ts";
import { streamPage } from "../../redis/stream-page.ts";
import { readLogLine } from "../../redis/stream-values.ts";
import { procedure } from "../../trpc.ts";

/** Log lines of a deployment, newest first. */
export const list = procedure({ role: "viewer" })
  .input(z.strictObject({ deploymentId, ...streamPage }))
  .query(({ ctx, input }) => readNewest(ctx.services.redis, redisKeys.logs(input.deploymentId), readLogLine, input));
