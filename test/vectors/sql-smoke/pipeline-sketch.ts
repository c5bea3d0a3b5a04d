import {
  checkGraph,
  createMemoryCheckpointStore,
  createMemorySink,
  createPipelineRun,
  type JsonObject,
  parsePipeline,
  planGraph,
  type SourceConnector,
} from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { catalogue } from "@millrace/nodes";
import { fieldsOf, type InputRecord, timeField } from "./smoke-input.ts";

/** A stream in a sketch: a port of a node. */
export interface Stream {
  readonly from: string;
}

/** A pipeline that a vector asks for, of the nodes of the palette. */
export class PipelineSketch {
  readonly #nodes: Record<string, JsonObject> = {};
  readonly #edges: { readonly from: string; readonly to: string }[] = [];
  #count = 0;

  /** A source over the records of the input. */
  source(records: readonly InputRecord[], disorderMs: number): Stream {
    const fields = fieldsOf(records).map(({ name, type }) => ({ name, type }));
    return this.#add("file-source", { path: "input.json", fields, timeField, disorder: `${disorderMs}ms` }, {});
  }

  /** A node behind one stream. */
  node(type: string, params: JsonObject, input: Stream): Stream {
    return this.#add(type, params, { in: input });
  }

  join(type: string, params: JsonObject, left: Stream, right: Stream): Stream {
    return this.#add(type, params, { left, right });
  }

  union(inputs: readonly Stream[]): Stream {
    const all = this.#add("union", {}, {});
    for (const { from } of inputs) this.#edges.push({ from, to: all.from.replace(/\.out$/, ".in") });
    return all;
  }

  /** Runs it over the input to its end; returns the rows, those of a changelog with `_op`. */
  async run(result: Stream, records: readonly InputRecord[]): Promise<readonly JsonObject[]> {
    this.#add("file-sink", { path: "out" }, { in: result });
    const pipeline = { id: "vector", name: "vector", nodes: this.#nodes, edges: this.#edges };
    const parsed = parsePipeline(JSON.stringify({ formatVersion: 1, pipeline }), catalogue);
    if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ message }) => message).join("\n"));
    const report = checkGraph(parsed.value.pipeline, catalogue);
    if (report.checked === null) throw new Error(report.diagnostics.map(({ message }) => message).join("\n"));
    const plan = planGraph(report.checked);
    if (!plan.ok) throw new Error(plan.diagnostics.map(({ message }) => message).join("\n"));
    const sink = createMemorySink();
    const run = createPipelineRun({
      plan: plan.value,
      graphHash: "vector",
      checkpointIntervalMs: 1000,
      connectors: { sources: new Map([["file", linesOf(records)]]), sinks: new Map([["file", sink]]) },
      store: createMemoryCheckpointStore(),
      clock: createSimulatedClock(0),
      startFrom: "empty",
    });
    await run.run();
    return sink.rows(sink.sinkIds[0] ?? "");
  }

  #add(type: string, params: JsonObject, inputs: Readonly<Record<string, Stream>>): Stream {
    const slug = `n${this.#count++}`;
    const version = catalogue.definitions.find((definition) => definition.type === type)?.version;
    if (version === undefined) throw new Error(`there is no node ${type}`);
    this.#nodes[slug] = { type, version, params };
    for (const [port, { from }] of Object.entries(inputs)) this.#edges.push({ from, to: `${slug}.${port}` });
    return { from: `${slug}.out` };
  }
}

/** Chunks of a few lines, so that watermarks follow the records closely. */
const linesPerChunk = 16;

function linesOf(records: readonly InputRecord[]): SourceConnector {
  return {
    async open(context) {
      let next = typeof context.position === "number" ? context.position : 0;
      return {
        async poll() {
          if (next >= records.length) return { kind: "end" };
          const chunk = records.slice(next, next + linesPerChunk);
          const firstLine = next + 1;
          next += chunk.length;
          const text = chunk.map((record) => `${JSON.stringify(record)}\n`).join("");
          return { kind: "bytes", split: "0", bytes: new TextEncoder().encode(text), firstLine };
        },
        position: () => next,
        async close() {},
      };
    },
  };
}
