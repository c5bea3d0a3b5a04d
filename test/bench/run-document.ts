import {
  createMemoryCheckpointStore,
  createPipelineRun,
  type LogicalPlan,
  type PipelineRunOptions,
  type SourceConnector,
  type TakeColumns,
} from "@millrace/engine";
import { createBytesSink } from "./bytes-sink.ts";
import { createBytesSource } from "./bytes-source.ts";
import { createCpuClock } from "./cpu-clock.ts";
import { nativeSha256 } from "./native-sha256.ts";
import { numbersLookup } from "./numbers-lookup.ts";
import type { Lines } from "./subject.ts";
import { systemClock } from "./system-clock.ts";

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

/** As `runPlan`, on workers; with wall clock and CPU time from when sources and workers were ready. */
export async function timePlan(
  plan: LogicalPlan,
  input: Lines,
  spread: Spread,
): Promise<{ readonly lines: Lines; readonly wallMs: number; readonly cpuMs: number }> {
  const sink = createBytesSink();
  let since = systemClock.monotonic();
  let cpu = process.cpuUsage();
  const onReady = (): void => {
    since = systemClock.monotonic();
    cpu = process.cpuUsage();
  };
  await runWith(plan, sourceOf(input), sink.connector, undefined, { spread, onReady });
  const { user, system } = process.cpuUsage(cpu);
  return { lines: sink.taken(), wallMs: systemClock.monotonic() - since, cpuMs: (user + system) / 1000 };
}

/** Runs a plan once over a source of ready batches; what sinks get goes to `take` as columns. */
export async function runPlanOverColumns(plan: LogicalPlan, source: SourceConnector, take: TakeColumns): Promise<void> {
  await runWith(plan, source, createBytesSink().connector, take);
}

async function runWith(
  plan: LogicalPlan,
  source: SourceConnector,
  sink: ReturnType<typeof createBytesSink>["connector"],
  takeColumns: TakeColumns | undefined,
  timed: { readonly spread: Spread; readonly onReady: () => void } | null = null,
): Promise<void> {
  const run = createPipelineRun({
    plan,
    graphHash: "bench",
    checkpointIntervalMs: 1000,
    connectors: {
      sources: new Map([["file", source]]),
      sinks: new Map([["file", sink]]),
      lookups: new Map([["redis", numbersLookup]]),
    },
    store: createMemoryCheckpointStore(),
    // Where workers do the work, the CPU time of this thread says nothing.
    clock: timed === null ? createCpuClock() : systemClock,
    sha256: nativeSha256,
    startFrom: "latest",
    ...(takeColumns === undefined ? {} : { takeColumns }),
    ...timed?.spread,
    onEvent: (event) => {
      if (event.kind === "started-empty") timed?.onReady();
    },
  });
  await run.run();
}

/** Files in memory, by the option `path`. */
function sourceOf(input: Lines): SourceConnector {
  return {
    open(context) {
      const bytes = input.get(String(context.options.path));
      if (bytes === undefined) throw new Error(`there is no input "${String(context.options.path)}"`);
      return createBytesSource(bytes).open(context);
    },
  };
}
