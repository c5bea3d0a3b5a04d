import type { MetricsFrame } from "@millrace/protocol";

/** What flows through a pipeline as a whole. */
export interface PipelineRates {
  /** Records a second out of the sources. */
  readonly inPerSecond: number;
  /** Records a second into the sinks. */
  readonly outPerSecond: number;
  /** Totals of the same. */
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly late: number;
  readonly deadLettered: number;
  /** The watermark that is furthest behind, ms since the epoch; null before any. */
  readonly watermarkMs: number | null;
}

/** Sums a frame up: sources are the nodes that no edge leads to, sinks those that no edge leaves. */
export function pipelineRates(frame: MetricsFrame): PipelineRates {
  const { sources, sinks } = ends(frame);
  let inPerSecond = 0;
  let outPerSecond = 0;
  let recordsIn = 0;
  let recordsOut = 0;
  let late = 0;
  let deadLettered = 0;
  let watermarkMs: number | null = null;
  for (const [slug, node] of Object.entries(frame.nodes)) {
    if (sources.has(slug)) {
      inPerSecond += node.outPerSecond;
      recordsIn += node.recordsOut;
    }
    if (sinks.has(slug)) {
      outPerSecond += node.inPerSecond;
      recordsOut += node.recordsIn;
    }
    late += node.late;
    deadLettered += node.deadLettered;
    if (node.watermarkMs !== null) watermarkMs = watermarkMs === null ? node.watermarkMs : Math.min(watermarkMs, node.watermarkMs);
  }
  return { inPerSecond, outPerSecond, recordsIn, recordsOut, late, deadLettered, watermarkMs };
}

function ends(frame: MetricsFrame): { readonly sources: ReadonlySet<string>; readonly sinks: ReadonlySet<string> } {
  const sources = new Set(Object.keys(frame.nodes));
  const sinks = new Set(sources);
  for (const key of Object.keys(frame.edges)) {
    const [from = "", to = ""] = key.split(">");
    sinks.delete(nodeOf(from));
    sources.delete(nodeOf(to));
  }
  return { sources, sinks };
}

function nodeOf(end: string): string {
  const dot = end.indexOf(".");
  return dot === -1 ? end : end.slice(0, dot);
}
