"use client";

import Link from "next/link";
import { Button, buttonClasses } from "../../design/Button.tsx";
import { EmptyState } from "../../design/EmptyState.tsx";

/** What one sees before there is any pipeline: an invitation to the gallery. */
export function FirstSteps({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <EmptyState
      title="Draw your first pipeline"
      level={2}
      actions={
        <>
          <Link href="/gallery" className={buttonClasses("primary")}>
            Start from the gallery
          </Link>
          <Button onClick={onCreate}>Start with an empty canvas</Button>
        </>
      }
    >
      Each pipeline of the gallery brings its own stream of data: open one, look at the records on every edge, deploy it and watch it run.
      It takes about two minutes until the first alert.
    </EmptyState>
  );
}
