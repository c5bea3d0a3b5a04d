"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Search, Upload } from "lucide-react";
import { useMemo, useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { useLastingError } from "../../client/use-lasting-error.ts";
import { Button } from "../../design/Button.tsx";
import { EmptyState } from "../../design/EmptyState.tsx";
import { ProblemNote } from "../../design/ProblemNote.tsx";
import { Select } from "../../design/Select.tsx";
import { TextField } from "../../design/TextField.tsx";
import { useLiveTopics } from "../../live/LiveProvider.tsx";
import { Page } from "../../shell/Page.tsx";
import { FirstSteps } from "./FirstSteps.tsx";
import { filterPipelines, type StateFilter, stateFilters } from "./filter-pipelines.ts";
import { ImportButton } from "./ImportButton.tsx";
import { NewPipelineDialog } from "./NewPipelineDialog.tsx";
import { PipelineTable } from "./PipelineTable.tsx";
import { PipelineTableSkeleton } from "./PipelineTableSkeleton.tsx";

/** All pipelines: what state they are in, what flows, and what can be done with them. */
export function PipelinesPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.pipelines.list.queryOptions(undefined, { refetchInterval: 5000 }));
  const { data } = list;
  const error = useLastingError(list);
  const [creating, setCreating] = useState(false);
  const [search, setSearch] = useState("");
  const [state, setState] = useState<StateFilter>("all");
  const pipelines = data?.pipelines;
  const running = useMemo(
    () => (pipelines ?? []).flatMap((p) => (p.deployment?.desired === "RUNNING" ? [p.deployment.id] : [])).slice(0, 100),
    [pipelines],
  );
  useLiveTopics({ deployments: running });
  const showAll = (): void => {
    setSearch("");
    setState("all");
  };
  const shown = useMemo(() => filterPipelines(pipelines ?? [], search, state), [pipelines, search, state]);

  return (
    <Page
      title="Pipelines"
      actions={
        <>
          <ImportButton icon={<Upload size={14} aria-hidden />} />
          <Button
            variant={pipelines?.length === 0 ? "secondary" : "primary"}
            icon={<Plus size={14} aria-hidden />}
            onClick={() => setCreating(true)}
          >
            New pipeline
          </Button>
        </>
      }
    >
      {error !== null && (
        <ProblemNote
          message={problemOf(error).message}
          fix={problemOf(error).fix}
          code={problemOf(error).code}
          actions={<Button onClick={() => list.refetch()}>Try again</Button>}
        />
      )}
      {data?.runtimeProblem && (
        <ProblemNote severity="warn" message={data.runtimeProblem.message} fix={data.runtimeProblem.fix} code={data.runtimeProblem.code} />
      )}
      {pipelines === undefined && error === null && <PipelineTableSkeleton />}
      {pipelines?.length === 0 && <FirstSteps onCreate={() => setCreating(true)} />}
      {pipelines !== undefined && pipelines.length > 0 && (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-end gap-2">
            <TextField
              label="Search pipelines"
              hideLabel
              type="search"
              placeholder="Search"
              icon={<Search size={14} />}
              value={search}
              onValueChange={setSearch}
              className="w-64 max-sm:w-full"
            />
            <Select label="State" hideLabel value={state} onValueChange={setState} options={stateFilters} className="w-44 max-sm:w-full" />
          </div>
          {shown.length === 0 ? (
            <EmptyState small title="No pipeline fits" actions={<Button onClick={showAll}>Show all</Button>}>
              None of the {pipelines.length} pipelines has this name and state.
            </EmptyState>
          ) : (
            <PipelineTable pipelines={shown} />
          )}
        </div>
      )}
      <NewPipelineDialog open={creating} onOpenChange={setCreating} />
    </Page>
  );
}
