import { redisKeys } from "@millrace/protocol";
import { z } from "zod";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { readNewest } from "../../redis/read-newest.ts";
import { streamPage } from "../../redis/stream-page.ts";
import { readLiveRow } from "../../redis/stream-values.ts";
import { procedure } from "../../trpc.ts";

/** Rows of a live table, newest first. */
export const rows = procedure({ role: "viewer" })
  .input(z.strictObject({ pipelineId, sinkId: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), ...streamPage }))
  .query(({ ctx, input }) => readNewest(ctx.services.redis, redisKeys.liveTable(input.pipelineId, input.sinkId), readLiveRow, input));
