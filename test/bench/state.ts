import {
  type Batch,
  type CheckpointStore,
  type Clock,
  createMemoryCheckpointStore,
  createPipelineRun,
  type RunEvent,
} from "@millrace/engine";
import { nativeChunks } from "@millrace/runtime/checkpoints";
import { systemClock } from "@millrace/runtime/system-clock";
import type { BoundedFigure } from "./bounded-figure.ts";
import { createBytesSink } from "./bytes-sink.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { median } from "./measure.ts";
import { createPhasedSource } from "./phased-source.ts";
import { planOf } from "./plan-of.ts";
import { threadMs } from "./thread-cpu.ts";

/** Time that this thread works, so that pauses do not count what other processes of the machine do. */
const cpuClock: Clock = { ...systemClock, monotonic: threadMs };

/** A number that is a key, and its two cells of a hash table that is at most half full. */
const keyBytes = 16;
/** What `--check` holds the medians to. Bytes are those beside the key itself: its value and its place in the hash table. */
const bounds = { snapshotPauseMs: 10, deltaPauseMs: 2, deltaDurableMs: 50, restoreMs: 500, bytesPerKey: 60 };
const batchRows = 1024;
/** Checkpoints of changes in each round; their median counts, as the one right behind a whole snapshot meets a store that is busy with that. */
const deltasPerRound = 5;

type Figures = Readonly<Record<keyof typeof bounds, number>>;

const words: Readonly<Record<keyof typeof bounds, readonly [words: string, unit: string]>> = {
  snapshotPauseMs: ["records stand still for a snapshot", "ms"],
  deltaPauseMs: ["records stand still for a change of 1 %", "ms"],
  deltaDurableMs: ["a change of 1 % is durable in", "ms"],
  restoreMs: ["restoring", "ms"],
  bytesPerKey: ["memory of count, sum and last, beside the key", "bytes a key"],
};

/** The figures with their bounds. */
export function stateFigures(figures: Figures): readonly BoundedFigure[] {
  const names = Object.keys(bounds) as (keyof typeof bounds)[];
  return names.map((name) => {
    const [text, unit] = words[name];
    return { name, words: text, value: figures[name], unit, atLeast: false, target: bounds[name] };
  });
}

/**
 * `npm run bench -- --state [--keys N] [--rounds N] [--check] [--json]`: keyed state of a running pipeline: count, sum and
 * last of a million keys in a window. How long its checkpoints hold up records, a first one and those after 1 % of the keys
 * have changed, and how long restoring takes, in milliseconds of this thread's work; how long until the 1 % is durable, by
 * the clock on the wall; and what the process keeps for each key. `createStore`: an empty one for each round; left out, in memory.
 */
export async function benchState(
  keys: number,
  rounds: number,
  say: (line: string) => void,
  createStore: () => CheckpointStore = createMemoryCheckpointStore,
): Promise<{ figures: Figures; ok: boolean }> {
  const measured: Figures[] = [];
  for (let round = 0; round <= rounds; round++) {
    const figures = await measureRound(keys, createStore());
    if (round > 0) measured.push(figures);
    say(`${round === 0 ? "warm-up" : `round ${round}`}  ${line(figures)}`);
  }
  const figures: Figures = {
    snapshotPauseMs: median(measured.map((figure) => figure.snapshotPauseMs)),
    deltaPauseMs: median(measured.map((figure) => figure.deltaPauseMs)),
    deltaDurableMs: median(measured.map((figure) => figure.deltaDurableMs)),
    restoreMs: median(measured.map((figure) => figure.restoreMs)),
    bytesPerKey: median(measured.map((figure) => figure.bytesPerKey)),
  };
  say(`median   ${line(figures)}`);
  const over = Object.entries(bounds).filter(([name, most]) =>
    Object.entries(figures).some(([own, value]) => own === name && !(value <= most)),
  );
  for (const [name, most] of over) say(`${name} is above its bound of ${most}`);
  return { figures, ok: over.length === 0 };
}

function line(figures: Figures): string {
  return [
    `snapshot pause ${figures.snapshotPauseMs.toFixed(2)} ms`,
    `1 % delta pause ${figures.deltaPauseMs.toFixed(2)} ms, durable in ${figures.deltaDurableMs.toFixed(1)} ms`,
    `restore ${figures.restoreMs.toFixed(0)} ms`,
    `${figures.bytesPerKey.toFixed(1)} bytes beside each key`,
  ].join("; ");
}

async function measureRound(keys: number, store: CheckpointStore): Promise<Figures> {
  const before = await usedBytes();
  const first = startRun(store);
  await first.feed(batchesOf(keys, keys, 1));
  const bytesPerKey = ((await usedBytes()) - before) / keys - keyBytes;
  const whole = await first.checkpoint();
  const deltas = [];
  for (let i = 0; i < deltasPerRound; i++) {
    await first.feed(batchesOf(Math.ceil(keys / 100), keys, 2 + i));
    const deltaSince = performance.now();
    const { pauseMs } = await first.checkpoint();
    deltas.push({ pauseMs, durableMs: performance.now() - deltaSince });
  }
  await first.stop();
  const since = threadMs();
  const second = startRun(store);
  await second.restored;
  const restoreMs = threadMs() - since;
  await second.stop();
  return {
    snapshotPauseMs: whole.pauseMs,
    deltaPauseMs: median(deltas.map(({ pauseMs }) => pauseMs)),
    deltaDurableMs: median(deltas.map(({ durableMs }) => durableMs)),
    restoreMs,
    bytesPerKey,
  };
}

type Committed = Extract<RunEvent, { kind: "checkpoint-committed" }>;

function startRun(store: CheckpointStore) {
  const source = createPhasedSource();
  let committed: ((event: Committed) => void) | null = null;
  const restored = Promise.withResolvers<void>();
  const run = createPipelineRun({
    plan: planOf(document),
    graphHash: "bench",
    checkpointIntervalMs: 3_600_000,
    connectors: { sources: new Map([["file", source.connector]]), sinks: new Map([["file", createBytesSink().connector]]) },
    store,
    clock: cpuClock,
    startFrom: "latest",
    ...nativeChunks,
    onEvent: (event) => {
      if (event.kind === "checkpoint-committed") committed?.(event);
      if (event.kind === "restored" || event.kind === "started-empty") restored.resolve();
    },
  });
  const ended = run.run();
  return {
    feed: source.feed,
    restored: restored.promise,
    checkpoint: () =>
      new Promise<Committed>((resolve) => {
        committed = resolve;
        run.checkpointNow();
      }),
    async stop() {
      run.stop({ drain: false });
      await ended;
    },
  };
}

/** Records of `count` of the keys, each once, in an order that looks like chance; `salt` chooses which. */
function* batchesOf(count: number, keys: number, salt: number): Generator<Batch> {
  const step = 7_368_787;
  for (let from = 0; from < count; from += batchRows) {
    const length = Math.min(batchRows, count - from);
    const [user, amount, time] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
    for (let i = 0; i < length; i++) {
      user[i] = ((from + i) * step + salt) % keys;
      amount[i] = (from + i) % 1000;
      time[i] = 1000 + salt;
    }
    const columns = [time, user, amount].map((values) => ({ kind: "number" as const, values, valid: null }));
    yield { length, selection: null, selected: length, columns, time, kinds: null };
  }
}

/** Bytes in use by the heap and by arrays, after collecting garbage. */
export async function usedBytes(): Promise<number> {
  for (let i = 0; i < 2; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const document = {
  formatVersion: 1,
  pipeline: {
    id: "bench_state",
    name: "State",
    nodes: {
      payments: {
        type: "file-source",
        version: 1,
        params: {
          path: "memory",
          fields: [
            { name: "at", type: "timestamp" },
            { name: "user", type: "bigint" },
            { name: "amount", type: "double" },
          ],
          timeField: "at",
        },
      },
      per_user: {
        type: "tumbling-window",
        version: 1,
        params: {
          keyBy: ["user"],
          size: "1d",
          aggregates: [
            { as: "payments", fn: "count" },
            { as: "total", fn: "sum", argument: "amount" },
            { as: "latest", fn: "last", argument: "amount" },
          ],
        },
      },
      result: { type: "file-sink", version: 1, params: { path: "memory" } },
    },
    edges: [
      { from: "payments.out", to: "per_user.in" },
      { from: "per_user.out", to: "result.in" },
    ],
  },
};
