"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { ProblemNote } from "../../design/ProblemNote.tsx";
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
          busy={stop.isPending && stop.variables.drain !== true}
          onClick={() => stop.mutate({ deploymentId, drain: false })}
        />
        <Choice
          label="Finish open windows, then stop"
          meaning="Windows fire now with what they hold. Records that belong to them and come later are late."
          variant="secondary"
          busy={stop.isPending && stop.variables.drain === true}
          onClick={() => stop.mutate({ deploymentId, drain: true })}
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
