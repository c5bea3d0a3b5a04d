import type { CheckReport, Diagnostic, Graph, Severity } from "@millrace/engine";

/** Findings as the pane shows them: errors first, then warnings, then the rest; each in the checker's order. */
export function listProblems(report: CheckReport): readonly Diagnostic[] {
  return (["error", "warning", "info"] as const).flatMap((severity) =>
    report.diagnostics.filter((diagnostic) => diagnostic.severity === severity),
  );
}

/** How many findings of each severity there are. */
export function countProblems(report: CheckReport): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const diagnostic of report.diagnostics) counts[diagnostic.severity]++;
  return counts;
}

/** Why the graph cannot be deployed, as a sentence; null when it can. */
export function deployRefusal(graph: Graph, report: CheckReport): string | null {
  if (Object.keys(graph.nodes).length === 0) return "There is nothing to deploy yet: add a source and a sink.";
  const { error } = countProblems(report);
  if (error === 0) return null;
  return error === 1 ? "One error stands in the way." : `${error} errors stand in the way.`;
}
