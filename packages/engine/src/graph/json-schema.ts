import { z } from "zod";
import type { Catalogue } from "../node/catalogue.ts";
import type { NodeDefinition } from "../node/node-definition.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { formatVersion } from "./graph.ts";
import { settingsSchema } from "./pipeline-settings.ts";
import { pipelineIdForm, slugForm } from "./port-ref.ts";

const text = (maxLength: number): JsonObject => ({ type: "string", maxLength });
const portRef: JsonObject = { type: "string", pattern: "^[a-z][a-z0-9_]{0,62}\\.[a-z][a-z0-9_]{0,62}$" };

/**
 * JSON Schema (draft 2020-12) of pipeline documents with the nodes of a catalogue: for editors and other
 * tools. It says what a single value may be; what joins two of them (edges, fields, expressions) only
 * `parsePipeline` and `checkGraph` tell. Params of nodes in older versions are not described.
 */
export function pipelineJsonSchema(catalogue: Catalogue): JsonObject {
  const nodes = [...catalogue.definitions].sort((a, b) => (a.type < b.type ? -1 : 1));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Millrace pipeline",
    ...object({ formatVersion: { const: formatVersion }, pipeline: pipelineSchema(), layout: layoutSchema() }, [
      "formatVersion",
      "pipeline",
    ]),
    $defs: {
      node: { anyOf: nodes.map((definition) => ({ $ref: `#/$defs/${definition.type}` })) },
      ...Object.fromEntries(nodes.map((definition) => [definition.type, nodeSchema(definition)])),
    },
  };
}

function pipelineSchema(): JsonObject {
  return object(
    {
      id: { type: "string", pattern: pipelineIdForm.source },
      name: text(200),
      description: text(20_000),
      settings: object(settingsSchema, []),
      nodes: { type: "object", propertyNames: { pattern: slugForm.source }, additionalProperties: { $ref: "#/$defs/node" } },
      edges: { type: "array", uniqueItems: true, items: object({ from: portRef, to: portRef }, ["from", "to"]) },
      tests: { type: "array" },
    },
    ["id", "name", "nodes"],
  );
}

function layoutSchema(): JsonObject {
  const position = { x: { type: "number" }, y: { type: "number" } };
  const note = { id: text(100), text: text(20_000), ...position, width: { type: "number" }, height: { type: "number" } };
  return object(
    {
      nodes: { type: "object", additionalProperties: object(position, ["x", "y"]) },
      notes: { type: "array", items: object(note, ["id", "text", "x", "y", "width", "height"]) },
    },
    [],
  );
}

function nodeSchema(definition: NodeDefinition): JsonObject {
  // `toJSONSchema` returns plain JSON; drafts may lack required params, which the schema asks for all the same.
  const { $schema: _, ...params } = z.toJSONSchema(definition.params, { io: "input", unrepresentable: "any" }) as Readonly<
    Record<string, JsonValue>
  >;
  const needsParams = Array.isArray(params.required) && params.required.length > 0;
  return {
    title: definition.label,
    description: definition.summary,
    ...object(
      {
        type: { const: definition.type },
        version: { const: definition.version },
        label: text(200),
        params,
        disabled: { type: "boolean" },
      },
      needsParams ? ["type", "version", "params"] : ["type", "version"],
    ),
  };
}

function object(properties: Readonly<Record<string, JsonValue>>, required: readonly string[]): JsonObject {
  return { type: "object", properties, required, additionalProperties: false };
}
