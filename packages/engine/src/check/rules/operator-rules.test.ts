import { expect, test } from "vitest";
import { feedParams, smallEdges, smallNodes } from "../../graph/small-document.fixture.ts";
import type { JsonObject, JsonValue } from "../../types/json-value.ts";
import { check, edge, errors, findings, windowNode } from "../check-document.fixture.ts";

test("a window needs time", () => {
  const orders = { type: "feed", version: 2, params: { ...feedParams, timeField: null } };
  expect(errors(check({ ...smallNodes, orders }))).toEqual(["error WINDOW_NEEDS_TIME totals:in"]);
});

test("uneven slides are a warning, countless slices an error", () => {
  expect(findings(check(windowNode({ kind: "hopping", size: "5m", slide: "2m" })))).toEqual(["warning WINDOW_SLIDE_UNEVEN totals.slide"]);
  expect(errors(check(windowNode({ kind: "hopping", size: "1d", slide: "1s" })))).toEqual(["error WINDOW_TOO_MANY totals.slide"]);
  expect(errors(check(windowNode({ kind: "hopping", size: "5m", slide: "299999ms" })))).toEqual(["error WINDOW_TOO_MANY totals.slide"]);
  expect(findings(check(windowNode({ kind: "hopping", size: "10000s", slide: "1s" })))).toEqual([]);
});

test("inputs of a union have the same fields", () => {
  const nodes = {
    ...smallNodes,
    other: {
      type: "compute",
      version: 1,
      label: "Pence",
      params: {
        fields: [
          { name: "service", value: "service" },
          { name: "amount", value: "ts" },
        ],
      },
    },
    all: { type: "merge", version: 1 },
    end: { type: "store", version: 1 },
  };
  const report = check(nodes, [...smallEdges, edge("orders", "other"), edge("other", "all"), edge("orders", "all"), edge("all", "end")]);
  expect(errors(report)).toEqual(["error UNION_FIELDS_DIFFER all"]);
  expect(report.diagnostics[0].message).toBe(
    'The inputs from Feed and Pence do not have the same fields: "amount" is double in Feed and timestamp in Pence.',
  );
});

test("windows take final records alone; alerts take replaced ones, but none that are taken back", () => {
  const nodes = (output: string): JsonObject => ({
    ...windowNode({ output, keyBy: ["service"] }),
    again: { type: "window", version: 1, params: { aggregates: [{ as: "m", fn: "max", argument: "n" }] } },
    warn: { type: "alert", version: 1, params: { raiseWhen: "n > 1", title: "x" } },
    end: { type: "store", version: 1 },
    alerts: { type: "store", version: 1 },
  });
  const edges = [
    ...smallEdges.slice(0, 2),
    edge("totals", "kept"),
    edge("totals", "again"),
    edge("again", "end"),
    edge("totals", "warn"),
    edge("warn", "alerts"),
  ];
  expect(errors(check(nodes("append"), edges))).toEqual([]);
  expect(errors(check(nodes("update"), edges))).toEqual(["error CHANGELOG_UNSUPPORTED again:in"]);
  expect(errors(check(nodes("retract"), edges))).toEqual(["error CHANGELOG_UNSUPPORTED again:in", "error CHANGELOG_UNSUPPORTED warn:in"]);
});

test("an alert over tumbling windows is told that it misses bursts across a boundary", () => {
  const nodes = (kind: string): JsonObject => ({
    ...windowNode({ kind, keyBy: ["service"] }),
    some: { type: "filter", version: 1, params: { where: "n > 0" } },
    warn: { type: "alert", version: 1, params: { raiseWhen: "n > 100", title: "{service}" } },
    alerts: { type: "store", version: 1 },
  });
  const edges = [...smallEdges, edge("totals", "some"), edge("some", "warn"), edge("warn", "alerts")];
  expect(findings(check(nodes("tumbling"), edges))).toEqual(["info WINDOW_MISSES_BURST warn"]);
  expect(check(nodes("tumbling"), edges).checked).not.toBeNull();
  expect(findings(check(nodes("hopping"), edges))).toEqual([]);
});

test("keys are of types that can be told apart, and a key that is not there is said once", () => {
  const fields = [...(feedParams.fields as readonly JsonValue[]), { name: "extra", type: "json" }];
  const orders = { type: "feed", version: 2, params: { ...feedParams, fields } };
  expect(errors(check({ ...windowNode({ keyBy: ["service", "extra"] }), orders }))).toEqual(["error KEY_TYPE totals.keyBy.1"]);
  const keyed = (by: string): JsonObject => ({ ...windowNode({}), orders, large: { type: "key", version: 1, params: { by } } });
  expect(errors(check(keyed("nothing")))).toEqual(["error UNKNOWN_FIELD large.by"]);
});

test("two fields of one name, with the entry that made the second", () => {
  const report = check(
    windowNode({
      keyBy: ["service"],
      aggregates: [
        { as: "n", fn: "count" },
        { as: "service", fn: "count" },
      ],
    }),
  );
  expect(errors(report)).toEqual(["error OUTPUT_FIELD_DUPLICATE totals.aggregates.1.as"]);
  const start = check(windowNode({ aggregates: [{ as: "window_start", fn: "count" }] }));
  expect(errors(start)).toEqual(["error OUTPUT_FIELD_DUPLICATE totals.aggregates.0.as"]);
});
