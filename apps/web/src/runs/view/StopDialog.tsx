"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { ProblemNote } from "../../design/ProblemNote.tsx";
import { TextField } from "../../design/TextField.tsx";
import { toast } from "../../design/Toaster.tsx";

export interface StopDialogProps {
  readonly name: string;
  readonly deploymentId: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks how to stop a deployment; each button names what it does to open windows. */
export function StopDialog({ name, deploymentId, open, onOpenChange }: StopDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const stop = useMutation(
    trpc.deployments.stop.mutationOptions({
      onSuccess: async ({ announced }) => {
        onOpenChange(false);
        if (!announced) toast.warning(`${name} stops when Redis is back`);
        await Promise.all([
          queries.invalidateQueries({ queryKey: trpc.pipelines.pathKey() }),
          queries.invalidateQueries({ queryKey: trpc.deployments.pathKey() }),
        ]);
      },
    }),
  );
  const problem = stop.error === null ? null : problemOf(stop.error);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Stop ${name}?`}
      description="It takes a last checkpoint and stops reading. A later deployment goes on from there."
    >
      <div className="flex flex-col gap-4">
        <Choice
          label="Stop and keep state"
          meaning="Open windows stay open. The next deployment completes them."
          variant="primary"
          busy={stop.isPending && stop.variables.drain !== true && stop.variables.savepoint === undefined}
          onClick={() => stop.mutate({ deploymentId, drain: false })}
        />
        <Choice
          label="Finish open windows, then stop"
          meaning="Windows fire now with what they hold. Records that belong to them and come later are late."
          variant="secondary"
          busy={stop.isPending && stop.variables.drain === true}
          onClick={() => stop.mutate({ deploymentId, drain: true })}
        />
        <StopWithSavepoint
          busy={stop.isPending && stop.variables.savepoint !== undefined}
          onStop={(savepoint) => stop.mutate({ deploymentId, drain: false, savepoint })}
        />
      </div>
      {problem !== null && <ProblemNote message={problem.message} fix={problem.fix} code={problem.code} />}
    </Dialog>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly meaning: string;
  readonly variant: "primary" | "secondary";
  readonly busy: boolean;
  readonly onClick: () => void;
}

function Choice({ label, meaning, variant, busy, onClick }: ChoiceProps) {
  return (
    <div className="flex flex-col gap-1">
      <Button variant={variant} busy={busy} onClick={onClick} className="w-full">
        {label}
      </Button>
      <p className="text-12 text-ink-3">{meaning}</p>
    </div>
  );
}

/** Keeps the last checkpoint under a name, so that a later deployment can start from just there. */
function StopWithSavepoint({ busy, onStop }: { readonly busy: boolean; readonly onStop: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <form
      className="flex flex-col gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") onStop(name.trim());
      }}
    >
      <TextField
        label="Or keep this moment as a savepoint"
        help="A deployment can start from it at any later time."
        value={name}
        onValueChange={setName}
        maxLength={120}
        placeholder="Before the new threshold"
      />
      <Button type="submit" variant="secondary" busy={busy} disabled={name.trim() === ""} className="w-full">
        Stop with savepoint
      </Button>
    </form>
  );
}
