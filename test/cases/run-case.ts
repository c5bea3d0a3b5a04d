import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createLocalWorkers,
  createMemoryCheckpointStore,
  createMemorySink,
  createPipelineRun,
  type JsonObject,
  PipelineFailure,
  type RunMetrics,
} from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { createRandom } from "../bench/log-lines.ts";
import type { CaseFolder } from "./case-folder.ts";
import { createLinesSource } from "./lines-source.ts";

export interface CaseRunOptions {
  readonly linesPerChunk: number;
  /** Checkpoints after which the process dies, counted over all lives. Empty: it lives on. */
  readonly killAfter: readonly number[];
  /** Reorders the lines of a file; the same for every life. */
  readonly arrange: (lines: readonly string[], path: string) => readonly string[];
  /** Workers of each life, in turn; default: none. */
  readonly parallelism?: readonly number[];
}

export interface CaseResult {
  /** Committed rows by the slug of the sink. */
  readonly rows: ReadonlyMap<string, readonly JsonObject[]>;
  readonly checkpoints: number;
  readonly lives: number;
  readonly metrics: RunMetrics;
}

const mostLives = 2000;

/** Runs a case to its end, through as many lives as it takes, with a checkpoint after every chunk. */
export async function runCase(folder: CaseFolder, options: CaseRunOptions): Promise<CaseResult> {
  const sink = createMemorySink();
  const store = createMemoryCheckpointStore();
  const clock = createSimulatedClock();
  const random = createRandom(options.linesPerChunk);
  const cached = new Map<string, readonly string[]>();
  const lines = (path: string): readonly string[] => {
    const known = cached.get(path);
    if (known !== undefined) return known;
    const arranged = options.arrange(
      readFileSync(join(folder.folder, path), "utf8")
        .split("\n")
        .filter((line) => line !== ""),
      path,
    );
    cached.set(path, arranged);
    return arranged;
  };
  const kills = new Set(options.killAfter);
  let checkpoints = 0;
  for (let lives = 1; lives <= mostLives; lives++) {
    let dying = false;
    const parallelism = options.parallelism?.[(lives - 1) % options.parallelism.length] ?? 1;
    const source = createLinesSource({ linesPerChunk: options.linesPerChunk, lines, crash: () => dying });
    const run = createPipelineRun({
      plan: folder.plan,
      graphHash: folder.graphHash,
      checkpointIntervalMs: 0,
      connectors: { sources: new Map([["file", source]]), sinks: new Map([["file", sink]]) },
      store,
      clock,
      startFrom: "latest",
      parallelism,
      workers: createLocalWorkers(clock, { clones: true, pick: (ways) => Math.floor(random() * ways) }),
      onEvent: (event) => {
        if (event.kind !== "checkpoint-committed") return;
        checkpoints++;
        if (kills.has(checkpoints)) dying = true;
      },
    });
    try {
      await run.run();
      return { rows: bySlug(sink), checkpoints, lives, metrics: run.metrics() };
    } catch (cause) {
      if (!(cause instanceof PipelineFailure) || cause.code !== "CRASH") throw cause;
    }
  }
  throw new Error(`${folder.name} did not end within ${mostLives} lives`);
}

function bySlug(sink: ReturnType<typeof createMemorySink>): ReadonlyMap<string, readonly JsonObject[]> {
  return new Map(sink.sinkIds.map((id) => [id.split(":")[0], sink.rows(id)]));
}
