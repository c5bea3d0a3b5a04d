"use client";

import { useState } from "react";
import { Dialog } from "../../design/Dialog.tsx";
import { Markdown } from "../../design/Markdown.tsx";
import { DataChoiceForm } from "./DataChoiceForm.tsx";
import type { DataChoice } from "./data-choice.ts";
import { GraphPicture } from "./GraphPicture.tsx";
import { OpenTemplateButton } from "./OpenTemplateButton.tsx";
import { TemplateTags } from "./TemplateTags.tsx";
import type { GalleryTemplate } from "./template.ts";

export interface TemplateDialogProps {
  /** null: closed. */
  readonly template: GalleryTemplate | null;
  readonly onClose: () => void;
}

/** What a template does, at length, and where its data is to come from. */
export function TemplateDialog({ template, onClose }: TemplateDialogProps) {
  const [choice, setChoice] = useState<DataChoice>({ kind: "simulated" });
  return (
    <Dialog
      open={template !== null}
      onOpenChange={(open) => {
        if (open) return;
        setChoice({ kind: "simulated" });
        onClose();
      }}
      title={template?.title ?? ""}
      description={template?.summary ?? ""}
      width="wide"
      actions={template === null ? undefined : <OpenTemplateButton template={template} choice={choice} variant="primary" />}
    >
      {template !== null && (
        <>
          <TemplateTags template={template} />
          <div className="rounded-panel border border-line bg-surface-0 p-4">
            <GraphPicture
              graph={template.pipeline}
              layout={template.layout}
              label={`Graph of ${template.title}`}
              detail="labels"
              className="h-auto max-h-64 w-full"
            />
          </div>
          {template.kafka !== undefined && <DataChoiceForm template={template} choice={choice} onChange={setChoice} />}
          <Markdown text={template.description} className="max-w-[68ch]" />
        </>
      )}
    </Dialog>
  );
}
