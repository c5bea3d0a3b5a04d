"use client";

import { useEffect } from "react";
import { Button } from "../design/Button.tsx";
import { EmptyState } from "../design/EmptyState.tsx";

/** A page that broke. The rest of the application goes on. */
export default function PageError({ error, reset }: { readonly error: Error & { readonly digest?: string }; readonly reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1280px] px-6 outline-none">
      <EmptyState
        title="This page could not be shown"
        actions={
          <>
            <Button variant="primary" onClick={reset}>
              Try again
            </Button>
            <Button onClick={() => window.location.assign("/")}>Go to the pipelines</Button>
          </>
        }
      >
        <p>Something on this page failed. Deployed pipelines are not affected, and the last saved draft is safe.</p>
        {error.digest !== undefined && <p className="mt-2 font-mono text-12 text-ink-3">Reference {error.digest}</p>}
      </EmptyState>
    </main>
  );
}
