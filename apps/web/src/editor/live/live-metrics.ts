"use client";

import type { EdgeMetrics, NodeMetrics } from "@millrace/protocol";
import { createContext, useContext } from "react";

/** Where live numbers come from. Listeners are called a few times a second and write to the page themselves. */
export interface LiveMetrics {
  subscribeNode(slug: string, listener: (metrics: NodeMetrics) => void): () => void;
  /** `key` as in metric frames: `node.port>node.port`. */
  subscribeEdge(key: string, listener: (metrics: EdgeMetrics) => void): () => void;
}

/** The numbers of the deployment that the canvas shows; null while nothing runs. */
export const LiveMetricsContext = createContext<LiveMetrics | null>(null);

export function useLiveMetrics(): LiveMetrics | null {
  return useContext(LiveMetricsContext);
}
