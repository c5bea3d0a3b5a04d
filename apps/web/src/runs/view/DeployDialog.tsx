"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { ProblemNote } from "../../design/ProblemNote.tsx";
import { Select } from "../../design/Select.tsx";
import { TextField } from "../../design/TextField.tsx";
import { toast } from "../../design/Toaster.tsx";
import { StateChanges } from "./StateChanges.tsx";

export interface DeployDialogProps {
  readonly pipelineId: string;
  readonly name: string;
  /** Deploy this older version instead of the draft. */
  readonly version?: number;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const fixedStarts = [
  { value: "latest", label: "The newest checkpoint", help: "Goes on where the last run ended, with its state." },
  { value: "empty", label: "Nothing", help: "Forgets state and read positions, and begins anew." },
];

/** Asks where the state comes from and for a comment, shows what is kept, then deploys in place of what runs now. */
export function DeployDialog({ pipelineId, name, version, open, onOpenChange }: DeployDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [start, setStart] = useState("latest");
  const [comment, setComment] = useState("");
  const savepoints = useQuery(trpc.savepoints.list.queryOptions({ pipelineId }, { enabled: open }));
  const deploy = useMutation(
    trpc.deployments.deploy.mutationOptions({
      onSuccess: async (deployed) => {
        onOpenChange(false);
        if (deployed.announced) toast.success(`Version ${deployed.version} of ${name} is deployed`);
        else toast.warning(`Version ${deployed.version} of ${name} starts when Redis is back`);
        await Promise.all([
          queries.invalidateQueries({ queryKey: trpc.pipelines.pathKey() }),
          queries.invalidateQueries({ queryKey: trpc.deployments.pathKey() }),
        ]);
      },
    }),
  );
  const problem = deploy.error === null ? null : problemOf(deploy.error);
  const what = version === undefined ? "the draft" : `version ${version}`;
  const isEmpty = start === "empty";
  const savepoint = /^\d+$/.test(start) ? Number(start) : null;
  const submit = () =>
    deploy.mutate({
      pipelineId,
      startFrom: isEmpty ? "empty" : "latest",
      comment,
      ...(savepoint === null ? {} : { savepoint }),
      ...(version === undefined ? {} : { version }),
    });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={version === undefined ? `Deploy ${name}` : `Deploy version ${version} of ${name}`}
      description={`What runs now is stopped after a last checkpoint, and ${what} takes its place.`}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant={isEmpty ? "danger" : "primary"} busy={deploy.isPending} onClick={submit}>
            {isEmpty ? "Deploy and discard state" : savepoint === null ? "Deploy and keep state" : "Deploy from the savepoint"}
          </Button>
        </>
      }
    >
      <Select
        label="Start from"
        value={start}
        onValueChange={setStart}
        options={[...fixedStarts, ...savepointStarts(savepoints.data ?? [])]}
      />
      {!isEmpty && open && <StateChanges pipelineId={pipelineId} version={version} savepoint={savepoint} />}
      <TextField label="Comment" value={comment} onValueChange={setComment} maxLength={500} placeholder="What changed" />
      {problem !== null && <ProblemNote message={problem.message} fix={problem.fix} code={problem.code} />}
    </Dialog>
  );
}

function savepointStarts(savepoints: readonly { readonly checkpoint: number; readonly name: string; readonly atMs: number }[]) {
  const when = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return savepoints.map(({ checkpoint, name, atMs }) => ({
    value: String(checkpoint),
    label: `Savepoint ${name}`,
    help: `Checkpoint ${checkpoint}, ${when.format(atMs)}. What its sinks got since then comes again.`,
  }));
}
