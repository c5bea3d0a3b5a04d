import { checkGraph, type LogicalPlan, parsePipeline, planGraph } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";

/** The plan of a pipeline document; throws what is wrong with it. */
export function planOf(document: unknown): LogicalPlan {
  const parsed = parsePipeline(JSON.stringify(document), catalogue);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const report = checkGraph(parsed.value.pipeline, catalogue);
  if (report.checked === null) throw new Error(JSON.stringify(report.diagnostics));
  const plan = planGraph(report.checked);
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics));
  return plan.value;
}
