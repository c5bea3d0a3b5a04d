import { describe, expect, test } from "vitest";
import { type LoweredOperator, outputOf } from "../../plan/logical-operator.ts";
import { streamOf } from "../../testing/plan-step.ts";
import { doubleType, jsonType, stringType, timestampType } from "../../types/field-type.ts";
import type { StreamType } from "../../types/stream-type.ts";
import { OperatorTable } from "../lower-node.ts";
import { operatorRules } from "./operator-rules.ts";

const timed = streamOf({ at: timestampType, key: stringType, value: doubleType, list: jsonType }, "at");
const source = outputOf({
  op: "source",
  connector: "memory",
  options: {},
  format: { kind: "columns" },
  fields: timed.fields,
  timeField: "at",
  watermark: { kind: "bounded", disorderMs: 0, idleTimeoutMs: null, nullTime: "keep" },
  pace: null,
});
const keyBy = ["key"];
const deduplicate: LoweredOperator = { op: "deduplicate", input: source, keyBy, keep: "first", ttlMs: 1 };
const lookBack: LoweredOperator = { op: "look-back", input: source, keyBy, rangeMs: 1, aggregates: [] };
const rateLimit: LoweredOperator = { op: "rate-limit", input: source, keyBy, limit: 1, intervalMs: 1 };
const sample: LoweredOperator = { op: "sample", input: source, keyBy, share: 1 };
const unnest: LoweredOperator = { op: "unnest", input: source, field: "list", as: "item", position: null, keepEmpty: false };
const topN: LoweredOperator = {
  op: "top-n",
  input: source,
  keyBy,
  by: "value",
  order: "ascending",
  limit: 1,
  sizeMs: 1,
  offsetMs: 0,
  output: "append",
};
const all = [deduplicate, lookBack, rateLimit, sample, unnest, topN];

function codes(operator: LoweredOperator, input: StreamType = timed): readonly string[] {
  const context = {
    operator,
    inputs: [input],
    outputs: null,
    slug: "own",
    leaves: [],
    operators: new OperatorTable(),
    labelOf: () => "Own",
  };
  return operatorRules.flatMap((rule) => rule(context)).map(({ code }) => code);
}

describe("record operators", () => {
  test.each(all.map((operator) => [operator.op, operator] as const))("%s has nothing to complain of", (_op, operator) => {
    expect(codes(operator)).toEqual([]);
  });

  test.each([deduplicate, lookBack, rateLimit, topN].map((operator) => [operator.op, operator] as const))(
    "%s needs time and final records",
    (_op, operator) => {
      expect(codes(operator, { ...timed, time: "none" })).toEqual(["WINDOW_NEEDS_TIME"]);
      expect(codes(operator, { ...timed, changelog: "update" })).toEqual(["CHANGELOG_UNSUPPORTED"]);
    },
  );

  test("running aggregates take rows out again where all of them can, and need time only for what goes by it", () => {
    const running = (argument: string, more: Partial<Extract<LoweredOperator, { op: "running-aggregate" }>> = {}): LoweredOperator => ({
      op: "running-aggregate",
      input: source,
      keyBy,
      aggregates: [{ as: "total", fn: "sum", argument, filter: null }],
      trigger: { kind: "records", every: 1 },
      panes: "accumulating",
      ttlMs: null,
      output: "retract",
      ...more,
    });
    expect(codes(running("value"))).toEqual([]);
    expect(codes(running("value"), { ...timed, changelog: "retract" })).toEqual(["AGGREGATE_NOT_UNDONE"]);
    expect(codes(running("CAST(value AS BIGINT)"), { ...timed, changelog: "retract", time: "none" })).toEqual([]);
    expect(codes(running("value"), { ...timed, changelog: "update" })).toEqual(["CHANGELOG_UNSUPPORTED"]);
    expect(codes(running("value", { ttlMs: 5 }), { ...timed, time: "none" })).toEqual(["WINDOW_NEEDS_TIME"]);
    expect(codes(running("value", { trigger: { kind: "event-time", everyMs: 5 } }), { ...timed, time: "none" })).toEqual([
      "WINDOW_NEEDS_TIME",
    ]);
  });

  test("elements of rows that are replaced cannot be told apart; those of rows that are taken back can", () => {
    expect(codes(unnest, { ...timed, changelog: "update" })).toEqual(["CHANGELOG_UNSUPPORTED"]);
    expect(codes(unnest, { ...timed, changelog: "retract", time: "none" })).toEqual([]);
    expect(codes(sample, { ...timed, changelog: "update" })).toEqual([]);
  });

  test("ranks need an order, keys need to be told apart", () => {
    expect(codes({ ...topN, by: "key" })).toEqual(["TOP_N_ORDER"]);
    expect(codes({ ...topN, by: "at" })).toEqual([]);
    expect(codes({ ...sample, keyBy: ["list"] })).toEqual(["KEY_TYPE"]);
  });
});
