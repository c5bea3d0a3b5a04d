import type { MetricsFrame, NodeMetrics } from "@millrace/protocol";
import { expect, it, vi } from "vitest";
import { LiveStore } from "./live-store.ts";

const idle: NodeMetrics = {
  recordsIn: 0,
  recordsOut: 0,
  inPerSecond: 0,
  outPerSecond: 0,
  late: 0,
  deadLettered: 0,
  watermarkMs: null,
  busy: 0,
  backPressured: 0,
  stateKeys: 0,
  stateBytes: 0,
  counters: {},
};

function frame(atMs: number, rates: Readonly<Record<string, number>>): MetricsFrame {
  return {
    deploymentId: "d",
    pipelineId: "p",
    version: 1,
    sequence: atMs,
    atMs,
    nodes: Object.fromEntries(Object.entries(rates).map(([slug, outPerSecond]) => [slug, { ...idle, outPerSecond }])),
    edges: { "a.out>b.in": { records: atMs, perSecond: rates.a ?? 0 } },
    checkpoint: { number: 0, ageMs: null, durationMs: null, bytes: 0 },
    restarts: 0,
    unaccounted: 0,
  };
}

it("tells a new listener the newest numbers at once, then each new frame", () => {
  const store = new LiveStore();
  store.acceptFrame(frame(1, { a: 10 }));
  const seen: number[] = [];
  const end = store.subscribeNode("a", (metrics) => seen.push(metrics.outPerSecond));
  store.acceptFrame(frame(2, { a: 20 }));
  end();
  store.acceptFrame(frame(3, { a: 30 }));
  expect(seen).toEqual([10, 20]);
});

it("tells only those who listen to a node or an edge of the frame", () => {
  const store = new LiveStore();
  const a = vi.fn();
  const gone = vi.fn();
  const edge = vi.fn();
  store.subscribeNode("a", a);
  store.subscribeNode("gone", gone);
  store.subscribeEdge("a.out>b.in", edge);
  store.acceptFrame(frame(1, { a: 1, b: 2 }));
  expect(a).toHaveBeenCalledTimes(1);
  expect(gone).not.toHaveBeenCalled();
  expect(edge.mock.calls[0]?.[0]).toEqual({ records: 1, perSecond: 1 });
});

it("never goes back in time", () => {
  const store = new LiveStore();
  const listener = vi.fn();
  store.subscribeFrame(listener);
  store.acceptFrame(frame(5, { a: 5 }));
  store.acceptFrame(frame(4, { a: 4 }));
  expect(listener).toHaveBeenCalledTimes(1);
  expect(store.latestFrame()?.atMs).toBe(5);
});

it("keeps the listener that subscribed twice until both are taken away", () => {
  const store = new LiveStore();
  const first = vi.fn();
  const second = vi.fn();
  const endFirst = store.subscribeNode("a", first);
  store.subscribeNode("a", second);
  endFirst();
  endFirst();
  store.acceptFrame(frame(1, { a: 1 }));
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledTimes(1);
});
