"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { useLastingError } from "../../client/use-lasting-error.ts";
import { Button } from "../../design/Button.tsx";
import { ProblemNote } from "../../design/ProblemNote.tsx";
import { Skeleton } from "../../design/Skeleton.tsx";
import { Page } from "../../shell/Page.tsx";
import { FeaturedTemplate } from "./FeaturedTemplate.tsx";
import { TemplateCard } from "./TemplateCard.tsx";
import { TemplateDialog } from "./TemplateDialog.tsx";
import type { GalleryTemplate } from "./template.ts";

/** Pipelines to begin with. The first one is shown large. */
export function GalleryPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.templates.list.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const { data: templates } = list;
  const error = useLastingError(list);
  const [shown, setShown] = useState<GalleryTemplate | null>(null);
  const [featured, ...others] = templates ?? [];
  const problem = error === null ? null : problemOf(error);
  return (
    <Page
      title="Gallery"
      lead="Pipelines that run as they are, each with its own stream of data. Open one, change it, deploy it; the template stays as it is."
    >
      {problem !== null && (
        <ProblemNote
          message={problem.message}
          fix={problem.fix}
          code={problem.code}
          actions={<Button onClick={() => list.refetch()}>Try again</Button>}
        />
      )}
      {templates === undefined && problem === null && <GallerySkeleton />}
      {featured !== undefined && <FeaturedTemplate template={featured} onShow={setShown} />}
      {others.length > 0 && (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(340px,100%),1fr))] gap-4">
          {others.map((template) => (
            <li key={template.id}>
              <TemplateCard template={template} onShow={setShown} />
            </li>
          ))}
        </ul>
      )}
      <TemplateDialog template={shown} onClose={() => setShown(null)} />
    </Page>
  );
}

function GallerySkeleton() {
  return (
    <div role="status" aria-label="Loading templates" className="flex flex-col gap-4">
      <Skeleton className="h-72 w-full" />
      <div className="grid grid-cols-3 gap-4 max-lg:grid-cols-1">
        <Skeleton className="h-56 w-full" />
        <Skeleton className="h-56 w-full" />
        <Skeleton className="h-56 w-full" />
      </div>
    </div>
  );
}
