import { checkGraph, type Graph } from "@millrace/engine";
import { expect, it } from "vitest";
import { CheckScheduler, checkQuietMs } from "./check-scheduler.ts";
import { setParam } from "./set-param.ts";
import { sampleCatalogue as catalogue } from "./testing/sample-catalogue.ts";
import { sampleDocument } from "./testing/sample-document.ts";

/** A scheduler whose timers are fired by hand, and how often it has checked. */
function harness() {
  const document = sampleDocument();
  const timers: (() => void)[] = [];
  const waits: number[] = [];
  let checks = 0;
  const scheduler = new CheckScheduler(document.pipeline, {
    check: (graph: Graph) => {
      checks++;
      return checkGraph(graph, catalogue);
    },
    delay: (ms, callback) => {
      waits.push(ms);
      timers.push(callback);
      return () => timers.splice(timers.indexOf(callback), 1);
    },
  });
  const withCondition = (where: string): Graph => {
    const outcome = setParam(document, catalogue, "errors", ["where"], where);
    return outcome.ok ? outcome.document.pipeline : document.pipeline;
  };
  return {
    scheduler,
    document,
    timers,
    waits,
    checks: () => checks,
    withCondition,
    fire: () => timers.splice(0).forEach((timer) => void timer()),
  };
}

it("checks once after a burst of changes, the newest graph", () => {
  const { scheduler, waits, timers, checks, withCondition, fire } = harness();
  expect(checks()).toBe(1);
  scheduler.changed(withCondition("leve"));
  scheduler.changed(withCondition("level"));
  expect(timers).toHaveLength(1);
  expect(waits).toEqual([checkQuietMs, checkQuietMs]);
  fire();
  expect(checks()).toBe(2);
});

it("does not check when the logic is the same object", () => {
  const { scheduler, document, timers } = harness();
  scheduler.changed(document.pipeline);
  expect(timers).toHaveLength(0);
});

it("keeps the report of a node the same object while it says the same", () => {
  const { scheduler, withCondition, fire } = harness();
  const before = scheduler.report.get();
  let calls = 0;
  scheduler.report.subscribe(() => calls++);
  scheduler.changed(withCondition(")("));
  fire();
  const after = scheduler.report.get();
  expect(calls).toBe(1);
  expect(after.nodes.get("logs")).toBe(before.nodes.get("logs"));
  expect(after.nodes.get("errors")).not.toBe(before.nodes.get("errors"));
});

it("answers at once when asked to", () => {
  const { scheduler, timers, withCondition } = harness();
  scheduler.changed(withCondition(")("));
  expect(scheduler.flush().nodes.get("errors")?.params).toEqual({ where: ")(" });
  expect(timers).toHaveLength(0);
});
