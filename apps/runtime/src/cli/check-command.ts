import type { Diagnostic } from "@millrace/engine";
import { loadPipeline } from "../load-pipeline.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import { readPipelineFile } from "./read-pipeline-file.ts";
import { showDiagnostic } from "./show-diagnostic.ts";

/** `millrace check`: prints all diagnostics; returns the exit code. */
export async function checkCommand(path: string, options: { readonly json: boolean }, output: Output): Promise<number> {
  const loaded = loadPipeline(await readPipelineFile(path));
  const diagnostics: readonly Diagnostic[] = loaded.ok ? loaded.warnings : loaded.diagnostics;
  if (options.json) output.result(JSON.stringify({ ok: loaded.ok, diagnostics }, null, 2));
  else for (const diagnostic of diagnostics) output.result(showDiagnostic(diagnostic));
  if (loaded.ok && !options.json) {
    const { pipeline } = loaded.value.document;
    output.result(`${pipeline.id}: ${Object.keys(pipeline.nodes).length} nodes, ready to run.`);
  }
  return loaded.ok ? exitCodes.ok : exitCodes.diagnostics;
}
