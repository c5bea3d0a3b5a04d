"use client";

import type { Diagnostic, PipelineDocument, Result } from "@millrace/engine";
import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "../../design/Button.tsx";
import { Dialog } from "../../design/Dialog.tsx";
import { plural } from "../../design/format/numbers.ts";
import { TextArea } from "../../design/TextArea.tsx";
import { toast } from "../../design/Toaster.tsx";
import { placeNodes } from "../canvas/layout/place-nodes.ts";
import { replaceDocument } from "../document/replace-document.ts";
import { severityLooks } from "../problems/ProblemsTab.tsx";
import { useSession } from "../session/use-session.ts";
import { readPipelineFile } from "./pipeline-file.ts";

export interface ImportDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Takes pipeline JSON from a file or the clipboard in place of this one; that can be undone. */
export function ImportDialog({ open, onOpenChange }: ImportDialogProps) {
  const session = useSession();
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const parsed: Result<PipelineDocument> | null = text.trim() === "" ? null : session.language.parse(text);
  const findings = parsed === null ? [] : parsed.ok ? parsed.warnings : parsed.diagnostics;
  const close = (): void => {
    setText("");
    onOpenChange(false);
  };
  const replace = (): void => {
    if (parsed?.ok !== true) return;
    session.edit({ label: "Import" }, (document) => replaceDocument(document, placeNodes(parsed.value, session.language.catalogue)));
    requestAnimationFrame(() => session.canvas.get()?.fitView());
    toast.success(`Imported ${parsed.value.pipeline.name}`, { description: "Undo brings back what was here." });
    close();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      width="wide"
      title="Import a pipeline"
      description="It takes the place of what is on the canvas. Undo brings that back."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" disabled={parsed?.ok !== true} onClick={replace}>
            {parsed?.ok === true ? `Replace with ${plural(Object.keys(parsed.value.pipeline.nodes).length, "node")}` : "Replace"}
          </Button>
        </>
      }
    >
      <div>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          className="sr-only"
          tabIndex={-1}
          aria-label="Pipeline file"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            if (chosen !== undefined) void readPipelineFile(chosen).then(setText);
            event.target.value = "";
          }}
        />
        <Button icon={<Upload size={14} />} onClick={() => file.current?.click()}>
          Choose a file
        </Button>
      </div>
      <TextArea
        label="Or paste pipeline JSON"
        mono
        rows={8}
        value={text}
        onValueChange={setText}
        placeholder={'{"formatVersion": 1, "pipeline": { … } }'}
      />
      {findings.length > 0 && <Findings findings={findings} />}
    </Dialog>
  );
}

/** At most so many findings are listed. */
const shown = 12;

function Findings({ findings }: { readonly findings: readonly Diagnostic[] }) {
  return (
    <ul className="flex flex-col gap-1 text-13" aria-label="What was found">
      {findings.slice(0, shown).map((finding) => {
        const { icon: Icon, word, ink } = severityLooks[finding.severity];
        return (
          <li
            key={`${finding.code} ${finding.message} ${finding.place.path ?? finding.place.node ?? ""}`}
            className="flex items-start gap-2"
          >
            <span className={`flex items-center gap-1 font-medium ${ink}`}>
              <Icon size={14} aria-hidden />
              {word}
            </span>
            <span className="min-w-0 break-words">
              {finding.message} {finding.fix}
            </span>
          </li>
        );
      })}
      {findings.length > shown && <li className="text-ink-3">and {findings.length - shown} more</li>}
    </ul>
  );
}
