"use client";

import { type PipelineDocument, parsePipeline } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTRPC, useTRPCClient } from "../client/trpc.ts";
import { Skeleton } from "../design/Skeleton.tsx";
import { toast } from "../design/Toaster.tsx";
import { useLiveStore } from "../live/LiveProvider.tsx";
import { useObservedState } from "../runs/view/use-observed-state.ts";
import { AppBar } from "../shell/AppBar.tsx";
import { EditorShell } from "./EditorShell.tsx";
import { browserDelay } from "./session/browser-delay.ts";
import type { DeploymentView } from "./session/editor-backend.ts";
import { createEditorSession } from "./session/editor-session.ts";
import { pipelineLanguage } from "./session/pipeline-language.ts";
import { createTrpcBackend } from "./session/trpc-backend.ts";
import { isActive } from "./session/use-deployment.ts";

/** Older than this, ms, a cached draft may not be the newest: somebody else could have saved. */
const freshForMs = 1000;

/** The editor of the pipeline of this id, bound to the server. Its text must be readable. */
export function PipelineEditor({ pipelineId }: { readonly pipelineId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<{ readonly document: PipelineDocument; readonly revision: number } | null>(null);
  useEffect(() => {
    let isOver = false;
    void queries
      .fetchQuery({ ...trpc.pipelines.get.queryOptions({ id: pipelineId }), staleTime: freshForMs })
      .then(({ document: text, revision }) => {
        const parsed = parsePipeline(text, catalogue);
        if (!isOver && parsed.ok) setDraft({ document: parsed.value, revision });
      })
      .catch(() => toast.error("The pipeline cannot be loaded", { description: "Reload the page in a moment." }));
    return () => {
      isOver = true;
    };
  }, [trpc, queries, pipelineId]);
  if (draft === null) return <EditorSkeleton />;
  return <Editor key={pipelineId} pipelineId={pipelineId} document={draft.document} revision={draft.revision} />;
}

interface EditorProps {
  readonly pipelineId: string;
  readonly document: PipelineDocument;
  readonly revision: number;
}

function Editor({ pipelineId, document, revision }: EditorProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const [backend] = useState(() =>
    createTrpcBackend(client, pipelineId, () => queries.invalidateQueries({ queryKey: trpc.pipelines.pathKey() })),
  );
  const [session] = useState(() =>
    createEditorSession({
      document,
      revision,
      language: pipelineLanguage,
      backend,
      now: () => performance.now(),
      delay: browserDelay,
      onRefusal: (reason) => toast.error(reason),
    }),
  );
  const { data } = useQuery(trpc.pipelines.get.queryOptions({ id: pipelineId }));
  const row = data?.deployment ?? null;
  const store = useLiveStore(row?.id ?? null);
  const { state, status } = useObservedState(row, store);
  const deployedText = data?.deployed?.document ?? null;
  const deployed = useMemo(() => readDeployed(deployedText), [deployedText]);
  const problem = status?.problem ?? null;
  const version = row?.version ?? null;

  useEffect(() => {
    const view: DeploymentView | null = version === null || state === "DRAFT" ? null : { version, state, document: deployed, problem };
    backend.deployment.set(view);
    backend.deploymentId = row?.id ?? null;
  }, [backend, version, state, deployed, problem, row?.id]);

  const isRunning = isActive(version === null || state === "DRAFT" ? null : { version, state, document: deployed, problem });
  return (
    <EditorShell
      session={session}
      live={isRunning ? store : null}
      links={{ gallery: "/gallery", run: `/pipelines/${pipelineId}/run` }}
      Bar={AppBar}
    />
  );
}

function readDeployed(text: string | null): PipelineDocument | null {
  if (text === null) return null;
  const parsed = parsePipeline(text, catalogue);
  return parsed.ok ? parsed.value : null;
}

function EditorSkeleton() {
  return (
    <div className="flex h-dvh flex-col">
      <AppBar />
      <div role="status" aria-label="Loading the pipeline" className="flex flex-1">
        <div className="flex w-60 flex-col gap-2 border-r border-line bg-surface-1 p-3 max-md:hidden">
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-6 w-2/3" />
          <Skeleton className="h-6 w-1/2" />
          <Skeleton className="h-6 w-3/5" />
        </div>
        <div className="flex-1 bg-surface-0" />
      </div>
    </div>
  );
}
