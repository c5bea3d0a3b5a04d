"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../client/trpc.ts";
import { useLastingError } from "../../client/use-lasting-error.ts";
import { AppBar } from "../../shell/AppBar.tsx";
import { PipelineProblem } from "../PipelineProblem.tsx";
import { NotDeployed } from "./NotDeployed.tsx";
import { RunSkeleton } from "./RunSkeleton.tsx";
import { RunView } from "./RunView.tsx";

/** The run of a pipeline: what it does now, and what it did. */
export function RunPage({ pipelineId }: { readonly pipelineId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.get.queryOptions({ id: pipelineId }, { refetchInterval: 5000 }));
  const { data: pipeline } = query;
  const error = useLastingError(query);
  if (pipeline !== undefined && pipeline.deployment !== null && pipeline.deployed !== null) {
    return <RunView key={pipeline.deployment.id} pipeline={pipeline} deployment={pipeline.deployment} deployed={pipeline.deployed} />;
  }
  return (
    <div className="flex min-h-dvh flex-col">
      <AppBar />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1280px] px-6 py-6 outline-none">
        {error !== null && <PipelineProblem error={error} onRetry={() => void query.refetch()} />}
        {pipeline !== undefined && <NotDeployed id={pipeline.id} name={pipeline.name} />}
        {pipeline === undefined && error === null && <RunSkeleton />}
      </main>
    </div>
  );
}
