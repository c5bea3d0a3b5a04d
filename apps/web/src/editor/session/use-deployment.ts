"use client";

import type { PipelineDocument } from "@millrace/engine";
import { changedSince, type GraphChanges } from "../document/changed-since.ts";
import type { DeploymentView } from "./editor-backend.ts";
import { useEditorState, useObservable, useSession } from "./use-session.ts";

/** States in which something runs or is about to. */
export function isActive(deployment: DeploymentView | null): boolean {
  return deployment !== null && !["STOPPED", "FINISHED", "FAILED"].includes(deployment.state);
}

/** What of this pipeline runs; null = it was never deployed. */
export function useDeployment(): DeploymentView | null {
  return useObservable(useSession().deployment);
}

/** True while the node is part of what runs. */
export function useIsRunning(slug: string): boolean {
  return useObservable(
    useSession().deployment,
    (view) => view !== null && isActive(view) && (view.document === null || Object.hasOwn(view.document.pipeline.nodes, slug)),
  );
}

/** Code of the failure for which a node is to blame; null when there is none. */
export function useNodeFailure(slug: string): string | null {
  return useObservable(useSession().deployment, (view) => {
    if (view === null || view.problem === null || view.problem.node !== slug) return null;
    return view.state === "FAILED" || view.state === "RESTARTING" || view.state === "DEGRADED" ? view.problem.code : null;
  });
}

/** How the document differs from the version deployed last; null when there is none. */
export function useChanges(): GraphChanges | null {
  const deployed = useObservable(useSession().deployment, (view) => view?.document ?? null);
  return useEditorState((state) => changesOf(state.document, deployed));
}

/** True when the logic of a node differs from the version deployed last. */
export function useNodeChanged(slug: string): boolean {
  const deployed = useObservable(useSession().deployment, (view) => view?.document ?? null);
  return useEditorState((state) => changesOf(state.document, deployed)?.changed.has(slug) ?? false);
}

/** The last comparison: all cards ask for the same one. */
const memo: { current: PipelineDocument["pipeline"] | null; deployed: PipelineDocument | null; changes: GraphChanges | null } = {
  current: null,
  deployed: null,
  changes: null,
};

function changesOf(document: PipelineDocument, deployed: PipelineDocument | null): GraphChanges | null {
  if (deployed === null) return null;
  if (memo.current !== document.pipeline || memo.deployed !== deployed) {
    memo.current = document.pipeline;
    memo.deployed = deployed;
    memo.changes = changedSince(document.pipeline, deployed.pipeline);
  }
  return memo.changes;
}
