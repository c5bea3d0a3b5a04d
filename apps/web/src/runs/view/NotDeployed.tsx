"use client";

import Link from "next/link";
import { useState } from "react";
import { Button, buttonClasses } from "../../design/Button.tsx";
import { EmptyState } from "../../design/EmptyState.tsx";
import { DeployDialog } from "./DeployDialog.tsx";

/** The run view of a pipeline that never ran. */
export function NotDeployed({ id, name }: { readonly id: string; readonly name: string }) {
  const [deploying, setDeploying] = useState(false);
  return (
    <>
      <EmptyState
        title={`${name} has not run yet`}
        actions={
          <>
            <Button variant="primary" onClick={() => setDeploying(true)}>
              Deploy
            </Button>
            <Link href={`/pipelines/${id}`} className={buttonClasses("secondary")}>
              Open in the editor
            </Link>
          </>
        }
      >
        Once it is deployed, this page shows what flows over every edge, the alerts as they fire and the rows of its live tables.
      </EmptyState>
      <DeployDialog pipelineId={id} name={name} open={deploying} onOpenChange={setDeploying} />
    </>
  );
}
