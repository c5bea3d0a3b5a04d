import { describe, expect, it } from "vitest";
import type { ChunkPacking } from "../checkpoint/chunks.ts";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { ConnectorError } from "../connector/connector-error.ts";
import type { Delivery, Prewrite, SinkConnector } from "../connector/sink-port.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { countingPlan, createSlowSource } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";
import { PrewritingSinks } from "./prewriting-sinks.ts";
import type { SinkStage } from "./sink-stage.ts";

const batches = 40;
/** Starts of the windows of 100 ms that end within the input. */
const allStarts = Array.from({ length: (batches * 20) / 100 }, (_, i) => i * 100);
const clock = createSimulatedClock(0);

/** A transactional sink over restarts: what is prewritten is seen only with its delivery. */
interface Recorded {
  readonly connector: SinkConnector;
  readonly starts: number[];
  /** Checkpoints whose delivery found some of its bytes prewritten, and those whose delivery had to write all of them. */
  readonly eased: number[];
  readonly whole: number[];
}

function recordingSink(fails: (call: "prewrite" | "deliver", count: number) => boolean = () => false): Recorded {
  const starts: number[] = [];
  const eased: number[] = [];
  const whole: number[] = [];
  let held = 0;
  let calls = 0;
  const connector: SinkConnector = {
    guarantee: "exactly-once",
    async open() {
      let ahead: Prewrite[] = [];
      let busy = false;
      const alone = async (call: "prewrite" | "deliver", work: () => void): Promise<void> => {
        expect(busy).toBe(false);
        busy = true;
        await clock.sleep(3);
        busy = false;
        if (fails(call, ++calls)) {
          ahead = [];
          throw new ConnectorError("REFUSED", "not now", { retryable: true });
        }
        work();
      };
      return {
        delivered: async () => (held === 0 ? null : held),
        prewrite: (part) =>
          alone("prewrite", () => {
            if (part.from === lengthOf(ahead)) ahead.push(part);
          }),
        deliver: (delivery) =>
          alone("deliver", () => {
            if (delivery.checkpoint <= held) return;
            expect(ahead.every(({ checkpoint }) => checkpoint === delivery.checkpoint)).toBe(true);
            held = delivery.checkpoint;
            if (delivery.records > 0) (ahead.length > 0 ? eased : whole).push(held);
            starts.push(...startsIn(published(ahead, delivery)));
            ahead = [];
          }),
        async close() {},
      };
    },
  };
  return { connector, starts, eased, whole };
}

/** What a sink that has these parts publishes; it must be what the delivery says. */
function published(ahead: readonly Prewrite[], delivery: Delivery): Uint8Array {
  const from = lengthOf(ahead);
  const rest = delivery.rest?.from === from ? delivery.rest.pieces : [delivery.bytes.subarray(from)];
  const bytes = Uint8Array.from([...ahead.flatMap((part) => part.pieces), ...rest].flatMap((piece) => [...piece]));
  expect(bytes).toEqual(delivery.bytes);
  return bytes;
}

function startsIn(bytes: Uint8Array): readonly number[] {
  const lines = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
  return lines.map((line) => Number(JSON.parse(line).window_start));
}

function lengthOf(parts: readonly Prewrite[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function runOver(
  sink: SinkConnector,
  options: {
    readonly intervalMs?: number;
    readonly store?: ReturnType<typeof createMemoryCheckpointStore>;
    readonly packing?: ChunkPacking | null;
  } = {},
) {
  const { intervalMs = 400, store = createMemoryCheckpointStore(), packing = null } = options;
  return createPipelineRun({
    plan: countingPlan(),
    graphHash: "g",
    checkpointIntervalMs: intervalMs,
    prewriteBytes: 1,
    connectors: { sources: new Map([["memory", createSlowSource(batches)]]), sinks: new Map([["memory", sink]]) },
    store,
    clock,
    startFrom: "latest",
    packing,
  });
}

/** Makes of any bytes a number that it knows them by. */
function createRememberingPacking(): ChunkPacking {
  const known: Uint8Array[] = [];
  return {
    async pack(bytes) {
      await clock.sleep(1);
      const found = known.findIndex((other) => other.length === bytes.length && other.every((byte, i) => byte === bytes[i]));
      return Uint8Array.of(found < 0 ? known.push(bytes.slice()) - 1 : found, 7);
    },
    async unpack([number]) {
      await clock.sleep(1);
      return known[number];
    },
  };
}

describe("a sink that takes records before their checkpoint", () => {
  it("is given them as they come, and publishes them with their checkpoint", async () => {
    const sink = recordingSink();
    await runOver(sink.connector).run();
    expect(sink.starts).toEqual(allStarts);
    expect(sink.eased.length).toBeGreaterThan(0);
  });

  it("may lose or refuse them: the delivery has all of them", async () => {
    const sink = recordingSink((call, count) => call === "prewrite" || count % 5 === 0);
    await runOver(sink.connector).run();
    expect(sink.starts).toEqual(allStarts);
    expect(sink.eased).toEqual([]);
    const half = recordingSink((_, count) => (count * 7) % 11 < 3);
    await runOver(half.connector).run();
    expect(half.starts).toEqual(allStarts);
    expect(half.eased.length).toBeGreaterThan(0);
  });

  it("is not used where a checkpoint takes so long to fill that its transaction would end", async () => {
    const sink = recordingSink();
    await runOver(sink.connector, { intervalMs: 10_001 }).run();
    expect(sink.starts).toEqual(allStarts);
    expect([sink.eased, sink.whole.length]).toEqual([[], 1]);
  });

  it.each([
    ["as it is", null],
    ["packed", createRememberingPacking()],
  ])(
    "has every row once when the store loses a write of what was stored ahead, %s, and the run ends and starts again",
    async (_, packing) => {
      const store = createMemoryCheckpointStore();
      const sink = recordingSink();
      for (let lost = 1; ; lost += 7) {
        let puts = 0;
        const failing = {
          ...store,
          putChunk: (...args: Parameters<typeof store.putChunk>) => (++puts < lost ? store.putChunk(...args) : refuse()),
        };
        const run = runOver(sink.connector, { store: lost > 30 ? store : failing, packing });
        const failure: unknown = await run.run().then(
          () => null,
          (cause: unknown) => cause,
        );
        if (failure === null) break;
        expect(failure).toMatchObject({ code: "CHECKPOINT_STORE_UNAVAILABLE" });
      }
      expect(sink.starts).toEqual(allStarts);
    },
  );

  it("keeps what is stored ahead over collections of garbage", async () => {
    const store = createMemoryCheckpointStore();
    const sink = recordingSink();
    await runOver(sink.connector, { intervalMs: 30, store }).run();
    expect(sink.starts).toEqual(allStarts);
    const manifest = await store.readNewest();
    for (const ref of manifest?.parts.flatMap(({ chunks }) => chunks) ?? []) expect(await store.readChunk(ref)).not.toBeNull();
  });
});

describe("what has come together for a sink", () => {
  const piece = (n: number): Uint8Array => new Uint8Array(1 << 20).fill(n);
  /** A stage with pieces of a megabyte, a sink whose writes end when they are told to, and a store that keeps nothing. */
  function prepared(count: number) {
    let pieces = Array.from({ length: count }, (_, i) => piece(i));
    const stage = {
      get stagedBytes() {
        return pieces.length << 20;
      },
      take() {
        const taken = { pieces, records: pieces.length };
        pieces = [];
        return taken;
      },
      add: (n: number) => pieces.push(piece(n)),
    };
    const writes: { readonly part: Prewrite; readonly end: (failure?: Error) => void }[] = [];
    const prewrite = (part: Prewrite): Promise<void> =>
      new Promise((resolve, reject) => {
        writes.push({ part, end: (failure) => (failure === undefined ? resolve() : reject(failure)) });
      });
    const writer = { delivered: async () => null, deliver: async () => {}, prewrite, close: async () => {} };
    const sink = { sink: { sinkId: "to", node: "to", writer }, stage: stage as unknown as SinkStage };
    const checkpoints = {
      store: async (stored: Iterable<Uint8Array>) => [...stored].map((bytes) => ({ sha256: String(bytes[0]), bytes: bytes.length })),
    };
    const options = { fencingToken: 1, checkpoints, clock: createSimulatedClock(0), leastBytes: 1 };
    return { sinks: new PrewritingSinks([sink], options), stage, writes };
  }
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const numbers = (pieces: readonly Uint8Array[] = []): number[] => pieces.map(([first]) => first);

  it("is written in parts, one after the other, up to the checkpoint that is cut in between", async () => {
    const { sinks, stage, writes } = prepared(10);
    sinks.pump(1);
    expect(writes.map(({ part }) => numbers(part.pieces))).toEqual([[0, 1, 2, 3]]);
    writes[0].end();
    await turn();
    expect(writes.map(({ part }) => [part.from >> 20, ...numbers(part.pieces)])).toEqual([
      [0, 0, 1, 2, 3],
      [4, 4, 5, 6, 7],
    ]);
    stage.add(10);
    const taken = sinks.take("to");
    writes[1].end();
    await sinks.settled("to");
    expect(writes).toHaveLength(2);
    expect(numbers(taken?.staged.pieces)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([(taken?.staged.rest?.from ?? 0) >> 20, ...numbers(taken?.staged.rest?.pieces)]).toEqual([8, 8, 9, 10]);
    expect(taken?.staged.records).toBe(11);
    expect((await taken?.before)?.map(({ sha256 }) => Number(sha256))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(numbers(taken?.rest)).toEqual([8, 9, 10]);
    stage.add(11);
    sinks.pump(2);
    expect(writes).toHaveLength(2);
    sinks.delivered("to");
    sinks.pump(2);
    expect([writes[2].part.checkpoint, writes[2].part.from, ...numbers(writes[2].part.pieces)]).toEqual([2, 0, 11]);
  });

  it("is left to the delivery behind a part that the sink did not take", async () => {
    const { sinks, writes } = prepared(10);
    sinks.pump(1);
    writes[0].end(new Error("not now"));
    await sinks.settled("to");
    sinks.pump(1);
    expect(writes).toHaveLength(1);
    const taken = sinks.take("to");
    expect(numbers(taken?.staged.pieces)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(numbers(taken?.rest)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it("asks for a checkpoint by what is left to write, less by what is written", async () => {
    const { sinks, writes } = prepared(4);
    expect(sinks.load("to")).toBe(4 << 20);
    sinks.pump(1);
    expect(sinks.load("to")).toBe(1 << 20);
    writes[0].end();
    await sinks.settled("to");
    expect(sinks.load("to")).toBe(1 << 20);
    expect(sinks.load("other")).toBeNull();
  });
});

function refuse(): Promise<void> {
  return Promise.reject(new Error("the connection is lost"));
}
