"use client";

import type { Diagnostic } from "@millrace/engine";
import { Download } from "lucide-react";
import { Button } from "../design/Button.tsx";
import { EmptyState } from "../design/EmptyState.tsx";
import { useExport } from "./use-export.ts";

export interface UnreadablePipelineProps {
  readonly id: string;
  readonly name: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** A pipeline whose saved text is not a pipeline: what is wrong, and a way to get the text out. */
export function UnreadablePipeline({ id, name, diagnostics }: UnreadablePipelineProps) {
  const exportPipeline = useExport();
  return (
    <>
      <EmptyState
        title={`${name} cannot be opened`}
        actions={
          <Button variant="primary" icon={<Download size={14} aria-hidden />} onClick={() => exportPipeline(id)}>
            Export the raw text
          </Button>
        }
      >
        Its saved text is not a pipeline that this version can read. Nothing was changed. Export the text, mend it in a text editor, and
        import it as a new pipeline.
      </EmptyState>
      <ul aria-label="What is wrong" className="flex flex-col gap-3 text-14">
        {diagnostics.map((finding) => (
          <li key={`${finding.code} ${finding.message}`} className="border-l-2 border-danger ps-4">
            <p className="text-ink">{finding.message}</p>
            {finding.fix !== undefined && <p className="text-ink-2">{finding.fix}</p>}
            <p className="font-mono text-12 text-ink-3">
              {finding.code}
              {finding.place.path !== undefined && ` at ${finding.place.path}`}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
