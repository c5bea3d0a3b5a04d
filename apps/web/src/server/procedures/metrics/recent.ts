import type { MetricsFrame } from "@millrace/protocol";
import { z } from "zod";
import { deploymentId } from "../../deployments/find-deployment.ts";
import { readFrames } from "../../redis/read-frames.ts";
import { procedure } from "../../trpc.ts";

/** Frames come four times a second. */
const framesPerSecond = 4;

/** The last minutes of one node as columns, for the charts; the live frames go on from there. `last` is the newest frame. */
export const recent = procedure({ role: "viewer" })
  .input(z.strictObject({ deploymentId, node: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), seconds: z.int().min(1).max(600).default(300) }))
  .query(async ({ ctx, input }) => {
    const frames = await readFrames(ctx.services.redis, input.deploymentId, input.seconds * framesPerSecond);
    const points = frames.flatMap((frame) => point(frame, input.node));
    return {
      atMs: points.map((p) => p.atMs),
      inPerSecond: points.map((p) => p.inPerSecond),
      outPerSecond: points.map((p) => p.outPerSecond),
      watermarkMs: points.map((p) => p.watermarkMs),
      stateKeys: points.map((p) => p.stateKeys),
      stateBytes: points.map((p) => p.stateBytes),
      late: points.map((p) => p.late),
    };
  });

function point(frame: MetricsFrame, slug: string) {
  const node = Object.hasOwn(frame.nodes, slug) ? frame.nodes[slug] : undefined;
  return node === undefined ? [] : [{ atMs: frame.atMs, ...node }];
}
