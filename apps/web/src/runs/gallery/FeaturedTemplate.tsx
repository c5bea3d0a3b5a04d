"use client";

import { Button } from "../../design/Button.tsx";
import { GraphPicture } from "./GraphPicture.tsx";
import { OpenTemplateButton } from "./OpenTemplateButton.tsx";
import { TemplateTags } from "./TemplateTags.tsx";
import type { GalleryTemplate } from "./template.ts";

export interface TemplateCardProps {
  readonly template: GalleryTemplate;
  /** Shows its description. */
  readonly onShow: (template: GalleryTemplate) => void;
}

/** The template to begin with, large enough to read its graph. */
export function FeaturedTemplate({ template, onShow }: TemplateCardProps) {
  return (
    <article className="grid grid-cols-[minmax(0,5fr)_minmax(0,8fr)] overflow-hidden rounded-panel border border-line bg-surface-1 max-lg:grid-cols-1">
      <div className="flex flex-col items-start gap-3 p-6 max-sm:p-4">
        <h2 className="text-20 font-semibold tracking-tight">{template.title}</h2>
        <p className="text-14 text-ink-2">{template.summary}</p>
        <TemplateTags template={template} />
        <div className="mt-auto flex flex-wrap gap-2 pt-3">
          <OpenTemplateButton template={template} variant="primary" />
          <Button variant="quiet" onClick={() => onShow(template)}>
            What it does
          </Button>
        </div>
      </div>
      <div className="flex items-center justify-center border-l border-line bg-surface-0 p-6 max-lg:order-first max-lg:border-b max-lg:border-l-0 max-sm:p-4">
        <GraphPicture
          graph={template.pipeline}
          layout={template.layout}
          label={`Graph of ${template.title}`}
          detail="labels"
          className="h-auto max-h-80 w-full"
        />
      </div>
    </article>
  );
}
