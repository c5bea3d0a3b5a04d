"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { ProblemNote } from "../../design/ProblemNote.tsx";
import { toast } from "../../design/Toaster.tsx";
import type { RowDialogProps } from "./RenameDialog.tsx";

/** Asks before a pipeline is deleted, and names what goes with it. */
export function DeleteDialog({ row, open, onOpenChange }: RowDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.pipelines.delete.mutationOptions({
      onSuccess: async () => {
        onOpenChange(false);
        await queries.invalidateQueries({ queryKey: trpc.pipelines.list.queryKey() });
        toast.success(`${row.name} was deleted`);
      },
    }),
  );
  const problem = remove.error === null ? null : problemOf(remove.error);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${row.name}?`}
      description="The draft, all deployed versions, the saved state, the alerts and the rows of its live tables are deleted. This cannot be undone."
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Keep it</Button>
          <Button variant="danger" busy={remove.isPending} onClick={() => remove.mutate({ id: row.id })}>
            Delete pipeline and state
          </Button>
        </>
      }
    >
      {problem !== null && <ProblemNote message={problem.message} fix={problem.fix} code={problem.code} />}
    </Dialog>
  );
}
