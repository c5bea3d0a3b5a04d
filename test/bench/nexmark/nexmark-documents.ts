import { chainDocument, fileSink, fileSource, graphDocument, inputPath, outputPath } from "../documents.ts";
import { nexmarkFields } from "./events.ts";

type Step = ReturnType<typeof fileSource>;

/** A chain of nodes from the mixed stream to the output. */
export function nexmarkChain(name: string, ...steps: readonly Step[]): object {
  return chainDocument(`nexmark_${name}`, nexmarkFields, "dateTime", steps);
}

/** Nodes between the node `events`, which is the mixed stream, and the node `result`; edges as in `graphDocument`. */
export function nexmarkGraph(name: string, nodes: Readonly<Record<string, Step>>, edges: readonly string[]): object {
  const events = fileSource(inputPath, nexmarkFields, "dateTime");
  return graphDocument(`nexmark_${name}`, { events, ...nodes, result: fileSink(outputPath) }, edges);
}
