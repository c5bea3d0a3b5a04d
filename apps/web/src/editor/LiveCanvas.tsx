"use client";

import type { PipelineDocument } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { useLiveStore } from "../live/LiveProvider.tsx";
import { ReadOnlyCanvas } from "./canvas/ReadOnlyCanvas.tsx";
import { LiveMetricsContext } from "./live/live-metrics.ts";

export interface LiveCanvasProps {
  /** What is deployed. */
  readonly document: PipelineDocument;
  readonly deploymentId: string;
  /** Slug of the node that is looked at; null for none. */
  readonly selected: string | null;
  readonly onSelect: (slug: string) => void;
}

/** A deployed pipeline with its live numbers, to look at: nodes can be selected but not moved. */
export function LiveCanvas({ document, deploymentId, selected, onSelect }: LiveCanvasProps) {
  const store = useLiveStore(deploymentId);
  return (
    <LiveMetricsContext value={store}>
      <ReadOnlyCanvas document={document} catalogue={catalogue} selected={selected} onSelect={onSelect} />
    </LiveMetricsContext>
  );
}
