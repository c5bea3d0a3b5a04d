"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { problemOf } from "../../../client/problem-of.ts";
import { useTRPC } from "../../../client/trpc.ts";
import { Button } from "../../../design/Button.tsx";
import { EmptyState } from "../../../design/EmptyState.tsx";
import { countWords } from "../../../design/format/numbers.ts";
import { IconButton } from "../../../design/IconButton.tsx";
import { ProblemNote } from "../../../design/ProblemNote.tsx";
import { Cell, HeadCell, Row, Table, TableHead } from "../../../design/Table.tsx";
import { TextField } from "../../../design/TextField.tsx";
import { Time } from "../../../design/Time.tsx";
import { toast } from "../../../design/Toaster.tsx";
import { ListState } from "./ListState.tsx";

export interface SavepointsTabProps {
  readonly pipelineId: string;
  readonly deploymentId: string;
  readonly isRunning: boolean;
}

/** How long a savepoint that was asked for may take to appear before the list is read for the last time. */
const lookAgainMs = [700, 1500, 3000, 6000];

/** Checkpoints that are kept: take one, see them, give one up. */
export function SavepointsTab({ pipelineId, deploymentId, isRunning }: SavepointsTabProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const query = trpc.savepoints.list.queryOptions({ pipelineId });
  const savepoints = useQuery(query);
  const reload = () => queries.invalidateQueries({ queryKey: query.queryKey });
  const forget = useMutation(trpc.savepoints.forget.mutationOptions({ onSuccess: reload }));
  if (savepoints.data === undefined) return <ListState error={savepoints.error} what="savepoints" />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {isRunning && <TakeSavepoint deploymentId={deploymentId} onTaken={reload} />}
      {savepoints.data.length === 0 ? (
        <EmptyState small title="No savepoints">
          A savepoint keeps the state and the read positions of a moment, so that a deployment can start from there at any later time.
        </EmptyState>
      ) : (
        <Table caption="Savepoints, newest first" className="min-h-0 flex-1">
          <TableHead>
            <HeadCell className="w-40 ps-4">When</HeadCell>
            <HeadCell>Name</HeadCell>
            <HeadCell numeric>Checkpoint</HeadCell>
            <HeadCell className="w-12" aria-label="Actions" />
          </TableHead>
          <tbody>
            {savepoints.data.map(({ checkpoint, name, atMs }) => (
              <Row key={checkpoint}>
                <Cell className="ps-4 text-ink-3">
                  <Time atMs={atMs} />
                </Cell>
                <Cell>{name}</Cell>
                <Cell numeric>{countWords(checkpoint)}</Cell>
                <Cell>
                  <IconButton
                    label={`Forget ${name}`}
                    icon={<Trash2 size={14} />}
                    onClick={() => forget.mutate({ pipelineId, checkpoint })}
                  />
                </Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}

function TakeSavepoint({ deploymentId, onTaken }: { readonly deploymentId: string; readonly onTaken: () => void }) {
  const trpc = useTRPC();
  const [name, setName] = useState("");
  const take = useMutation(
    trpc.savepoints.take.mutationOptions({
      onSuccess: () => {
        toast.success(`Savepoint "${name.trim()}" is being taken`);
        setName("");
        for (const ms of lookAgainMs) setTimeout(onTaken, ms);
      },
    }),
  );
  const problem = take.error === null ? null : problemOf(take.error);
  return (
    <form
      className="flex shrink-0 items-end gap-2 border-b border-line px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") take.mutate({ deploymentId, name: name.trim() });
      }}
    >
      <div className="w-72">
        <TextField label="New savepoint" value={name} onValueChange={setName} maxLength={120} placeholder="Before the new threshold" />
      </div>
      <Button type="submit" busy={take.isPending} disabled={name.trim() === ""}>
        Take savepoint
      </Button>
      {problem !== null && <ProblemNote message={problem.message} fix={problem.fix} code={problem.code} />}
    </form>
  );
}
