import { defaultSettings, formatVersion, type PipelineDocument, parsePipeline, type Result, writePipeline } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { Problem } from "../errors/problem.ts";

/** Longest pipeline text that is taken, in characters. */
export const pipelineTextLimit = 2 << 20;

/** What to do about saved text that cannot be read. */
export const unreadableFix = "Export its text, mend it, and import it as a new pipeline.";

/** Reads pipeline text; the diagnostics say why it cannot be read. */
export function readPipelineText(text: string): Result<PipelineDocument> {
  return parsePipeline(text, catalogue);
}

/** Reads pipeline text, or throws `IMPORT_INVALID` with the diagnostics; `fix` says what to do where the text came from. */
export function requirePipeline(text: string, fix: string): PipelineDocument {
  const parsed = readPipelineText(text);
  if (parsed.ok) return parsed.value;
  throw importInvalid(parsed, fix);
}

/** The problem of text that is not a pipeline. */
export function importInvalid(failed: Extract<Result<unknown>, { ok: false }>, fix: string): Problem {
  const first = failed.diagnostics[0];
  return new Problem({
    transport: "BAD_REQUEST",
    code: first?.code ?? "IMPORT_INVALID",
    message: first?.message ?? "This is not a Millrace pipeline.",
    fix: first?.fix ?? fix,
    diagnostics: failed.diagnostics.slice(0, 50),
  });
}

/** Canonical text of the document under another id and name. */
export function rewritePipeline(document: PipelineDocument, identity: { readonly id: string; readonly name: string }): string {
  return writePipeline({ ...document, pipeline: { ...document.pipeline, ...identity } }, catalogue);
}

/** An empty pipeline. */
export function blankPipeline(identity: { readonly id: string; readonly name: string }): string {
  const pipeline = { ...identity, description: "", settings: defaultSettings, nodes: {}, edges: [], tests: [] };
  return writePipeline({ formatVersion, pipeline, layout: { nodes: {}, notes: [] } }, catalogue);
}
