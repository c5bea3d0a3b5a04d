"use client";

import { Button } from "../../design/Button.tsx";
import type { TemplateCardProps } from "./FeaturedTemplate.tsx";
import { GraphPicture } from "./GraphPicture.tsx";
import { OpenTemplateButton } from "./OpenTemplateButton.tsx";
import { TemplateTags } from "./TemplateTags.tsx";

/** A template among others. */
export function TemplateCard({ template, onShow }: TemplateCardProps) {
  return (
    <article className="flex h-full flex-col overflow-hidden rounded-panel border border-line bg-surface-1">
      <div className="flex h-36 items-center justify-center border-b border-line bg-surface-0 p-4">
        <GraphPicture
          graph={template.pipeline}
          layout={template.layout}
          label={`Graph of ${template.title}`}
          detail="icons"
          className="h-full w-full"
        />
      </div>
      <div className="flex flex-1 flex-col items-start gap-2 p-4">
        <h2 className="text-16 font-semibold">{template.title}</h2>
        <p className="text-13 leading-normal text-ink-2">{template.summary}</p>
        <TemplateTags template={template} />
        <div className="mt-auto flex gap-2 pt-2">
          <OpenTemplateButton template={template} variant="secondary" />
          <Button variant="quiet" onClick={() => onShow(template)}>
            What it does
          </Button>
        </div>
      </div>
    </article>
  );
}
