import { z } from "zod";
import { pipelineRates } from "../../../live/pipeline-rates.ts";
import { deploymentId } from "../../deployments/find-deployment.ts";
import { readFrames } from "../../redis/read-frames.ts";
import { procedure } from "../../trpc.ts";

/** How much of the past a sparkline shows, in frames: one minute. */
const frames = 240;

/** The last minute of several deployments: rates of the whole pipeline, and the newest frame. Unknown ids have no entry. */
export const overview = procedure({ role: "viewer" })
  .input(z.strictObject({ deploymentIds: z.array(deploymentId).max(100) }))
  .query(async ({ ctx, input }) => {
    const all = await Promise.all(input.deploymentIds.map((id) => readFrames(ctx.services.redis, id, frames)));
    return all.flatMap((history, i) => {
      const last = history.at(-1);
      if (last === undefined) return [];
      const rates = history.map(pipelineRates);
      return [
        {
          deploymentId: input.deploymentIds[i],
          atMs: history.map((frame) => frame.atMs),
          inPerSecond: rates.map((rate) => rate.inPerSecond),
          outPerSecond: rates.map((rate) => rate.outPerSecond),
          last,
        },
      ];
    });
  });
