"use client";

import { useQuery } from "@tanstack/react-query";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { ProblemNote } from "../../design/ProblemNote.tsx";
import { AppBar } from "../../shell/AppBar.tsx";
import { NotDeployed } from "./NotDeployed.tsx";
import { RunSkeleton } from "./RunSkeleton.tsx";
import { RunView } from "./RunView.tsx";

/** The run of a pipeline: what it does now, and what it did. */
export function RunPage({ pipelineId }: { readonly pipelineId: string }) {
  const trpc = useTRPC();
  const { data: pipeline, error, refetch } = useQuery(trpc.pipelines.get.queryOptions({ id: pipelineId }, { refetchInterval: 5000 }));
  if (pipeline !== undefined && pipeline.deployment !== null && pipeline.deployed !== null) {
    return <RunView key={pipeline.deployment.id} pipeline={pipeline} deployment={pipeline.deployment} deployed={pipeline.deployed} />;
  }
  const problem = error === null ? null : problemOf(error);
  return (
    <div className="flex min-h-dvh flex-col">
      <AppBar />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1280px] px-6 py-6 outline-none">
        {problem !== null && pipeline === undefined && (
          <ProblemNote
            message={problem.message}
            fix={problem.fix}
            code={problem.code}
            actions={<Button onClick={() => refetch()}>Try again</Button>}
          />
        )}
        {pipeline !== undefined && <NotDeployed id={pipeline.id} name={pipeline.name} />}
        {pipeline === undefined && problem === null && <RunSkeleton />}
      </main>
    </div>
  );
}
