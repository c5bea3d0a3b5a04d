"use client";

import { useState } from "react";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { TextArea } from "../../design/TextArea.tsx";
import type { DeployOptions } from "./use-deploy.ts";

export interface DeployDialogProps {
  /** null: closed. */
  readonly startFrom: DeployOptions["startFrom"] | null;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onDeploy: (options: DeployOptions) => void;
}

/** Asks for a comment before deploying; for a start without state it also names what is lost. */
export function DeployDialog({ startFrom, busy, onClose, onDeploy }: DeployDialogProps) {
  const [comment, setComment] = useState("");
  const isEmpty = startFrom === "empty";
  return (
    <Dialog
      open={startFrom !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={isEmpty ? "Deploy and start empty" : "Deploy with a comment"}
      description={
        isEmpty
          ? "All state is discarded: open windows, alerts that are raised, and how far the sources were read. Records may be delivered again."
          : "The comment stands beside the version in the history."
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={isEmpty ? "danger" : "primary"}
            busy={busy}
            onClick={() => {
              if (startFrom !== null) onDeploy({ comment: comment.trim(), startFrom });
              setComment("");
            }}
          >
            {isEmpty ? "Discard state and deploy" : "Deploy"}
          </Button>
        </>
      }
    >
      <TextArea
        label="What changed"
        rows={3}
        maxLength={500}
        value={comment}
        onValueChange={setComment}
        placeholder="Count refunds apart"
      />
    </Dialog>
  );
}
