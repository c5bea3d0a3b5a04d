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

/**
 * As `runPlan`, on workers; with wall clock and CPU time from when `warmUp` of the input, a share, has been read: threads
 * start with code that is not compiled yet, once in the life of a deployment.
 */
export async function timePlan(
  plan: LogicalPlan,
  input: Lines,
  spread: Spread,
  warmUp: number,
): Promise<{ readonly lines: Lines; readonly wallMs: number; readonly cpuMs: number }> {
  const sink = createBytesSink();
  let since = systemClock.monotonic();
  let cpu = process.cpuUsage();
  const onWarm = (): void => {
    since = systemClock.monotonic();
    cpu = process.cpuUsage();
  };
  await runWith(plan, sourceOf(input, { share: warmUp, onWarm }), sink.connector, undefined, spread);
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
  spread: Spread | null = null,
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
    clock: spread === null ? createCpuClock() : systemClock,
    sha256: nativeSha256,
    startFrom: "latest",
    ...(takeColumns === undefined ? {} : { takeColumns }),
    ...spread,
  });
  await run.run();
}

/** Files in memory, by the option `path`. `warm.onWarm` is told when a share of the file has been read. */
function sourceOf(input: Lines, warm: { readonly share: number; readonly onWarm: () => void } | null = null): SourceConnector {
  return {
    async open(context) {
      const bytes = input.get(String(context.options.path));
      if (bytes === undefined) throw new Error(`there is no input "${String(context.options.path)}"`);
      const reader = await createBytesSource(bytes).open(context);
      if (warm === null) return reader;
      let isWarm = false;
      return {
        ...reader,
        async poll() {
          if (!isWarm && Number(reader.position()) >= warm.share * bytes.length) {
            isWarm = true;
            warm.onWarm();
          }
          return reader.poll();
        },
      };
    },
  };
}
