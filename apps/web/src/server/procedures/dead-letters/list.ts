import { redisKeys } from "@millrace/protocol";
import { z } from "zod";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { readNewest } from "../../redis/read-newest.ts";
import { streamPage } from "../../redis/stream-page.ts";
import { readDeadLetter } from "../../redis/stream-values.ts";
import { procedure } from "../../trpc.ts";

/** Records of a pipeline that could not be used, newest first. */
export const list = procedure({ role: "viewer" })
  .input(z.strictObject({ pipelineId, ...streamPage }))
  .query(({ ctx, input }) => readNewest(ctx.services.redis, redisKeys.deadLetters(input.pipelineId), readDeadLetter, input));
