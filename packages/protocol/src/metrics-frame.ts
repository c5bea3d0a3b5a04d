import { z } from "zod";

const total = z.number().nonnegative();

/** Numbers of one node. Totals count since the deployment's first start and survive restarts with the checkpoint. */
export const nodeMetrics = z.object({
  /** Records in and out (main ports), totals. */
  recordsIn: total,
  recordsOut: total,
  /** Records a second over the last second. */
  inPerSecond: z.number(),
  outPerSecond: z.number(),
  late: total,
  deadLettered: total,
  /** Event-time watermark, ms since the epoch; null before any. */
  watermarkMs: z.number().nullable(),
  /** Shares of the last second, 0 to 1. */
  busy: z.number(),
  backPressured: z.number(),
  stateKeys: z.number(),
  stateBytes: z.number(),
  /** Further counters of this kind of operator: `partially_late`, … */
  counters: z.record(z.string(), z.number()),
});
export type NodeMetrics = z.infer<typeof nodeMetrics>;

/** Numbers of one edge of the graph. */
export const edgeMetrics = z.object({ records: total, perSecond: z.number() });
export type EdgeMetrics = z.infer<typeof edgeMetrics>;

/** One frame, 4 times a second per deployment, on the deployment's metrics channel and capped stream. */
export const metricsFrame = z.object({
  deploymentId: z.string(),
  pipelineId: z.string(),
  version: z.int(),
  sequence: z.int(),
  atMs: z.number(),
  /** By node slug. */
  nodes: z.record(z.string(), nodeMetrics),
  /** By `from node.port>to node.port`. */
  edges: z.record(z.string(), edgeMetrics),
  checkpoint: z.object({
    number: z.int(),
    /** Age of the newest committed one and how long it took; null = none yet. */
    ageMs: z.number().nullable(),
    durationMs: z.number().nullable(),
    bytes: z.number(),
  }),
  restarts: z.int(),
  /** Records that went in minus out, filtered, late, dead-lettered and buffered at the last checkpoint; always 0. */
  unaccounted: z.number(),
});
export type MetricsFrame = z.infer<typeof metricsFrame>;

/** Key of an edge in `MetricsFrame.edges`. */
export function edgeKey(edge: { readonly from: string; readonly to: string }): string {
  return `${edge.from}>${edge.to}`;
}
