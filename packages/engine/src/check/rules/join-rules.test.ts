import { describe, expect, test } from "vitest";
import { parsePipeline } from "../../graph/parse-pipeline.ts";
import { feedParams, smallDocument } from "../../graph/small-document.fixture.ts";
import { createCatalogue } from "../../node/catalogue.ts";
import { defineNode } from "../../node/node-definition.ts";
import * as param from "../../node/params.ts";
import { smallCatalogue } from "../../node/small-catalogue.fixture.ts";
import { type LoweredOperator, outputOf } from "../../plan/logical-operator.ts";
import type { JsonObject, JsonValue } from "../../types/json-value.ts";
import { findings } from "../check-document.fixture.ts";
import { checkGraph } from "../check-graph.ts";
import type { CheckReport } from "../check-report.ts";

const join = defineNode({
  type: "join",
  version: 1,
  category: "join",
  label: "Join",
  summary: "",
  docs: "",
  icon: "box",
  inputs: [{ name: "left" }, { name: "right" }],
  outputs: [{ name: "out" }],
  params: param.params({
    leftKeys: param.fields({ label: "Left keys", port: "left" }),
    rightKeys: param.fields({ label: "Right keys", port: "right" }),
    from: param.optionalDuration({ label: "From" }),
    to: param.optionalDuration({ label: "To" }),
    rightPrefix: param.text({ label: "Prefix", default: "right_" }),
  }),
  headline: () => "ready",
  lower: ({ params, inputs }) => {
    const operator: LoweredOperator = {
      op: "interval-join",
      kind: "inner",
      left: inputs.left,
      right: inputs.right,
      on: params.leftKeys.map((left, i) => ({ left, right: params.rightKeys[i] })),
      lowerMs: params.from,
      upperMs: params.to,
      rightPrefix: params.rightPrefix,
    };
    return { out: outputOf(operator) };
  },
  examples: [],
});
const tableJoin = defineNode({
  ...join,
  type: "table-join",
  params: param.params({ leftTtl: param.optionalDuration({ label: "Left" }), rightTtl: param.optionalDuration({ label: "Right" }) }),
  lower: ({ params, inputs }) => {
    const on = [{ left: "service", right: "service" }];
    const ttl = { leftTtlMs: params.leftTtl, rightTtlMs: params.rightTtl };
    return {
      out: outputOf({ op: "regular-join", kind: "inner", left: inputs.left, right: inputs.right, on, rightPrefix: "right_", ...ttl }),
    };
  },
});
const catalogue = createCatalogue([...smallCatalogue.definitions, join, tableJoin]);

const feed = (extra: JsonObject = {}): JsonObject => ({ type: "feed", version: 2, params: { ...feedParams, ...extra } });
const keys = (left: readonly string[], right: readonly string[]): JsonObject => ({
  leftKeys: left,
  rightKeys: right,
  from: "0s",
  to: "5m",
});

/** A join of two feeds, the right of which goes through `via` where that is given. */
function check(params: JsonObject, others: JsonObject = {}, via: string | null = null): CheckReport {
  const nodes = {
    orders: feed(),
    payments: feed(),
    both: { type: "join", version: 1, params },
    end: { type: "store", version: 1 },
    ...others,
  };
  const edges: JsonValue[] = [
    { from: "both.out", to: "end.in" },
    { from: "orders.out", to: "both.left" },
    ...(via === null ? [] : [{ from: "payments.out", to: `${via}.in` }]),
    { from: `${via ?? "payments"}.out`, to: "both.right" },
  ];
  const read = parsePipeline(JSON.stringify(smallDocument(nodes, edges)), catalogue);
  if (!read.ok) throw new Error(read.diagnostics[0].message);
  return checkGraph(read.value.pipeline, catalogue);
}

describe("keys of a join", () => {
  test("are of one type on both sides; the message names both fields and types, and how to bring them together", () => {
    const report = check(keys(["service"], ["amount"]));
    expect(findings(report)).toEqual(["error JOIN_KEY_TYPES both.rightKeys.0"]);
    expect(report.diagnostics[0]).toMatchObject({
      message: 'The key "service" of the left is string, but "amount" of the right is double; values of different types are never equal.',
      fix: "Bring both to one type in a Map fields node before this one: CAST(amount AS STRING).",
    });
    expect(check(keys(["ts"], ["amount"])).diagnostics[0].fix).toContain("CAST(ts AS STRING) and CAST(amount AS STRING)");
  });

  test("are looked for on their own side", () => {
    const renamed = {
      type: "compute",
      version: 1,
      params: {
        fields: [
          { name: "name", value: "service" },
          { name: "ts", value: "ts" },
        ],
      },
    };
    expect(findings(check(keys(["service"], ["service"]), { renamed }, "renamed"))).toEqual(["error UNKNOWN_FIELD both.rightKeys.0"]);
    expect(findings(check(keys(["service"], ["name"]), { renamed }, "renamed"))).toEqual([]);
  });

  test("can be told apart", () => {
    const payments = feed({ fields: [...(feedParams.fields as readonly JsonValue[]), { name: "extra", type: "json" }] });
    expect(findings(check(keys(["service"], ["extra"]), { payments }))).toEqual(["error KEY_TYPE both.rightKeys.0"]);
  });
});

describe("what a join keeps", () => {
  test("must be bounded in time", () => {
    const report = check({ leftKeys: ["service"], rightKeys: ["service"], from: "1m" });
    expect(findings(report)).toEqual(["error UNBOUNDED_STATE both.to"]);
    expect(report.diagnostics[0].message).toBe(
      "Join would keep every record for ever: nothing says how far apart in time two records may be.",
    );
    expect(report.checked).toBeNull();
  });

  test("an interval that ends before it begins is refused", () => {
    const report = check({ ...keys(["service"], ["service"]), from: "10m" });
    expect(findings(report)).toEqual(["error JOIN_BOUNDS_REVERSED both"]);
    expect(report.diagnostics[0].message).toContain("between 10m after the left and 5m after the left");
  });
});

describe("a join of tables", () => {
  const both = (params: JsonObject): JsonObject => ({ both: { type: "table-join", version: 1, params } });
  const totals = (output: string): JsonObject => ({
    totals: { type: "window", version: 1, params: { keyBy: ["service"], aggregates: [{ as: "n", fn: "count" }], output } },
  });

  test("needs a time to live on both sides", () => {
    const report = check({}, both({ leftTtl: "1d" }));
    expect(findings(report)).toEqual(["error UNBOUNDED_STATE both.rightTtl"]);
    expect(report.diagnostics[0].fix).toContain("time to live of both sides");
    expect(findings(check({}, both({ leftTtl: "1d", rightTtl: "2d" })))).toEqual([]);
  });

  test("follows rows that are taken back, not those that are replaced without being so", () => {
    const of = (output: string) => check({}, { ...both({ leftTtl: "1d", rightTtl: "2d" }), ...totals(output) }, "totals");
    expect(findings(of("retract"))).toEqual([]);
    expect(of("retract").nodes.get("both")?.outputTypes.out).toMatchObject({ changelog: "retract", time: "none" });
    expect(of("append").nodes.get("both")?.outputTypes.out).toMatchObject({ changelog: "append" });
    expect(findings(of("update"))).toEqual(["error JOIN_CHANGELOG both:right"]);
    expect(of("update").diagnostics[0].message).toBe('Join cannot take records on the right that may still be replaced (output "update").');
  });
});

test("records of both sides carry a time, and are final", () => {
  const untimed = { payments: feed({ timeField: null }) };
  expect(findings(check(keys(["service"], ["service"]), untimed))).toEqual(["error JOIN_NEEDS_TIME both:right"]);
  const totals = {
    type: "window",
    version: 1,
    params: { keyBy: ["service"], aggregates: [{ as: "n", fn: "count" }], output: "update" },
  };
  expect(findings(check(keys(["service"], ["service"]), { totals }, "totals"))).toEqual(["error JOIN_CHANGELOG both:right"]);
});

test("the fields of both come out, those of the right prefixed where the left has the name; a prefix that is no help is an error", () => {
  const of = (params: JsonObject) => check({ ...keys(["service"], ["service"]), ...params });
  const names = of({})
    .nodes.get("both")
    ?.outputTypes.out?.fields.map((field) => field.name);
  const left = (feedParams.fields as readonly JsonObject[]).map((field) => String(field.name));
  expect(names).toEqual([...left, ...left.map((name) => `right_${name}`)]);
  expect(findings(of({ rightPrefix: "" }))).toContain("error OUTPUT_FIELD_DUPLICATE both");
});
