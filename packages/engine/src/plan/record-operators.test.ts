import { describe, expect, test } from "vitest";
import { fieldOf, handDriven, streamOf } from "../testing/plan-step.ts";
import { bigintType, doubleType, jsonType, stringType, timestampType } from "../types/field-type.ts";
import { explainRecord } from "./explain-record.ts";
import { liveFields } from "./live-fields.ts";
import type { PlannedOperator, PlannedRecordOperator } from "./logical-plan.ts";
import { recordTypes } from "./record-type.ts";

const input = streamOf({ at: timestampType, key: stringType, value: doubleType, list: jsonType, rank: bigintType }, "at", ["key"]);

const operators: Readonly<Record<PlannedRecordOperator["op"], PlannedRecordOperator>> = {
  deduplicate: { op: "deduplicate", input: handDriven, keyBy: [], keep: "last", ttlMs: 60_000 },
  "look-back": {
    op: "look-back",
    input: handDriven,
    keyBy: [],
    rangeMs: 1000,
    aggregates: [{ as: "total", fn: "sum", argument: fieldOf(input, "value"), filter: null }],
  },
  "top-n": {
    op: "top-n",
    input: handDriven,
    keyBy: [],
    by: fieldOf(input, "value"),
    order: "ascending",
    limit: 3,
    sizeMs: 1000,
    offsetMs: 0,
    output: "update",
  },
  unnest: { op: "unnest", input: handDriven, field: "list", as: "item", position: "n", keepEmpty: true },
  sample: { op: "sample", input: handDriven, keyBy: [], share: 0.1 },
  "rate-limit": { op: "rate-limit", input: handDriven, keyBy: [], limit: 5, intervalMs: 1000 },
};

function typesOf(operator: PlannedRecordOperator) {
  const types = recordTypes(operator, input, (expression) => ({ type: expression.type, field: null }));
  if (types === null) throw new Error("the types cannot be told");
  return types;
}

/** Names of the input fields that an operator reads when a projection behind it reads these of its output. */
function readWhen(operator: PlannedRecordOperator, names: readonly string[]): readonly string[] {
  const outputs = typesOf(operator);
  const source: PlannedOperator = {
    op: "source",
    connector: "memory",
    options: {},
    format: { kind: "columns" },
    fields: input.fields,
    timeField: null,
    watermark: { kind: "none", disorderMs: 0, idleTimeoutMs: null, nullTime: "keep" },
    pace: null,
  };
  const fields = names.map((name) => ({ name, value: fieldOf(outputs.out, name) }));
  const project: PlannedOperator = { op: "project", input: { operator: "own", port: "out" }, fields };
  const sink: PlannedOperator = {
    op: "sink",
    input: { operator: "project", port: "out" },
    connector: "memory",
    options: {},
    format: { kind: "json" },
  };
  const projected = streamOf(Object.fromEntries(fields.map(({ name, value }) => [name, value.type])));
  const step = (id: string, of: PlannedOperator, inputs = [input], types = {}) => ({ id, node: id, operator: of, inputs, outputs: types });
  const [live] = liveFields([
    step("source", source, [], { out: input }),
    step("own", { ...operator, input: { operator: "source", port: "out" } }, [input], outputs),
    step("project", project, [outputs.out], { out: projected, dead_letter: outputs.out }),
    step("sink", sink, [projected]),
  ]);
  return input.fields.filter((_field, i) => live.out[i]).map((field) => field.name);
}

describe("record operators in plans", () => {
  test.each([
    ["deduplicate", ["value"], ["key", "value"]],
    ["sample", [], ["key"]],
    ["rate-limit", ["at"], ["at", "key"]],
    ["unnest", ["n"], ["list"]],
    ["unnest", ["item", "value"], ["value", "list"]],
    ["look-back", ["total"], ["at", "key", "value", "list", "rank"]],
    ["top-n", ["rank"], ["at", "key", "value", "list", "rank"]],
  ] as const)("%s, of which %o is read, reads %o", (op, names, read) => {
    expect(readWhen(operators[op], names)).toEqual(read);
  });

  test.each([
    ["deduplicate", "at key value list rank, update"],
    ["look-back", "at key value list rank total, append"],
    ["top-n", "window_start window_end rank at key value list, update"],
    ["unnest", "at key value item rank n, append"],
    ["sample", "at key value list rank, append"],
    ["rate-limit", "at key value list rank, append"],
  ] as const)("%s puts out %s", (op, expected) => {
    const { fields, changelog, key } = typesOf(operators[op]).out;
    expect(`${fields.map(({ name }) => name).join(" ")}, ${changelog}`).toBe(expected);
    expect(key).toEqual(["key"]);
  });

  test("are explained", () => {
    expect(Object.values(operators).flatMap(explainRecord)).toEqual([
      "keep the last by the key of the input within 1m",
      "over the 1s up to each record, by the key of the input",
      "total = sum(value)",
      "the first 3 by value ascending, of each the key of the input",
      "in windows of 1s, output update",
      "item in list, position n, also of none",
      "0.1 of the keys by the key of the input",
      "5 in 1s by the key of the input",
    ]);
  });

  test("have no type when a field is not there", () => {
    const facts = () => ({ type: doubleType, field: null });
    expect(recordTypes({ ...operators.unnest, op: "unnest", field: "value" } as PlannedRecordOperator, input, facts)).toBeNull();
    for (const operator of [operators.sample, operators["rate-limit"], operators.deduplicate]) {
      expect(recordTypes({ ...operator, keyBy: ["no"] } as PlannedRecordOperator, input, facts)).toBeNull();
    }
  });
});
