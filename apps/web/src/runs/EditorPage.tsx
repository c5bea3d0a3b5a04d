"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../client/trpc.ts";
import { useLastingError } from "../client/use-lasting-error.ts";
import { Skeleton } from "../design/Skeleton.tsx";
import { PipelineEditor } from "../editor/PipelineEditor.tsx";
import { AppBar } from "../shell/AppBar.tsx";
import { PipelineProblem } from "./PipelineProblem.tsx";
import { UnreadablePipeline } from "./UnreadablePipeline.tsx";

/** The editor of a pipeline, or why there is none. */
export function EditorPage({ pipelineId }: { readonly pipelineId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.get.queryOptions({ id: pipelineId }));
  const { data: pipeline } = query;
  const error = useLastingError(query);
  if (pipeline !== undefined && pipeline.diagnostics.length === 0) return <PipelineEditor pipelineId={pipelineId} />;
  return (
    <div className="flex min-h-dvh flex-col">
      <AppBar />
      <main id="main" tabIndex={-1} className="mx-auto flex w-full max-w-[1280px] flex-1 flex-col gap-6 px-6 py-6 outline-none">
        {pipeline !== undefined && <UnreadablePipeline id={pipeline.id} name={pipeline.name} diagnostics={pipeline.diagnostics} />}
        {error !== null && <PipelineProblem error={error} onRetry={() => void query.refetch()} />}
        {pipeline === undefined && error === null && (
          <div role="status" aria-label="Loading the pipeline" className="flex flex-1 gap-4">
            <Skeleton className="w-60 max-md:hidden" />
            <Skeleton className="flex-1" />
          </div>
        )}
      </main>
    </div>
  );
}
