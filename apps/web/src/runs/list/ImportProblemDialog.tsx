"use client";

import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import type { ProblemShape } from "../../server/errors/problem.ts";

export interface ImportProblemDialogProps {
  /** null: closed. */
  readonly problem: ProblemShape | null;
  readonly onClose: () => void;
}

/** Why a file could not be imported: every finding with its place. Nothing was saved. */
export function ImportProblemDialog({ problem, onClose }: ImportProblemDialogProps) {
  const findings = problem?.diagnostics ?? [];
  return (
    <Dialog
      open={problem !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="The file was not imported"
      description={problem === null ? "" : [problem.message, problem.fix].filter((part) => part !== null && part !== "").join(" ")}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {findings.length > 1 && (
        <ul className="flex flex-col gap-2 text-13">
          {findings.slice(0, 20).map((finding) => (
            <li key={`${finding.code} ${finding.message}`} className="border-l-2 border-danger ps-3">
              {finding.message}{" "}
              {finding.place.path !== undefined && <span className="font-mono text-12 text-ink-3">{finding.place.path}</span>}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
