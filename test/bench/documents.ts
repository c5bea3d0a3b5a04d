interface Step {
  readonly type: string;
  readonly params: object;
}

export interface SourceField {
  readonly name: string;
  readonly type: string;
}

/** The path of the one source, and of the one sink, of most subjects. */
export const inputPath = "input";
export const outputPath = "output";

export function fileSource(path: string, fields: readonly SourceField[], timeField: string): Step {
  return { type: "file-source", params: { path, fields, timeField } };
}

export function fileSink(path: string): Step {
  return { type: "file-sink", params: { path } };
}

/** A pipeline document of these nodes, and of edges written as `from > to`, with `.out` and `.in` where no port is named. */
export function graphDocument(id: string, nodes: Readonly<Record<string, Step>>, edges: readonly string[]): object {
  const port = (end: string, usual: string): string => (end.includes(".") ? end : `${end}.${usual}`);
  return {
    formatVersion: 1,
    pipeline: {
      id: `bench_${id.replaceAll(/[^a-z0-9]/g, "_")}`,
      name: id,
      nodes: Object.fromEntries(Object.entries(nodes).map(([slug, node]) => [slug, { ...node, version: 1 }])),
      edges: edges
        .map((edge) => edge.split(" > "))
        .flatMap((ends) => ends.slice(1).map((to, i) => ({ from: port(ends[i], "out"), to: port(to, "in") }))),
    },
  };
}

/** The document of a chain of nodes from a file source of these fields to a file sink. */
export function chainDocument(id: string, fields: readonly SourceField[], timeField: string, steps: readonly Step[]): object {
  const chain: Step[] = [fileSource(inputPath, fields, timeField), ...steps, fileSink(outputPath)];
  const nodes = Object.fromEntries(chain.map((step, i) => [`n${i}`, step]));
  return graphDocument(id, nodes, [Object.keys(nodes).join(" > ")]);
}

/** A node that keeps fields, under the names that they have; `name = expression` computes one. */
export function keep(...fields: readonly string[]): Step {
  const named = fields.map((field) => {
    const [name, ...value] = field.split(" = ");
    return { name, value: value.length === 0 ? name : value.join(" = ") };
  });
  return { type: "map-fields", params: { mode: "keep", fields: named } };
}

export function filter(where: string): Step {
  return { type: "filter", params: { where } };
}
