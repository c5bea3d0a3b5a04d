"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { TextField } from "../../design/TextField.tsx";

export interface NewPipelineDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks for the name of a new, empty pipeline and opens it in the editor. */
export function NewPipelineDialog({ open, onOpenChange }: NewPipelineDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation(
    trpc.pipelines.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await queries.invalidateQueries({ queryKey: trpc.pipelines.list.queryKey() });
        router.push(`/pipelines/${id}`);
      },
    }),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New pipeline"
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form="new-pipeline" busy={create.isPending} disabled={name.trim() === ""}>
            Create pipeline
          </Button>
        </>
      }
    >
      <form
        id="new-pipeline"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") create.mutate({ name });
        }}
      >
        <TextField
          label="Name"
          value={name}
          onValueChange={setName}
          maxLength={120}
          placeholder="Errors per service"
          help="Its address is made from the name. The name can be changed later, the address stays."
          error={create.error === null ? undefined : problemOf(create.error).message}
          autoFocus
        />
      </form>
    </Dialog>
  );
}
