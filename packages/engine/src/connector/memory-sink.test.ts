import { expect, test } from "vitest";
import { FencedError } from "../checkpoint/checkpoint-store.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { createMemorySink } from "./memory-sink.ts";

test("a memory sink takes each checkpoint once and refuses a stale token as fenced", async () => {
  const sink = createMemorySink();
  const context = {
    pipelineId: "p",
    sinkId: "out:sink",
    options: {},
    fields: [],
    clock: createSimulatedClock(),
    signal: new AbortController().signal,
  };
  const delivery = (checkpoint: number, fencingToken: number) => ({
    checkpoint,
    fencingToken,
    bytes: new TextEncoder().encode(`{"n":${checkpoint}}\n`),
    records: 1,
  });
  const writer = await sink.open(context);
  await writer.deliver(delivery(1, 1));
  await writer.deliver(delivery(1, 2));
  await expect(writer.deliver(delivery(2, 1))).rejects.toThrow(FencedError);
  expect([sink.rows("out:sink"), await writer.delivered()]).toEqual([[{ n: 1 }], 1]);
});
