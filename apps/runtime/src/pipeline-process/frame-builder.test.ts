import type { NodeTotals, RunMetrics } from "@millrace/engine";
import { metricsFrame } from "@millrace/protocol";
import { expect, test } from "vitest";
import { FrameBuilder } from "./frame-builder.ts";

function metrics(records: number, busyMs: number): RunMetrics {
  const node: NodeTotals = {
    recordsIn: records,
    recordsOut: records / 2,
    late: 0,
    deadLettered: 0,
    watermarkMs: null,
    busyMs,
    backPressuredMs: 0,
    stateKeys: 0,
    stateBytes: 0,
    counters: { partially_late: 1 },
  };
  return {
    nodes: { count: node },
    edges: { "a.out>count.in": records },
    checkpoint: { number: 2, committedAtMs: 900, durationMs: 5, bytes: 10 },
    unaccounted: 0,
  };
}

const builder = (): FrameBuilder => new FrameBuilder({ deploymentId: "d", pipelineId: "p", version: 1, restarts: 0 });

test("rates and shares are those of the last second, whatever went before", () => {
  const frames = builder();
  for (let quarter = 0; quarter <= 8; quarter++) frames.build(metrics(quarter * 1000, quarter * 200), quarter * 250, 1000);
  const burst = frames.build(metrics(8000 + 500, 1600 + 25), 2250, 1100);
  // From 1250 ms (5000 records, 1000 ms busy) to 2250 ms.
  expect(burst.nodes.count).toMatchObject({ inPerSecond: 3500, outPerSecond: 1750, busy: 0.625 });
  expect(burst.edges["a.out>count.in"]).toEqual({ records: 8500, perSecond: 3500 });
  expect(burst.sequence).toBe(10);
  expect(burst.checkpoint).toEqual({ number: 2, ageMs: 200, durationMs: 5, bytes: 10 });
});

test("the first frame has no rates, and a node that appears later starts with none", () => {
  const frames = builder();
  const first = frames.build({ ...metrics(100, 1), nodes: {} }, 0, 0);
  expect(first.nodes).toEqual({});
  expect(frames.build(metrics(900, 5), 250, 0).nodes.count.inPerSecond).toBe(0);
});

test("every frame is one of the protocol, also with hostile names", () => {
  const nodes = Object.assign(Object.create(null), { constructor: metrics(1, 1).nodes.count });
  const frame = builder().build({ ...metrics(1, 1), nodes }, 0, 0);
  expect(metricsFrame.safeParse(JSON.parse(JSON.stringify(frame))).success).toBe(true);
  expect(Object.keys(frame.nodes)).toEqual(["constructor"]);
});
