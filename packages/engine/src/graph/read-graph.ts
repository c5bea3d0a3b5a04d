import { importReasons } from "../diagnostics/import-reasons.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { type DocumentReader, isObject, record } from "./document-reader.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { readSettings } from "./pipeline-settings.ts";
import { compareText, pipelineIdForm, slugForm } from "./port-ref.ts";

/** Reads the member `pipeline` of a document of the present format; what is wrong is refused through `reader`. */
export function readGraph(value: JsonValue | undefined, reader: DocumentReader): Graph | undefined {
  const known = ["id", "name", "description", "settings", "nodes", "edges", "tests"];
  const pipeline = reader.object(value, "pipeline", known);
  if (pipeline === undefined) return undefined;
  const id = reader.text(pipeline.id, "pipeline.id", 63);
  if (id !== undefined && !pipelineIdForm.test(id)) {
    const expected = "a text of a-z, 0-9, _ and - that starts with a letter";
    reader.refuse(importReasons.wrongType({ what: "pipeline.id", expected, found: id }), { path: "pipeline.id" });
  }
  const name = reader.text(pipeline.name, "pipeline.name", 200);
  const description = reader.text(pipeline.description, "pipeline.description", 20_000, "");
  const settings = readSettings(pipeline.settings, reader);
  const nodes = readNodes(pipeline.nodes, reader);
  const edges = readEdges(pipeline.edges, reader);
  const tests = reader.list(pipeline.tests, "pipeline.tests");
  if (id === undefined || name === undefined || description === undefined) return undefined;
  return { id, name, description, settings, nodes, edges, tests };
}

function readNodes(value: JsonValue | undefined, reader: DocumentReader): Readonly<Record<string, GraphNode>> {
  const nodes = record<GraphNode>();
  if (value === undefined) {
    reader.refuse(importReasons.missing({ what: "pipeline.nodes" }), { path: "pipeline.nodes" });
    return nodes;
  }
  if (!isObject(value)) {
    const expected = "an object of nodes by their ids";
    reader.refuse(importReasons.wrongType({ what: "pipeline.nodes", expected, found: value }), { path: "pipeline.nodes" });
    return nodes;
  }
  for (const slug of Object.keys(value)) {
    if (!slugForm.test(slug)) {
      reader.refuse(importReasons.badSlug({ slug }), { path: "pipeline.nodes" });
      continue;
    }
    const node = readNode(slug, value[slug], reader);
    if (node !== undefined) nodes[slug] = node;
  }
  return nodes;
}

function readNode(slug: string, value: JsonValue | undefined, reader: DocumentReader): GraphNode | undefined {
  const path = `pipeline.nodes.${slug}`;
  const place = { node: slug, path };
  const node = reader.object(value, path, ["type", "version", "label", "params", "disabled"], place);
  if (node === undefined) return undefined;
  const type = reader.text(node.type, `${path}.type`, 100, undefined, place);
  const version = reader.count(node.version, `${path}.version`, 1, place);
  const label = reader.text(node.label, `${path}.label`, 200, "", place);
  const params = node.params === undefined ? record<JsonValue>() : reader.anyObject(node.params, `${path}.params`, place);
  const disabled = reader.flag(node.disabled, `${path}.disabled`, place);
  const secretAt = params === undefined ? null : findSecretObject(params, `${path}.params`);
  if (secretAt !== null) reader.refuse(importReasons.secretObject({ what: secretAt }), place);
  if (type === undefined || version === undefined || label === undefined || params === undefined) return undefined;
  return { type, version, label, params, disabled };
}

/** Path of an object such as `{"$secret": …}`, by which other tools name secrets. */
function findSecretObject(value: JsonValue, path: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  if (isObject(value) && Object.hasOwn(value, "$secret")) return path;
  for (const [name, member] of Object.entries(value as JsonObject)) {
    const found = findSecretObject(member, `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
}

function readEdges(value: JsonValue | undefined, reader: DocumentReader): readonly GraphEdge[] {
  const edges: GraphEdge[] = [];
  reader.list(value, "pipeline.edges").forEach((entry, i) => {
    const path = `pipeline.edges.${i}`;
    const edge = reader.object(entry, path, ["from", "to"]);
    if (edge === undefined) return;
    const from = reader.text(edge.from, `${path}.from`, 200);
    const to = reader.text(edge.to, `${path}.to`, 200);
    if (from !== undefined && to !== undefined) edges.push({ from, to });
  });
  return edges.sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to));
}
