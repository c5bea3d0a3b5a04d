import {
  checkGraph,
  contentHash,
  type Diagnostic,
  failure,
  type LogicalPlan,
  type PipelineDocument,
  parsePipeline,
  planGraph,
  type Result,
  success,
} from "@millrace/engine";
import { catalogue } from "@millrace/nodes";

/** A pipeline that is ready to run. */
export interface LoadedPipeline {
  readonly document: PipelineDocument;
  readonly plan: LogicalPlan;
  readonly graphHash: string;
}

/** From pipeline JSON to its plan: parse, check, plan. `adjust` may change the document in between. */
export function loadPipeline(
  text: string,
  adjust: (document: PipelineDocument) => PipelineDocument = (document) => document,
): Result<LoadedPipeline> {
  const parsed = parsePipeline(text, catalogue);
  if (!parsed.ok) return parsed;
  const document = adjust(parsed.value);
  const { checked, diagnostics } = checkGraph(document.pipeline, catalogue);
  const found: readonly Diagnostic[] = [...diagnostics, ...parsed.warnings];
  if (checked === null) return failure(found);
  const planned = planGraph(checked);
  if (!planned.ok) return failure([...planned.diagnostics, ...found]);
  const graphHash = contentHash(document.pipeline, catalogue);
  return success({ document, plan: planned.value, graphHash }, [...found, ...planned.warnings]);
}
