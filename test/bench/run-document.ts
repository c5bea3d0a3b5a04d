import {
  createMemoryCheckpointStore,
  createPipelineRun,
  type LogicalPlan,
  type PipelineRun,
  type PipelineRunOptions,
  type SinkConnector,
  type SourceConnector,
  type TakeColumns,
} from "@millrace/engine";
import { systemClock } from "@millrace/runtime/system-clock";
import { createBytesSink } from "./bytes-sink.ts";
import { createBytesSource } from "./bytes-source.ts";
import { createCpuClock } from "./cpu-clock.ts";
import { nativeSha256 } from "./native-sha256.ts";
import { numbersLookup } from "./numbers-lookup.ts";
import type { Lines } from "./subject.ts";

/** Runs a plan once over bytes in memory, with a checkpoint in memory every second of work, and returns the lines of its sinks. */
export async function runPlan(plan: LogicalPlan, input: Lines): Promise<Lines> {
  const sink = createBytesSink();
  await runWith(plan, sourceOf(input), sink.connector, undefined);
  return sink.taken();
}

/** As `runPlan`; what the sinks got stays in the pieces in which they got it. */
export async function runPlanToPieces(plan: LogicalPlan, input: Lines): Promise<void> {
  await runWith(plan, sourceOf(input), createBytesSink().connector, undefined);
}

/** On how many workers a plan runs, and where they come from. */
export type Spread = Pick<PipelineRunOptions, "parallelism" | "workers">;

/** A run by the clock of the machine, as workers are no part of the CPU time of this thread. */
export function createSpreadRun(plan: LogicalPlan, source: SourceConnector, sink: SinkConnector, spread: Spread): PipelineRun {
  return createPipelineRun({ ...optionsOf(plan, source, sink), clock: systemClock, ...spread });
}

/** Runs a plan once over a source of ready batches; what sinks get goes to `take` as columns. */
export async function runPlanOverColumns(plan: LogicalPlan, source: SourceConnector, take: TakeColumns): Promise<void> {
  await runWith(plan, source, createBytesSink().connector, take);
}

async function runWith(
  plan: LogicalPlan,
  source: SourceConnector,
  sink: SinkConnector,
  takeColumns: TakeColumns | undefined,
): Promise<void> {
  await createPipelineRun({ ...optionsOf(plan, source, sink), ...(takeColumns === undefined ? {} : { takeColumns }) }).run();
}

function optionsOf(plan: LogicalPlan, source: SourceConnector, sink: SinkConnector): Parameters<typeof createPipelineRun>[0] {
  return {
    plan,
    graphHash: "bench",
    checkpointIntervalMs: 1000,
    connectors: {
      sources: new Map([["file", source]]),
      sinks: new Map([["file", sink]]),
      lookups: new Map([["redis", numbersLookup]]),
    },
    store: createMemoryCheckpointStore(),
    clock: createCpuClock(),
    sha256: nativeSha256,
    startFrom: "latest",
  };
}

/** Files in memory, by the option `path`. */
function sourceOf(input: Lines): SourceConnector {
  return {
    async open(context) {
      const bytes = input.get(String(context.options.path));
      if (bytes === undefined) throw new Error(`there is no input "${String(context.options.path)}"`);
      return createBytesSource(bytes).open(context);
    },
  };
}
