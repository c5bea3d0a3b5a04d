import { checkGraph, type NodeDefinition } from "@millrace/engine";
import { expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { exampleCatalogue, exampleGraph } from "../testing/example-graph.ts";
import { runExample } from "../testing/run-example.ts";
import { cumulateWindow } from "./cumulate-window.node.ts";
import { sessionWindow } from "./session-window.node.ts";
import { tumblingWindow } from "./tumbling-window.node.ts";

function codesOf(definition: NodeDefinition, params: NodeDefinition["examples"][number]["params"]): string[] {
  const example = { ...definition.examples[0], params };
  const { diagnostics } = checkGraph(exampleGraph(definition, example), exampleCatalogue(catalogue));
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code, place }) => `${code} ${place.param}`);
}

test("a time zone that does not exist is found where it was written", () => {
  expect(codesOf(tumblingWindow, { keyBy: [], unit: "day", zone: "Nowhere/Land" })).toEqual(["WINDOW_ZONE zone"]);
  expect(codesOf(tumblingWindow, { keyBy: [], unit: "day", zone: "Asia/Kathmandu" })).toEqual([]);
});

test("the offset is held against the size only where there is one", () => {
  expect(codesOf(tumblingWindow, { keyBy: [], unit: "month", size: "1m", offset: "2m" })).toEqual([]);
});

test("a period is a whole number of steps, not of too many", () => {
  expect(cumulateWindow.params.safeParse({ keyBy: [], size: "1m", step: "7s" }).error?.issues.map(({ path }) => path)).toEqual([["step"]]);
  expect(codesOf(cumulateWindow, { keyBy: [], size: "1d", step: "1s" })).toEqual(["WINDOW_TOO_MANY step"]);
});

test("a session's own fields cannot be named again", () => {
  const aggregates = [{ as: "duration", fn: "count" }];
  expect(codesOf(sessionWindow, { keyBy: [], aggregates })).toEqual(["OUTPUT_FIELD_DUPLICATE aggregates.0.as"]);
});

test("windows by the clock need no time in the records, and close by it in a whole pipeline", async () => {
  const example = { title: "by the clock", params: { keyBy: [], size: "1m", time: "processing" }, feed: { in: [{ id: 1 }, { id: 2 }] } };
  const rows = await runExample(tumblingWindow, { ...example, expect: { out: [] } });
  expect(rows.out).toEqual([{ window_start: 9_960_000, window_end: 10_020_000, count: 2 }]);
});

test("parameters of early results that contradict each other are found", () => {
  const pathsOf = (definition: NodeDefinition, params: object) =>
    definition.params.safeParse({ keyBy: [], ...params }).error?.issues.map(({ path }) => path.join(".")) ?? [];
  expect(pathsOf(tumblingWindow, { early: "records" })).toEqual(["output"]);
  expect(pathsOf(tumblingWindow, { early: "records", output: "update" })).toEqual([]);
  expect(pathsOf(tumblingWindow, { panes: "discarding", output: "retract" })).toEqual(["output"]);
  expect(pathsOf(sessionWindow, { early: "event-time", output: "update" })).toEqual(["early"]);
  expect(pathsOf(sessionWindow, { early: "records", output: "retract" })).toEqual([]);
});
