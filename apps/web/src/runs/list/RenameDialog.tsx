"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { TextField } from "../../design/TextField.tsx";

export interface RowDialogProps {
  readonly row: { readonly id: string; readonly name: string };
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Gives a pipeline another name. */
export function RenameDialog({ row, open, onOpenChange }: RowDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [name, setName] = useState(row.name);
  const rename = useMutation(
    trpc.pipelines.rename.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.pipelines.list.queryKey() });
        onOpenChange(false);
      },
    }),
  );
  const formId = `rename-${row.id}`;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Rename ${row.name}`}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            busy={rename.isPending}
            disabled={name.trim() === "" || name.trim() === row.name}
          >
            Rename
          </Button>
        </>
      }
    >
      <form
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") rename.mutate({ id: row.id, name });
        }}
      >
        <TextField
          label="Name"
          value={name}
          onValueChange={setName}
          maxLength={120}
          error={rename.error === null ? undefined : problemOf(rename.error).message}
          autoFocus
          onFocus={(event) => event.target.select()}
        />
      </form>
    </Dialog>
  );
}
