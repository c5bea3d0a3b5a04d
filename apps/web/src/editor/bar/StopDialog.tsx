"use client";

import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";

export interface StopDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly version: number | null;
  readonly busy: boolean;
  readonly onStop: () => Promise<void>;
}

/** Asks before what runs is stopped. */
export function StopDialog({ open, onOpenChange, version, busy, onStop }: StopDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Stop version ${version ?? ""}?`}
      description="It takes a last checkpoint and stops reading. The next deployment goes on from there."
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Keep it running</Button>
          <Button variant="danger" busy={busy} onClick={() => void onStop().then(() => onOpenChange(false))}>
            Stop and keep state
          </Button>
        </>
      }
    />
  );
}
