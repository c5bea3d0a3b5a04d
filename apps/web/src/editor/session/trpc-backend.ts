import { parsePipeline, writePipeline } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import type { TRPCClient } from "@trpc/client";
import { isTransient, problemOf } from "../../client/problem-of.ts";
import type { AppRouter } from "../../server/app-router.ts";
import type { SaveOutcome } from "../document/autosave.ts";
import { Observable } from "../document/observable.ts";
import type { ActionOutcome, DeploymentView, EditorBackend } from "./editor-backend.ts";

/** The backend that talks to the Millrace server. The page tells it what it knows of the deployment. */
export interface TrpcBackend extends EditorBackend {
  readonly deployment: Observable<DeploymentView | null>;
  /** Which deployment `stop` stops; null without one. */
  deploymentId: string | null;
}

/** `refresh` is awaited after something was deployed or stopped: it reads the deployment anew. */
export function createTrpcBackend(client: TRPCClient<AppRouter>, pipelineId: string, refresh: () => Promise<void>): TrpcBackend {
  const deployment = new Observable<DeploymentView | null>(null);
  const backend: TrpcBackend = {
    deployment,
    deploymentId: null,
    save: async (document, expectedRevision) => {
      try {
        const saved = await client.pipelines.saveDraft.mutate({
          id: pipelineId,
          document: writePipeline(document, catalogue),
          expectedRevision,
        });
        return { kind: "saved", revision: saved.revision };
      } catch (error) {
        return saveFailure(error);
      }
    },
    load: async () => {
      const { document: text, revision } = await client.pipelines.get.query({ id: pipelineId });
      const parsed = parsePipeline(text, catalogue);
      if (!parsed.ok) throw new Error("the saved text is not a pipeline");
      return { document: parsed.value, revision };
    },
    deploy: (options) =>
      act(async () => {
        const { announced } = await client.deployments.deploy.mutate({ pipelineId, ...options });
        await refresh();
        return announced ? { ok: true } : { ok: false, message: "The version is kept and starts as soon as Redis can be reached again." };
      }),
    rehearse: () => client.deployments.rehearse.query({ pipelineId }).catch(() => null),
    stop: () =>
      act(async () => {
        if (backend.deploymentId === null) return { ok: false, message: "Nothing is deployed." };
        await client.deployments.stop.mutate({ deploymentId: backend.deploymentId });
        await refresh();
        return { ok: true };
      }),
    watchDeployment: (listener) => {
      listener(deployment.get());
      return deployment.subscribe(() => listener(deployment.get()));
    },
  };
  return backend;
}

function saveFailure(error: unknown): SaveOutcome {
  const problem = problemOf(error);
  const { revision } = problem.details;
  if (problem.code === "REVISION_CONFLICT" && typeof revision === "number") return { kind: "conflict", revision };
  if (isTransient(error)) return { kind: "offline" };
  return { kind: "refused", message: problem.fix === null ? problem.message : `${problem.message} ${problem.fix}` };
}

async function act(action: () => Promise<ActionOutcome>): Promise<ActionOutcome> {
  try {
    return await action();
  } catch (error) {
    const { message, fix } = problemOf(error);
    return { ok: false, message: fix === null ? message : `${message} ${fix}` };
  }
}
