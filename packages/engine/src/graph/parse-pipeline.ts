import { type Diagnostic, error, warning } from "../diagnostics/diagnostic.ts";
import { cut, importReasons } from "../diagnostics/import-reasons.ts";
import { failure, type Result, success } from "../diagnostics/result.ts";
import type { Catalogue } from "../node/catalogue.ts";
import type { JsonObject } from "../types/json-value.ts";
import { DocumentReader, record } from "./document-reader.ts";
import { edgeProblems } from "./edge-problems.ts";
import { recogniseForeignFile, recogniseForeignJson, recogniseForeignText } from "./foreign-format.ts";
import { formatVersion, type Graph, type GraphNode, type PipelineDocument } from "./graph.ts";
import { type JsonProblem, readJson } from "./json-text.ts";
import { migrateFormat, migrateNode } from "./migrate-graph.ts";
import { readGraph } from "./read-graph.ts";
import { readLayout } from "./read-layout.ts";
import { stripSecrets } from "./strip-secrets.ts";

/** What a pipeline document may be at most. */
export const documentLimits = { maxBytes: 2 << 20, maxDepth: 64 } as const;

/**
 * Reads a pipeline document from foreign text. Nothing of it is trusted: the text is strict JSON within
 * `documentLimits`, the structure is exact, edges join ports that exist and close no cycle; else
 * `IMPORT_INVALID`, `TOO_LARGE`, `TOO_DEEP` or `FORMAT_TOO_NEW`. Params are kept as they are, for `checkGraph`.
 *
 * With a warning: nodes of unknown types or newer versions become disabled placeholders, plain-text
 * secrets are left out, and looks that make no sense are repaired. Older formats and older node versions
 * are migrated.
 */
export function parsePipeline(text: string, catalogue: Catalogue): Result<PipelineDocument> {
  const foreign = recogniseForeignFile(text);
  if (foreign !== null) return invalid(foreign);
  const reading = readJson(text, documentLimits);
  if (!reading.ok) return failure([explainProblem(reading.problem, text)]);
  const otherTool = recogniseForeignJson(reading.value);
  if (otherTool !== null) return invalid(otherTool);
  return readDocument(reading.value as JsonObject, catalogue);
}

function readDocument(document: JsonObject, catalogue: Catalogue): Result<PipelineDocument> {
  const reader = new DocumentReader();
  const version = reader.count(document.formatVersion, "formatVersion", 1);
  if (version === undefined) return failure(reader.diagnostics());
  if (version > formatVersion) {
    return failure([error("FORMAT_TOO_NEW", { found: version, supported: formatVersion }, { path: "formatVersion" })]);
  }
  const present = migrateFormat(document, version);
  reader.object(present, "the document", ["formatVersion", "pipeline", "layout"], {});
  const raw = readGraph(present.pipeline, reader);
  if (raw === undefined || reader.diagnostics().length > 0) return failure(reader.diagnostics());
  const warnings: Diagnostic[] = [];
  const pipeline = resolveNodes(raw, catalogue, warnings);
  for (const { edge, reason } of edgeProblems(pipeline, catalogue)) {
    reader.refuse(importReasons.edge({ edge, reason }), { edge });
  }
  if (reader.diagnostics().length > 0) return failure(reader.diagnostics());
  const { layout, warnings: repairs } = readLayout(present.layout, pipeline);
  return success({ formatVersion, pipeline, layout }, [...warnings, ...repairs]);
}

/** Migrates nodes, makes placeholders of unknown ones and leaves secrets out. */
function resolveNodes(graph: Graph, catalogue: Catalogue, warnings: Diagnostic[]): Graph {
  const nodes = record<GraphNode>();
  for (const [slug, node] of Object.entries(graph.nodes)) {
    const definition = catalogue.find(node.type);
    const place = { node: slug };
    const { params, stripped } = stripSecrets(node.params, definition?.params);
    for (const param of stripped) warnings.push(warning("SECRET_STRIPPED", { param }, { node: slug, param }));
    const safe = stripped.length === 0 ? node : { ...node, params };
    const migrated = definition === undefined ? null : migrateNode(safe, definition);
    nodes[slug] = migrated ?? { ...safe, disabled: true };
    if (definition === undefined) warnings.push(warning("NODE_TYPE_UNKNOWN", { type: node.type }, place));
    else if (migrated === null)
      warnings.push(warning("NODE_MIGRATION_FAILED", { type: node.type, from: node.version, to: definition.version }, place));
    else if (node.version > definition.version) {
      warnings.push(warning("NODE_VERSION_NEWER", { type: node.type, found: node.version, supported: definition.version }, place));
      nodes[slug] = { ...safe, disabled: true };
    }
  }
  return { ...graph, nodes };
}

function explainProblem(problem: JsonProblem, text: string): Diagnostic {
  switch (problem.kind) {
    case "too-large":
      return error("TOO_LARGE", { what: "The file", actualBytes: problem.actualBytes, limitBytes: problem.limitBytes });
    case "too-deep":
      return error("TOO_DEEP", { what: "The file", limit: problem.limit });
    case "syntax":
      return error("IMPORT_INVALID", { reason: recogniseForeignText(text) ?? importReasons.syntax(problem) });
    case "duplicate-key":
      return error(
        "IMPORT_INVALID",
        { reason: importReasons.duplicateKey(problem) },
        { path: [...problem.within, problem.key].map(cut).join(".") },
      );
    case "forbidden-key":
      return error("IMPORT_INVALID", { reason: importReasons.forbiddenKey(problem) }, { path: problem.within.map(cut).join(".") });
  }
}

function invalid(reason: string): Result<PipelineDocument> {
  return failure([error("IMPORT_INVALID", { reason })]);
}
