import { explainPlan, explainState, explainWorkers } from "@millrace/engine";
import { loadPipeline } from "../load-pipeline.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import { readPipelineFile } from "./read-pipeline-file.ts";
import { showDiagnostic } from "./show-diagnostic.ts";

/** `millrace explain`: prints the operators that would run; returns the exit code. */
export async function explainCommand(path: string, options: { readonly json: boolean }, output: Output): Promise<number> {
  const loaded = loadPipeline(await readPipelineFile(path));
  if (!loaded.ok) {
    for (const diagnostic of loaded.diagnostics) output.note(showDiagnostic(diagnostic));
    return exitCodes.diagnostics;
  }
  const { document, plan } = loaded.value;
  const { settings } = document.pipeline;
  output.result(
    options.json
      ? JSON.stringify(plan, null, 2)
      : `${explainPlan(plan)}\n${explainState(plan, settings.state)}${explainWorkers(plan, settings)}`,
  );
  return exitCodes.ok;
}
