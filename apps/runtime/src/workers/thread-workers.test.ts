import {
  ConnectorError,
  createMemoryCheckpointStore,
  createMemorySink,
  createPipelineRun,
  type FromWorker,
  PipelineFailure,
  type SourceConnector,
  type WorkerPool,
} from "@millrace/engine";
import { describe, expect, it } from "vitest";
import { loadPipeline } from "../load-pipeline.ts";
import { systemClock } from "../system-clock.ts";
import { createThreadWorkers } from "./thread-workers.ts";

const document = JSON.stringify({
  formatVersion: 1,
  pipeline: {
    id: "threads",
    name: "Threads",
    nodes: {
      log: {
        type: "file-source",
        version: 1,
        params: {
          path: "log",
          fields: [
            { name: "at", type: "timestamp" },
            { name: "service", type: "string" },
          ],
          timeField: "at",
        },
      },
      counts: {
        type: "tumbling-window",
        version: 1,
        params: { keyBy: ["service"], size: "10s", aggregates: [{ as: "n", fn: "count" }] },
      },
      out: { type: "file-sink", version: 1, params: { path: "out" } },
    },
    edges: [
      { from: "counts.out", to: "out.in" },
      { from: "log.out", to: "counts.in" },
    ],
  },
});

const chunks = 40;

/**
 * Chunks of a log; `dies` makes it fail once the chunk of that number is asked for. To who borrows, every other chunk is lent,
 * and nothing is left of it when it has come back.
 */
function logSource(dies: () => number | null): SourceConnector {
  return {
    async open({ position, borrows }) {
      let at = typeof position === "number" ? position : 0;
      return {
        async poll() {
          if (at === dies()) throw new ConnectorError("CRASH", "the source was told to fail", { retryable: true });
          if (at >= chunks) return { kind: "end" };
          const lines = Array.from({ length: 500 }, (_, i) => `{"at":${(at * 500 + i) * 100},"service":"service ${(i * 7) % 23}"}`);
          const encoded = new TextEncoder().encode(`${lines.join("\n")}\n`);
          const isLent = borrows === true && at % 2 === 1;
          const bytes = isLent ? new Uint8Array(new SharedArrayBuffer(encoded.length)) : encoded;
          bytes.set(encoded);
          const chunk = { kind: "bytes", split: "log", bytes, firstLine: at * 500 + 1, isLent } as const;
          at++;
          return chunk;
        },
        takeBack: (bytes) => bytes.fill(0),
        position: () => at,
        async close() {},
      };
    },
  };
}

function runOn(
  parallelism: number,
  parts: {
    source?: SourceConnector;
    sink?: ReturnType<typeof createMemorySink>;
    store?: ReturnType<typeof createMemoryCheckpointStore>;
    workers?: WorkerPool;
  },
) {
  const loaded = loadPipeline(document);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const sink = parts.sink ?? createMemorySink();
  const run = createPipelineRun({
    plan: loaded.value.plan,
    graphHash: loaded.value.graphHash,
    checkpointIntervalMs: 0,
    connectors: { sources: new Map([["file", parts.source ?? logSource(() => null)]]), sinks: new Map([["file", sink]]) },
    store: parts.store ?? createMemoryCheckpointStore(),
    clock: systemClock,
    startFrom: "latest",
    parallelism,
    workers: parts.workers ?? createThreadWorkers(),
  });
  return { run, rows: () => sink.sinkIds.flatMap((id) => sink.rows(id).map((row) => JSON.stringify(row))).sort() };
}

/** Threads, with what each is given to go on with and how many rows come from its keys. */
function watchedThreads(): { readonly pool: WorkerPool; readonly restored: (readonly string[])[]; readonly rows: number[] } {
  const threads = createThreadWorkers();
  const restored: (readonly string[])[] = [];
  const rows: number[] = [];
  const pool: WorkerPool = {
    taskBytes: threads.taskBytes,
    start(starts, listener) {
      for (const { parts } of starts) {
        restored.push(parts.map(({ id }) => id));
        rows.push(0);
      }
      return threads.start(starts, {
        ...listener,
        message(worker, message) {
          if (message.kind === "applied") rows[worker] += rowsOf(message);
          listener.message(worker, message);
        },
      });
    },
  };
  return { pool, restored, rows };
}

function rowsOf({ outputs, staged }: Extract<FromWorker, { kind: "applied" }>): number {
  const crossing = outputs.flatMap((output) => (output.kind === "rows" ? output.rows : []));
  return [...crossing.map(({ length }) => length), ...staged.map(({ records }) => records)].reduce((sum, count) => sum + count, 0);
}

describe("workers in threads", () => {
  it("give the rows of one worker, and lose sight of none", async () => {
    const one = runOn(1, {});
    await one.run.run();
    const three = runOn(3, {});
    expect(await three.run.run()).toBe("finished");
    expect(three.rows()).toEqual(one.rows());
    expect(three.rows().length).toBeGreaterThan(1000);
    expect(three.run.metrics().unaccounted).toBe(0);
  }, 60_000);

  it("are gone on with by another number of threads after a failure", async () => {
    const one = runOn(1, {});
    await one.run.run();
    const sink = createMemorySink();
    const store = createMemoryCheckpointStore();
    let fails: number | null = 25;
    const source = logSource(() => fails);
    await expect(runOn(2, { sink, store, source }).run.run()).rejects.toThrow(PipelineFailure);
    fails = null;
    const again = runOn(3, { sink, store, source });
    await again.run.run();
    expect(again.rows()).toEqual(one.rows());
  }, 60_000);

  it("go on with a checkpoint of one worker, each with keys of its own", async () => {
    const one = runOn(1, {});
    await one.run.run();
    const sink = createMemorySink();
    const store = createMemoryCheckpointStore();
    let fails: number | null = 13;
    const source = logSource(() => fails);
    await expect(runOn(1, { sink, store, source }).run.run()).rejects.toThrow(PipelineFailure);
    fails = null;
    const watched = watchedThreads();
    const two = runOn(2, { sink, store, source, workers: watched.pool });
    await two.run.run();
    expect(watched.restored.map((parts) => parts.length)).toEqual([8, 8]);
    expect(watched.rows.map((rows) => rows > 100)).toEqual([true, true]);
    expect(two.rows()).toEqual(one.rows());
    expect(two.run.metrics().unaccounted).toBe(0);
    const { recordsIn, recordsOut } = one.run.metrics().nodes.counts;
    expect(two.run.metrics().nodes.counts).toMatchObject({ recordsIn, recordsOut });
  }, 60_000);

  it("end the run when one of them is gone", async () => {
    const threads = createThreadWorkers();
    const workers: WorkerPool = {
      taskBytes: threads.taskBytes,
      async start(starts, listener) {
        const set = await threads.start(starts, listener);
        // What no thread can read ends it.
        set.send(1, { kind: "committed", chunks: null as never }, []);
        return set;
      },
    };
    await expect(runOn(2, { workers }).run.run()).rejects.toThrow(PipelineFailure);
  }, 60_000);
});
