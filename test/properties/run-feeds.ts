import { hash } from "node:crypto";
import {
  ConnectorError,
  createLocalWorkers,
  createMemoryCheckpointStore,
  createMemoryStateBackend,
  createPipelineRun,
  type LogicalPlan,
  type RunMetrics,
  type StateBackend,
} from "@millrace/engine";
import { RandomSource } from "@millrace/engine/testing";
import { createFeedSource } from "./feed-source.ts";
import { createLineSink } from "./line-sink.ts";
import { mortalStore } from "./mortal-store.ts";
import type { FeedEvent } from "./random-feed.ts";
import { createStillClock } from "./still-clock.ts";

/** What of an engine a run takes. */
export interface EngineOfRuns {
  readonly createPipelineRun: typeof createPipelineRun;
  readonly ConnectorError: typeof ConnectorError;
}

const present: EngineOfRuns = { createPipelineRun, ConnectorError };

export interface FeedRunOptions {
  readonly rowsPerChunk: number;
  /** Checkpoints after which the process dies, counted over all lives; null: no checkpoint before the end. */
  readonly killAfter: ReadonlySet<number> | null;
  /** Keys that operators keep in memory, the others outside of it; absent: all. */
  readonly hotKeys?: number;
  /** Where the others are; absent: in memory again. */
  readonly backend?: StateBackend;
  /** Workers of each life, in turn; default: none. `seed`: of the order in which their messages arrive. */
  readonly workers?: { readonly parallelism: readonly number[]; readonly seed: number };
  /** What the first life runs on instead of this engine, as an engine of earlier plans and runs the same pipeline. */
  readonly begun?: { readonly plan: LogicalPlan; readonly engine: EngineOfRuns };
}

export interface FeedRun {
  /** Committed rows by sink, as lines. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
  readonly checkpoints: number;
  readonly metrics: RunMetrics;
}

const mostLives = 100;
const sha256 = (bytes: Uint8Array): string => hash("sha256", bytes);

/** Runs a plan over feeds to its end, through as many lives as it takes. Throws what the run fails with. */
export async function runFeeds(
  plan: LogicalPlan,
  feeds: Readonly<Record<string, readonly FeedEvent[]>>,
  options: FeedRunOptions,
): Promise<FeedRun> {
  const sink = createLineSink();
  const store = createMemoryCheckpointStore();
  const clock = createStillClock();
  const { parallelism, seed } = options.workers ?? { parallelism: [1], seed: 0 };
  const random = new RandomSource(seed);
  let checkpoints = 0;
  for (let lives = 1; lives <= mostLives; lives++) {
    let dying = false;
    let isDead = false;
    const begun = lives === 1 ? options.begun : undefined;
    const engine = begun?.engine ?? present;
    const source = createFeedSource({
      feeds,
      rowsPerChunk: options.rowsPerChunk,
      clock,
      crash: () => dying,
      Failure: engine.ConnectorError,
    });
    const run = engine.createPipelineRun({
      plan: begun?.plan ?? plan,
      graphHash: "random",
      checkpointIntervalMs: options.killAfter === null ? Number.POSITIVE_INFINITY : 0,
      connectors: { sources: new Map([["file", source]]), sinks: new Map([["file", sink]]) },
      store: begun === undefined ? store : mortalStore(store, () => isDead),
      clock,
      sha256,
      startFrom: "latest",
      ...(options.workers === undefined
        ? { state: { backend: options.backend ?? createMemoryStateBackend(), hotKeys: options.hotKeys ?? Number.POSITIVE_INFINITY } }
        : {}),
      parallelism: parallelism[(lives - 1) % parallelism.length],
      workers: createLocalWorkers(clock, { clones: true, pick: (ways) => random.below(ways) }),
      onEvent: (event) => {
        if (event.kind === "state-discarded") throw new Error(`the state of ${event.step} was not taken over: ${event.reason}`);
        if (event.kind !== "checkpoint-committed") return;
        checkpoints++;
        if (options.killAfter?.has(checkpoints)) dying = true;
        if (begun !== undefined) return;
        const { unaccounted } = run.metrics();
        if (unaccounted !== 0) throw new Error(`${unaccounted} records are unaccounted for at checkpoint ${event.checkpoint}`);
      },
    });
    try {
      await run.run();
      return { lines: sink.lines(), checkpoints, metrics: run.metrics() };
    } catch (cause) {
      isDead = true;
      // An earlier engine has a class of its own.
      if (!(cause instanceof Error && "code" in cause && cause.code === "CRASH")) throw cause;
    }
  }
  throw new Error(`the run did not end within ${mostLives} lives`);
}
