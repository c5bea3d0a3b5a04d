"use client";

import { Dialog } from "../../design/Dialog.tsx";
import { Markdown } from "../../design/Markdown.tsx";
import { GraphPicture } from "./GraphPicture.tsx";
import { OpenTemplateButton } from "./OpenTemplateButton.tsx";
import { TemplateTags } from "./TemplateTags.tsx";
import type { GalleryTemplate } from "./template.ts";

export interface TemplateDialogProps {
  /** null: closed. */
  readonly template: GalleryTemplate | null;
  readonly onClose: () => void;
}

/** What a template does, at length. */
export function TemplateDialog({ template, onClose }: TemplateDialogProps) {
  return (
    <Dialog
      open={template !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={template?.title ?? ""}
      description={template?.summary ?? ""}
      width="wide"
      actions={template === null ? undefined : <OpenTemplateButton template={template} variant="primary" />}
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
          <Markdown text={template.description} className="max-w-[68ch]" />
        </>
      )}
    </Dialog>
  );
}
