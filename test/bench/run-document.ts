import { createMemoryCheckpointStore, createPipelineRun } from "@millrace/engine";
import { createBytesSink } from "./bytes-sink.ts";
import { createBytesSource } from "./bytes-source.ts";
import { nativeSha256 } from "./native-sha256.ts";
import { planOf } from "./plan-of.ts";
import { systemClock } from "./system-clock.ts";

/** Runs a pipeline document once over bytes in memory, with checkpoints in memory, and returns the lines of its sink. */
export async function runDocument(document: object, bytes: Uint8Array): Promise<string> {
  const sink = createBytesSink();
  const run = createPipelineRun({
    plan: planOf(document),
    graphHash: "bench",
    checkpointIntervalMs: 1000,
    connectors: { sources: new Map([["file", createBytesSource(bytes)]]), sinks: new Map([["file", sink.connector]]) },
    store: createMemoryCheckpointStore(),
    clock: systemClock,
    sha256: nativeSha256,
    startFrom: "latest",
  });
  await run.run();
  return sink.text();
}

interface Step {
  readonly type: string;
  readonly params: object;
}

/** The document of a chain of nodes from a file source of these fields to a file sink. */
export function chainDocument(
  name: string,
  fields: readonly { readonly name: string; readonly type: string }[],
  timeField: string,
  steps: readonly Step[],
): object {
  const chain: Step[] = [
    { type: "file-source", params: { path: "memory", fields, timeField } },
    ...steps,
    { type: "file-sink", params: { path: "memory" } },
  ];
  return {
    formatVersion: 1,
    pipeline: {
      id: `bench_${name}`,
      name,
      nodes: Object.fromEntries(chain.map((step, i) => [`n${i}`, { ...step, version: 1 }])),
      edges: chain.slice(1).map((_, i) => ({ from: `n${i}.out`, to: `n${i + 1}.in` })),
    },
  };
}
