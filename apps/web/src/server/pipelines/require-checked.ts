import { type CheckedGraph, checkGraph, type Diagnostic, type PipelineDocument } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { Problem } from "../errors/problem.ts";

/** The checked graph of a pipeline that can run, or the problem `PIPELINE_INVALID` with all findings. */
export function requireChecked(document: PipelineDocument): CheckedGraph {
  const report = checkGraph(document.pipeline, catalogue);
  const errors = report.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (report.checked !== null) return report.checked;
  const count = errors.length === 1 ? "one error" : `${errors.length} errors`;
  throw new Problem({
    transport: "BAD_REQUEST",
    code: "PIPELINE_INVALID",
    message: `${document.pipeline.name} has ${count} and cannot be deployed. ${firstWords(document, errors[0])}`.trim(),
    fix: errors.length === 1 && errors[0]?.fix !== undefined ? errors[0].fix : "The problems pane of the editor lists what to mend.",
    diagnostics: report.diagnostics.slice(0, 100),
  });
}

/** The first finding with the name of its node before it. */
function firstWords({ pipeline }: PipelineDocument, finding: Diagnostic | undefined): string {
  const slug = finding?.place.node;
  const node = slug !== undefined && Object.hasOwn(pipeline.nodes, slug) ? pipeline.nodes[slug] : undefined;
  const label = node === undefined ? "" : `${node.label === "" ? slug : node.label}: `;
  return finding === undefined ? "" : `${label}${finding.message}`;
}
