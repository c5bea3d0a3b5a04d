import {
  type Catalogue,
  createCatalogue,
  defaultSettings,
  defineNode,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type JsonObject,
  type NodeDefinition,
  type NodeExample,
  param,
} from "@millrace/engine";
import { inferFields } from "./infer-fields.ts";

/** Slugs of the nodes around the one under test. */
export const exampleSlugs = {
  subject: "subject",
  feed: (port: string) => `feed_${port}`,
  collect: (port: string) => `collect_${port}`,
} as const;

/** A source over the records of an example; rows that name a `_time` have event time, in order of arrival. */
const feed = defineNode({
  type: "example-feed",
  version: 1,
  category: "source",
  label: "Feed",
  summary: "Records of an example.",
  docs: "",
  icon: "list",
  inputs: [],
  outputs: [{ name: "out" }],
  params: param.params({
    feed: param.text({ label: "Feed" }),
    timed: param.toggle({ label: "Timed" }),
    fields: param.schema({ label: "Fields" }),
  }),
  headline: () => "feed",
  lower: ({ params }) => ({
    out: {
      op: "source",
      connector: "memory",
      options: { feed: params.feed },
      format: { kind: "columns" },
      fields: params.fields,
      timeField: null,
      watermark: { kind: params.timed ? "bounded" : "none", disorderMs: 0, idleTimeoutMs: null, nullTime: "keep" },
      pace: null,
    },
  }),
  examples: [],
});

const collect = defineNode({
  type: "example-collect",
  version: 1,
  category: "sink",
  label: "Collect",
  summary: "Keeps the rows of a port.",
  docs: "",
  icon: "list",
  inputs: [{ name: "in" }],
  outputs: [],
  params: param.params({}),
  headline: () => "collect",
  lower: ({ inputs }) => ({ sink: { op: "sink", input: inputs.in, connector: "memory", options: {}, format: { kind: "json" } } }),
  examples: [],
});

/** The catalogue with what examples need around a node. */
export function exampleCatalogue(catalogue: Catalogue): Catalogue {
  return createCatalogue([...catalogue.definitions, feed, collect]);
}

/** A graph that feeds every input port of a node and collects every output port that the example speaks of. */
export function exampleGraph(definition: NodeDefinition, example: NodeExample): Graph {
  const { subject } = exampleSlugs;
  const nodes: Record<string, GraphNode> = { [subject]: node(definition.type, definition.version, example.params) };
  const edges: GraphEdge[] = [];
  for (const { name } of definition.inputs) {
    const records = example.feed[name];
    const fields = inferFields(records).map((field) => ({ name: field.name, type: field.type.kind }));
    const timed = records.some((record) => Object.hasOwn(record, "_time"));
    nodes[exampleSlugs.feed(name)] = node(feed.type, 1, { feed: name, timed, fields });
    edges.push({ from: `${exampleSlugs.feed(name)}.out`, to: `${subject}.${name}` });
  }
  for (const port of Object.keys(example.expect)) {
    if (definition.category === "sink") continue;
    nodes[exampleSlugs.collect(port)] = node(collect.type, 1, {});
    edges.push({ from: `${subject}.${port}`, to: `${exampleSlugs.collect(port)}.in` });
  }
  edges.sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
  return { id: "example", name: example.title, description: "", settings: defaultSettings, nodes, edges, tests: [] };
}

function node(type: string, version: number, params: JsonObject): GraphNode {
  return { type, version, label: "", params, disabled: false };
}
