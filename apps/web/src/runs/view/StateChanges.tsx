"use client";

import { useQuery } from "@tanstack/react-query";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { StateChangeList } from "../../deploying/StateChangeList.tsx";
import { Skeleton } from "../../design/Skeleton.tsx";

export interface StateChangesProps {
  readonly pipelineId: string;
  readonly version: number | undefined;
  /** Start from this savepoint; null = the newest checkpoint. */
  readonly savepoint: number | null;
}

/** What a deployment would keep of the state, node by node: a runtime tries it now. */
export function StateChanges({ pipelineId, version, savepoint }: StateChangesProps) {
  const trpc = useTRPC();
  const input = { pipelineId, ...(version === undefined ? {} : { version }), ...(savepoint === null ? {} : { savepoint }) };
  const rehearsal = useQuery(trpc.deployments.rehearse.queryOptions(input, { retry: false, staleTime: 0, gcTime: 0 }));
  if (rehearsal.isPending) return <Skeleton className="h-16 w-full" />;
  if (rehearsal.isError) {
    return <p className="text-12 text-ink-2">What is kept could not be tried beforehand: {problemOf(rehearsal.error).message}</p>;
  }
  return <StateChangeList rehearsal={rehearsal.data} />;
}
