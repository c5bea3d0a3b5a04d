import { describe, expect, it } from "vitest";
import { type CheckpointStore, FencedError } from "../checkpoint/checkpoint-store.ts";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { ConnectorError } from "../connector/connector-error.ts";
import { createMemorySink, type MemorySink } from "../connector/memory-sink.ts";
import { createMemorySource } from "../connector/memory-source.ts";
import type { SinkConnector } from "../connector/sink-port.ts";
import type { SourceConnector } from "../connector/source-port.ts";
import type { LogicalPlan } from "../plan/logical-plan.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { countingPlan } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";
import { PipelineFailure, type RunEvent } from "./pipeline-run.ts";

const rows = Array.from({ length: 40 }, (_, i) => ({ key: i % 3 === 0 ? "a" : "b", n: i, _time: i * 20 }));
const total = (sink: MemorySink) => sink.rows("result:sink").reduce((sum, row) => sum + Number(row.count), 0);

interface Parts {
  readonly store?: CheckpointStore;
  readonly source?: SourceConnector;
  readonly sink?: SinkConnector;
  readonly deadLetters?: SinkConnector;
  readonly plan?: LogicalPlan;
  readonly startFrom?: "latest" | "empty";
  /** Number of the checkpoint after which the run is told to stop. */
  readonly stopAfter?: number;
  readonly drain?: boolean;
}

function start(parts: Parts) {
  const events: RunEvent[] = [];
  const run = createPipelineRun({
    plan: parts.plan ?? countingPlan(),
    graphHash: "h",
    checkpointIntervalMs: 0,
    connectors: {
      sources: new Map([["memory", parts.source ?? createMemorySource({ rows }, { batchRows: 4 })]]),
      sinks: new Map([["memory", parts.sink ?? createMemorySink()]]),
      ...(parts.deadLetters === undefined ? {} : { deadLetters: parts.deadLetters }),
    },
    store: parts.store ?? createMemoryCheckpointStore(),
    clock: createSimulatedClock(),
    startFrom: parts.startFrom ?? "latest",
    onEvent: (event) => {
      events.push(event);
      if (event.kind === "checkpoint-committed" && event.checkpoint === parts.stopAfter) run.stop({ drain: parts.drain ?? false });
    },
  });
  return { run, events };
}

/** The memory source, which fails at its `poll`-th poll. */
function failingSource(poll: number): SourceConnector {
  const real = createMemorySource({ rows }, { batchRows: 4 });
  return {
    async open(context) {
      const reader = await real.open(context);
      let polls = 0;
      return {
        poll: async () => {
          if (++polls === poll) throw new ConnectorError("CRASH", "told to", { retryable: true });
          return reader.poll();
        },
        position: () => reader.position(),
        close: () => reader.close(),
      };
    },
  };
}

const failureOf = async (run: { run(): Promise<unknown> }): Promise<PipelineFailure> => {
  const cause = await run.run().then(
    () => null,
    (error: unknown) => error,
  );
  if (!(cause instanceof PipelineFailure)) throw new Error(`a PipelineFailure was expected, not ${cause}`);
  return cause;
};

describe("a run that begins again", () => {
  it("goes on from the newest checkpoint, and says so", async () => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    expect((await failureOf(start({ store, sink, source: failingSource(6) }).run)).code).toBe("CRASH");
    const { run, events } = start({ store, sink });
    expect(await run.run()).toBe("finished");
    expect(total(sink)).toBe(rows.length);
    expect(events[0]).toMatchObject({ kind: "restored" });
    expect(run.metrics().nodes.rows.recordsIn).toBe(rows.length);
    expect(run.metrics().unaccounted).toBe(0);
  });

  it("delivers what was committed but not delivered before the crash, once", async () => {
    const store = createMemoryCheckpointStore();
    const real = createMemorySink();
    let deliveries = 0;
    const dying: SinkConnector = {
      guarantee: "exactly-once",
      async open(context) {
        const writer = await real.open(context);
        return {
          ...writer,
          deliver: async (delivery) => {
            if (delivery.records > 0 && ++deliveries === 2) throw new ConnectorError("POWER_CUT", "told to", { retryable: false });
            return writer.deliver(delivery);
          },
        };
      },
    };
    expect((await failureOf(start({ store, sink: dying }).run)).code).toBe("POWER_CUT");
    const before = total(real);
    const { run, events } = start({ store, sink: real });
    expect(await run.run()).toBe("finished");
    expect(before).toBeLessThan(rows.length);
    expect(total(real)).toBe(rows.length);
    expect(events[0]).toMatchObject({ kind: "delivered", sink: "result:sink" });
  });

  it("delivers to a sink whose node has been removed", async () => {
    const store = createMemoryCheckpointStore();
    const real = createMemorySink();
    const dying: SinkConnector = {
      guarantee: "exactly-once",
      async open(context) {
        const writer = await real.open(context);
        return {
          ...writer,
          deliver: async (delivery) =>
            delivery.records > 0
              ? Promise.reject(new ConnectorError("POWER_CUT", "told to", { retryable: false }))
              : writer.deliver(delivery),
        };
      },
    };
    await failureOf(start({ store, sink: dying }).run);
    const plan = countingPlan();
    const [source, window, sink] = plan.steps;
    const moved: LogicalPlan = { ...plan, steps: [source, window, { ...sink, id: "other:sink", node: "other" }] };
    expect(await start({ store, sink: real, plan: moved }).run.run()).toBe("finished");
    const old = real.rows("result:sink").reduce((sum, row) => sum + Number(row.count), 0);
    const now = real.rows("other:sink").reduce((sum, row) => sum + Number(row.count), 0);
    expect(old).toBeGreaterThan(0);
    expect(old + now).toBe(rows.length);
  });

  it("never reuses state of another window, and says what it discarded", async () => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    await failureOf(start({ store, sink, source: failingSource(6) }).run);
    const { run, events } = start({ store, sink, plan: countingPlan(200) });
    await run.run();
    expect(events).toContainEqual({
      kind: "state-discarded",
      step: "counts:window-aggregate",
      reason: "its window has changed",
    });
  });

  it("stops when a sink is ahead of the store, naming both numbers, unless told to start empty", async () => {
    const sink = createMemorySink();
    await start({ sink }).run.run();
    const failure = await failureOf(start({ sink }).run);
    expect(failure).toMatchObject({ code: "SINK_AHEAD", node: "result", retryable: false });
    expect(failure.message).toMatch(/checkpoint \d+, but the newest checkpoint in the store is 0/);
    expect(await start({ sink, startFrom: "empty" }).run.run()).toBe("finished");
    expect(total(sink)).toBe(rows.length * 2);
  });

  it("calls itself fenced, not the sink ahead, when another owner has gone on while it was opening its sinks", async () => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    let overtaken = false;
    const slow: typeof sink = {
      ...sink,
      async open(context) {
        if (!overtaken) {
          overtaken = true;
          await start({ store, sink }).run.run();
        }
        return sink.open(context);
      },
    };
    expect(await failureOf(start({ store, sink: slow }).run)).toMatchObject({ code: "FENCED", retryable: false });
    expect(total(sink)).toBe(rows.length);
  });

  it("opens its sinks at once, as one may have to wait for what opening another ends; all are closed when one cannot be opened", async () => {
    const waiting = Promise.withResolvers<void>();
    const closed: string[] = [];
    const real = createMemorySink();
    const named = (name: string, before: () => Promise<void>): SinkConnector => ({
      ...real,
      async open(context) {
        await before();
        const writer = await real.open(context);
        return { ...writer, close: async () => void closed.push(name) };
      },
    });
    const first = named("first", () => waiting.promise);
    const second = named("second", async () => waiting.resolve());
    expect(await start({ sink: first, deadLetters: second }).run.run()).toBe("finished");
    const failing = named("failing", () => Promise.reject(new ConnectorError("NO_SINK", "told to", { retryable: false })));
    closed.length = 0;
    expect((await failureOf(start({ sink: failing, deadLetters: second }).run)).code).toBe("NO_SINK");
    expect(closed).toEqual(["second"]);
  });

  it("is fenced, and not restarted, when a sink says so as it is opened", async () => {
    const sink: ReturnType<typeof createMemorySink> = { ...createMemorySink(), open: () => Promise.reject(new FencedError(1, 2, "sink")) };
    expect(await failureOf(start({ sink }).run)).toMatchObject({
      code: "SINK_FENCED",
      retryable: false,
      // It may as well be the store that has lost its last writes.
      message: expect.stringMatching(/token 2.*this run, whose token is 1.*store has lost/),
    });
  });

  it("goes on when garbage cannot be collected for now", async () => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    const collectGarbage = () => Promise.reject(new Error("the connection is lost"));
    expect(await start({ store: { ...store, collectGarbage }, sink }).run.run()).toBe("finished");
    expect(total(sink)).toBe(rows.length);
  });

  it("detects a damaged and a missing chunk", async () => {
    const store = createMemoryCheckpointStore();
    const wide = Array.from({ length: 4000 }, (_, i) => ({ key: `key ${i}`, n: i, _time: i }));
    const source = createMemorySource({ rows: wide }, { batchRows: 500 });
    const stopping = start({ store, source, plan: countingPlan(1_000_000), stopAfter: 2 });
    expect(await stopping.run.run()).toBe("stopped");
    const { manifest } = await store.takeOver();
    // Without state that is too large to travel in the manifest there would be no chunk to damage.
    expect(manifest?.parts.flatMap((part) => part.chunks).length).toBeGreaterThan(0);
    const damages: readonly ((bytes: Uint8Array) => Uint8Array | null)[] = [
      () => null,
      (bytes) => bytes.subarray(1),
      (bytes) => bytes.map((byte, i) => (i === 10 ? byte ^ 1 : byte)),
    ];
    for (const damage of damages) {
      const readChunk: CheckpointStore["readChunk"] = async (ref) => {
        const bytes = await store.readChunk(ref);
        return bytes === null ? null : damage(bytes);
      };
      const again = start({ store: { ...store, readChunk }, source, plan: countingPlan(1_000_000) });
      expect(await failureOf(again.run)).toMatchObject({ code: "CHECKPOINT_DAMAGED", retryable: false });
    }
    expect(await start({ store, source, plan: countingPlan(1_000_000) }).run.run()).toBe("finished");
  });

  it("stands down when another run has taken over, and writes nothing more", async () => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    let takeOver = async (): Promise<void> => {};
    const real = createMemorySource({ rows }, { batchRows: 4 });
    const source: SourceConnector = {
      async open(context) {
        const reader = await real.open(context);
        let polls = 0;
        return {
          poll: async () => {
            if (++polls === 5) await takeOver();
            return reader.poll();
          },
          position: () => reader.position(),
          close: () => reader.close(),
        };
      },
    };
    const zombie = start({ store, sink, source });
    let successor: Promise<unknown> = Promise.resolve();
    takeOver = async () => {
      successor = start({ store, sink }).run.run();
      await successor;
    };
    expect(await failureOf(zombie.run)).toMatchObject({ code: "FENCED", retryable: false });
    expect(await successor).toBe("finished");
    expect(total(sink)).toBe(rows.length);
  });

  it.each([false, true])("stops with a checkpoint; draining (%s) fires open windows, not draining keeps them", async (drain) => {
    const store = createMemoryCheckpointStore();
    const sink = createMemorySink();
    const { run } = start({ store, sink, plan: countingPlan(1_000_000), stopAfter: 3, drain });
    expect(await run.run()).toBe("stopped");
    const read = run.metrics().nodes.rows.recordsIn;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(rows.length);
    expect(total(sink)).toBe(drain ? read : 0);
    if (drain) return;
    expect(await start({ store, sink, plan: countingPlan(1_000_000) }).run.run()).toBe("finished");
    expect(total(sink)).toBe(rows.length);
  });
});
