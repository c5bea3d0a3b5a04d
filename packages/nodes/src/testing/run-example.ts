import {
  checkGraph,
  createMemoryCheckpointStore,
  createMemoryLookup,
  createMemorySink,
  createMemorySource,
  createPipelineRun,
  type JsonObject,
  type NodeDefinition,
  type NodeExample,
  planGraph,
} from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { catalogue } from "../catalogue.ts";
import { generatorConnectors } from "../generators/generator-connector.ts";
import { exampleCatalogue, exampleGraph, exampleSlugs } from "./example-graph.ts";
import { linesSource } from "./lines-source.ts";

/** Runs an example through the whole engine; rows by output port, those of a sink under `sink`. */
export async function runExample(
  definition: NodeDefinition,
  example: NodeExample,
): Promise<Readonly<Record<string, readonly JsonObject[]>>> {
  const report = checkGraph(exampleGraph(definition, example), exampleCatalogue(catalogue));
  if (report.checked === null) throw new Error(report.diagnostics.map((found) => found.message).join("\n"));
  const plan = planGraph(report.checked);
  if (!plan.ok) throw new Error(plan.diagnostics.map((found) => found.message).join("\n"));
  const sink = createMemorySink();
  const run = createPipelineRun({
    plan: plan.value,
    graphHash: "example",
    checkpointIntervalMs: 1000,
    connectors: {
      sources: new Map([
        ...generatorConnectors,
        ["memory", createMemorySource(example.feed)],
        ["file", linesSource((example.feed.file ?? []).map((record) => String(record.line)))],
        ["kafka", linesSource((example.feed.file ?? []).map((record) => String(record.line)))],
      ]),
      lookups: new Map(["redis", "postgres", "http"].map((name) => [name, createMemoryLookup(example.lookup)])),
      sinks: new Map(
        ["memory", "file", "live-table", "alert-inbox", "kafka", "postgres", "redis-flags", "redis-rows", "webhook"].map((name) => [
          name,
          sink,
        ]),
      ),
    },
    store: createMemoryCheckpointStore(),
    // Later than all records of examples, as it is in life.
    clock: createSimulatedClock(9_960_000),
    startFrom: "empty",
  });
  await run.run();
  const slugOf = (port: string) => (definition.category === "sink" ? exampleSlugs.subject : exampleSlugs.collect(port));
  return Object.fromEntries(Object.keys(example.expect).map((port) => [port, sink.rows(`${slugOf(port)}:sink`)]));
}
