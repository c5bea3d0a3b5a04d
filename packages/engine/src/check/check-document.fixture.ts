import { parsePipeline } from "../graph/parse-pipeline.ts";
import { smallDocument, smallEdges, smallNodes } from "../graph/small-document.fixture.ts";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import { showType } from "../types/field-type.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import type { StreamType } from "../types/stream-type.ts";
import { checkGraph } from "./check-graph.ts";
import type { CheckReport } from "./check-report.ts";

/** Checks a graph of nodes of the small catalogue. */
export function check(nodes: JsonObject = smallNodes, edges: readonly JsonValue[] = smallEdges): CheckReport {
  const result = parsePipeline(JSON.stringify(smallDocument(nodes, edges)), smallCatalogue);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return checkGraph(result.value.pipeline, smallCatalogue);
}

/** Findings as `severity CODE node.param` or `node:port`. */
export function findings(report: CheckReport): readonly string[] {
  return report.diagnostics.map(({ severity, code, place }) => {
    const onEdge = place.edge === undefined ? "" : `${place.edge.from}>${place.edge.to}`;
    return `${severity} ${code} ${place.node ?? onEdge}${place.param === undefined ? "" : `.${place.param}`}${place.port === undefined ? "" : `:${place.port}`}`.trim();
  });
}

/** Findings that are errors. */
export function errors(report: CheckReport): readonly string[] {
  return findings(report).filter((line) => line.startsWith("error"));
}

/** Fields of a type, on one line. */
export function fieldsOf(type: StreamType | null | undefined): string | undefined {
  return type?.fields.map((field) => `${field.name} ${showType(field.type)}`).join(", ");
}

/** An edge from `out` to `in`. */
export const edge = (from: string, to: string): JsonObject => ({ from: `${from}.out`, to: `${to}.in` });

/** The small graph with other params of its window. */
export const windowNode = (params: JsonObject): JsonObject => ({
  ...smallNodes,
  totals: { type: "window", version: 1, params: { aggregates: [{ as: "n", fn: "count" }], ...params } },
});
