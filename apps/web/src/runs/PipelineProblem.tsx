"use client";

import Link from "next/link";
import { problemOf } from "../client/problem-of.ts";
import { Button, buttonClasses } from "../design/Button.tsx";
import { EmptyState } from "../design/EmptyState.tsx";

export interface PipelineProblemProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Why the page of a pipeline cannot be shown: it does not exist, or something cannot be reached. */
export function PipelineProblem({ error, onRetry }: PipelineProblemProps) {
  const { code, message, fix } = problemOf(error);
  const isGone = code === "PIPELINE_NOT_FOUND" || code === "INPUT_INVALID";
  return (
    <EmptyState
      title={isGone ? "There is no such pipeline" : "The pipeline cannot be shown now"}
      actions={
        <>
          {!isGone && (
            <Button variant="primary" onClick={onRetry}>
              Try again
            </Button>
          )}
          <Link href="/" className={buttonClasses(isGone ? "primary" : "secondary")}>
            Go to the pipelines
          </Link>
        </>
      }
    >
      {isGone ? "It may have been deleted, or the address has a typing error." : `${message} ${fix ?? ""}`.trim()}
      {!isGone && <p className="mt-2 font-mono text-12 text-ink-3">{code}</p>}
    </EmptyState>
  );
}
