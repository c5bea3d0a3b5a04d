import { redisKeys } from "@millrace/protocol";
import { z } from "zod";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { readNewest } from "../../redis/read-newest.ts";
import { streamPage } from "../../redis/stream-page.ts";
import { readAlert } from "../../redis/stream-values.ts";
import { procedure } from "../../trpc.ts";

/** Alerts of a pipeline, newest first. */
export const list = procedure({ role: "viewer" })
  .input(z.strictObject({ pipelineId, ...streamPage }))
  .query(({ ctx, input }) => readNewest(ctx.services.redis, redisKeys.alerts(input.pipelineId), readAlert, input));
