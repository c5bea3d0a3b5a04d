import { type Batch, type CheckpointStore, createMemoryCheckpointStore, createPipelineRun, type SinkConnector } from "@millrace/engine";
import { systemClock } from "@millrace/runtime/system-clock";
import { nativeSha256 } from "./native-sha256.ts";
import { createPhasedSource } from "./phased-source.ts";
import { planOf } from "./plan-of.ts";
import { usedBytes } from "./state.ts";

const batchRows = 1024;
const users = 100_000;
/** Records of one second of event time. */
const perSecond = 20_000;
/** Most that the second half may hold above the first: what is live moves with the phase of windows and of the state's logs. */
const tolerance = { ratio: 1.15, bytes: 8 << 20 };

/**
 * `npm run bench -- --sustained [--records N] [--check]`: a long run in one process: per user and minute count, sum and
 * last, with a checkpoint every second. Prints what heap and arrays hold, after collecting garbage, ten times on the way;
 * `--check` fails when the second half holds more than the first.
 */
export async function benchSustained(records: number, say: (line: string) => void): Promise<boolean> {
  const source = createPhasedSource();
  let delivered = 0;
  const sink: SinkConnector = {
    guarantee: "at-least-once",
    open: async () => ({
      delivered: async () => null,
      deliver: async (delivery: { readonly records: number }) => {
        delivered += delivery.records;
      },
      close: async () => {},
    }),
  };
  const store = createMemoryCheckpointStore();
  // Chunks of the past are no state: they go at once, so that they do not show in what is held.
  const commit: CheckpointStore["commit"] = async (fencingToken, manifest) => {
    await store.commit(fencingToken, manifest);
    await store.collectGarbage(fencingToken);
  };
  const run = createPipelineRun({
    plan: planOf(sustainedDocument),
    graphHash: "bench",
    checkpointIntervalMs: 1000,
    connectors: { sources: new Map([["file", source.connector]]), sinks: new Map([["file", sink]]) },
    store: { ...store, commit },
    clock: systemClock,
    startFrom: "latest",
    sha256: nativeSha256,
  });
  const ended = run.run();
  const part = Math.ceil(records / 10);
  const held: number[] = [];
  for (let from = 0; from < records; from += part) {
    await source.feed(batchesOf(from, Math.min(records, from + part)));
    held.push(await usedBytes());
    say(
      `${((from + part) / 1e6).toFixed(1).padStart(6)} M records: ${((held.at(-1) ?? 0) / 1e6).toFixed(1)} MB held, ${delivered} rows delivered`,
    );
  }
  run.stop({ drain: false });
  await ended;
  const before = Math.max(...held.slice(0, 5));
  const after = Math.max(...held.slice(5));
  const ok = after <= before * tolerance.ratio + tolerance.bytes && delivered > 0;
  say(
    `${ok ? "flat" : "growing"}: at most ${(before / 1e6).toFixed(1)} MB in the first half, ${(after / 1e6).toFixed(1)} MB in the second`,
  );
  return ok;
}

function* batchesOf(from: number, to: number): Generator<Batch> {
  for (let at = from; at < to; at += batchRows) {
    const length = Math.min(batchRows, to - at);
    const [user, amount, time] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
    for (let i = 0; i < length; i++) {
      user[i] = ((at + i) * 7_368_787) % users;
      amount[i] = (at + i) % 1000;
      time[i] = Math.floor(((at + i) * 1000) / perSecond);
    }
    const columns = [time, user, amount].map((values) => ({ kind: "number" as const, values, valid: null }));
    yield { length, selection: null, selected: length, columns, time, kinds: null };
  }
}

const sustainedDocument = {
  formatVersion: 1,
  pipeline: {
    id: "bench_sustained",
    name: "Sustained",
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
          size: "1m",
          aggregates: [
            { as: "payments", fn: "count" },
            { as: "total", fn: "sum", argument: "amount" },
            { as: "latest", fn: "last", argument: "amount" },
          ],
        },
      },
      large: { type: "filter", version: 1, params: { where: "user % 1000 = 0" } },
      result: { type: "file-sink", version: 1, params: { path: "memory" } },
    },
    edges: [
      { from: "payments.out", to: "per_user.in" },
      { from: "per_user.out", to: "large.in" },
      { from: "large.out", to: "result.in" },
    ],
  },
};
