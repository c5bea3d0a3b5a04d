import type { RunMetrics, RunOutcome } from "@millrace/engine";

/** What a run did, for people and (as JSON) for scripts. */
export interface RunSummary {
  readonly pipeline: string;
  readonly outcome: RunOutcome;
  readonly durationMs: number;
  /** Records that the sources read. */
  readonly records: number;
  readonly late: number;
  readonly deadLetters: number;
  /** Records per sink node, delivered by this run. */
  readonly sinks: Readonly<Record<string, number>>;
  readonly checkpoint: number;
  readonly unaccounted: number;
  /** Rows of live tables and alert inboxes; only with `--json` and without Redis. */
  readonly rows?: Readonly<Record<string, readonly unknown[]>>;
}

/** Sums the metrics of a run up. */
export function summarise(
  facts: Pick<RunSummary, "pipeline" | "outcome" | "durationMs" | "sinks">,
  metrics: RunMetrics,
  sources: readonly string[],
): RunSummary {
  const nodes = Object.values(metrics.nodes);
  const total = (pick: (node: RunMetrics["nodes"][string]) => number): number => nodes.reduce((sum, node) => sum + pick(node), 0);
  return {
    ...facts,
    records: sources.reduce((sum, node) => sum + (metrics.nodes[node]?.recordsIn ?? 0), 0),
    late: total((node) => node.late),
    deadLetters: total((node) => node.deadLettered),
    checkpoint: metrics.checkpoint.number,
    unaccounted: metrics.unaccounted,
  };
}

/** The summary as lines of text. */
export function showSummary(summary: RunSummary): string {
  const seconds = summary.durationMs / 1000;
  const rate = seconds > 0 ? Math.round(summary.records / seconds) : 0;
  const lines = [
    `${summary.pipeline} ${summary.outcome} after ${seconds.toFixed(2)} s`,
    `  ${summary.records} records read (${rate} a second), ${summary.late} late, ${summary.deadLetters} dead letters`,
  ];
  for (const [sink, rows] of Object.entries(summary.sinks)) lines.push(`  ${sink}: ${rows} rows`);
  lines.push(`  checkpoint ${summary.checkpoint}`);
  if (summary.unaccounted !== 0)
    lines.push(`  ${summary.unaccounted} records are unaccounted for; please report this as a fault of Millrace`);
  return lines.join("\n");
}
