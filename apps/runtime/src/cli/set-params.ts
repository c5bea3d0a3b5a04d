import type { Graph, GraphNode, JsonObject, JsonValue, PipelineDocument } from "@millrace/engine";
import { CliError, exitCodes } from "./exit-codes.ts";

/** One `--set node.param=value`. */
export interface ParamSetting {
  readonly node: string;
  readonly path: readonly string[];
  readonly value: JsonValue;
}

/** Reads `node.param=value`; the value is JSON where it can be, else text. Throws a `CliError`. */
export function parseSetting(text: string): ParamSetting {
  const match = /^([a-z][a-z0-9_]{0,62})\.([^=]+)=(.*)$/s.exec(text);
  if (match === null)
    throw new CliError(exitCodes.usage, `--set ${text} is not of the form node.param=value, such as --set source.path=events.ndjson.`);
  const [, node, path, value] = match;
  return { node, path: path.split("."), value: jsonOrText(value) };
}

/** The document with the settings applied. Throws a `CliError` for a node that it does not have; the checker judges params. */
export function applySettings(document: PipelineDocument, settings: readonly ParamSetting[]): PipelineDocument {
  return { ...document, pipeline: settings.reduce(applySetting, document.pipeline) };
}

function applySetting(graph: Graph, setting: ParamSetting): Graph {
  if (!Object.hasOwn(graph.nodes, setting.node)) {
    const nodes = Object.keys(graph.nodes).sort().join(", ");
    throw new CliError(exitCodes.usage, `--set names the node ${setting.node}, which this pipeline does not have. Its nodes are ${nodes}.`);
  }
  const node: GraphNode = graph.nodes[setting.node];
  return {
    ...graph,
    nodes: withMember(graph.nodes, setting.node, { ...node, params: withPath(node.params, setting.path, setting.value) }),
  };
}

function withPath(params: JsonObject, path: readonly string[], value: JsonValue): JsonObject {
  const [name, ...rest] = path;
  if (rest.length === 0) return withMember(params, name, value);
  const inner = Object.hasOwn(params, name) ? params[name] : undefined;
  return withMember(params, name, withPath(isObject(inner) ? inner : {}, rest, value));
}

/** Objects without prototype, so that no name is special. */
function withMember<T>(object: Readonly<Record<string, T>>, name: string, value: T): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), object, Object.fromEntries([[name, value]]));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
