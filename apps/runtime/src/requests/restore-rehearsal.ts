import { type RestoreRehearsal, rehearseRestore } from "@millrace/engine";
import type { RuntimeRequest } from "@millrace/protocol";
import { nativeChunks } from "../checkpoint/native-chunks.ts";
import { createRedisCheckpointStore } from "../checkpoint/redis-checkpoint-store.ts";
import { loadPipeline } from "../load-pipeline.ts";
import { systemClock } from "../system-clock.ts";
import type { RequestContext } from "./request-context.ts";
import { RequestRefused } from "./request-refused.ts";

/** What would become of the state if this pipeline started from its newest checkpoint or a savepoint. Changes nothing. */
export async function rehearseRestoreOf(
  request: Extract<RuntimeRequest, { readonly kind: "restore-rehearsal" }>,
  { redis }: RequestContext,
): Promise<RestoreRehearsal> {
  const loaded = loadPipeline(request.pipeline);
  if (!loaded.ok) {
    const [first] = loaded.diagnostics;
    throw new RequestRefused("PIPELINE_INVALID", first?.message ?? "The pipeline cannot be run.");
  }
  const store = createRedisCheckpointStore(redis, request.pipelineId, "rehearsal");
  const { plan } = loaded.value;
  return await rehearseRestore({ plan, store, coding: nativeChunks, clock: systemClock, checkpoint: request.savepoint ?? null });
}
