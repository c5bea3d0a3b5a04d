import { describe, expect, test } from "vitest";
import { noGauges } from "../dataflow/operator.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { OperatorHarness } from "../testing/operator-harness.ts";
import { fieldOf, handDriven, planStepOf, streamOf } from "../testing/plan-step.ts";
import { noWatermark } from "../time/watermark.ts";
import { bigintType, booleanType, stringType, timestampType } from "../types/field-type.ts";
import { createBranchOperator } from "./branch-operator.ts";
import { createFilterOperator } from "./filter-operator.ts";
import { createKeyByOperator } from "./key-by-operator.ts";
import { createProjectOperator } from "./project-operator.ts";
import { createUnionOperator } from "./union-operator.ts";

const input = streamOf({ at: timestampType, n: bigintType, name: stringType, a: booleanType, b: booleanType }, "at");
const records = Array.from({ length: 300 }, (_, i) => ({
  at: i,
  n: i % 7 === 0 ? null : i,
  name: `s${i % 5}`,
  a: i % 3 === 0 ? true : i % 3 === 1 ? false : null,
  b: i % 2 === 0,
}));

describe.each([1, 7, 64, 1024])("in batches of %i", (batchRows) => {
  test("filter keeps exactly the records for which the condition is TRUE", () => {
    const operator = { op: "filter" as const, input: handDriven, where: fieldOf(input, "a") };
    const step = planStepOf(operator, [input], { out: input });
    const harness = new OperatorHarness({
      create: () => createFilterOperator(operator, step),
      inputs: [input],
      outputs: step.outputs,
      batchRows,
    });
    harness.run([{ records: records.slice(0, 100) }, { watermark: 50 }, { restart: true }, { records: records.slice(100) }]);
    expect(harness.fields()).toEqual(records.filter((record) => record.a === true));
    expect(harness.rows().map((row) => row.timeMs)).toEqual(harness.fields().map((fields) => fields.at));
    expect(harness.forwardedWatermark).toBe(50);
    expect(harness.gauges()).toEqual({ ...noGauges, books: { settled: records.slice(100).filter((record) => record.a !== true).length } });
  });

  test("branch: the first TRUE branch wins, the rest goes to otherwise", () => {
    const operator = {
      op: "branch" as const,
      input: handDriven,
      branches: [
        { name: "first", value: fieldOf(input, "a") },
        { name: "second", value: fieldOf(input, "b") },
      ],
    };
    const step = planStepOf(operator, [input], { first: input, second: input, otherwise: input });
    const harness = new OperatorHarness({
      create: () => createBranchOperator(operator, step),
      inputs: [input],
      outputs: step.outputs,
      batchRows,
    });
    harness.send(records);
    expect(harness.fields("first")).toEqual(records.filter((record) => record.a === true));
    expect(harness.fields("second")).toEqual(records.filter((record) => record.a !== true && record.b));
    expect(harness.fields("otherwise")).toEqual(records.filter((record) => record.a !== true && !record.b));
  });

  test("branch after filter works on the live rows alone", () => {
    const filter = { op: "filter" as const, input: handDriven, where: fieldOf(input, "b") };
    const branch = { op: "branch" as const, input: handDriven, branches: [{ name: "yes", value: fieldOf(input, "a") }] };
    const outputs = { yes: input, otherwise: input };
    const create = () => {
      const first = createFilterOperator(filter, planStepOf(filter, [input], { out: input }));
      const second = createBranchOperator(branch, planStepOf(branch, [input], outputs));
      return {
        ...second,
        onBatch: (...[port, batch, out, watermark]: Parameters<typeof first.onBatch>) =>
          first.onBatch(port, batch, { emit: (_port, passed) => second.onBatch(0, passed, out, watermark) }, watermark),
      };
    };
    const harness = new OperatorHarness({ create, inputs: [input], outputs, batchRows });
    harness.send(records);
    expect(harness.fields("yes")).toEqual(records.filter((record) => record.b && record.a === true));
    expect(harness.fields("otherwise")).toEqual(records.filter((record) => record.b && record.a !== true));
  });

  test("union hands on all inputs in order of arrival, whatever their dictionaries", () => {
    const operator = { op: "union" as const, inputs: [handDriven, handDriven] };
    const step = planStepOf(operator, [input, input], { out: input });
    const harness = new OperatorHarness({
      create: () => createUnionOperator(operator, step),
      inputs: step.inputs,
      outputs: step.outputs,
      batchRows,
    });
    harness.run([{ records: records.slice(0, 50) }, { records: records.slice(50, 90), input: 1 }, { records: records.slice(90) }]);
    expect(harness.fields()).toEqual(records);
  });

  test("key-by changes no record", () => {
    const operator = { op: "key-by" as const, input: handDriven, fields: ["name"] };
    const step = planStepOf(operator, [input], { out: { ...input, key: ["name"] } });
    const harness = new OperatorHarness({
      create: () => createKeyByOperator(operator, step),
      inputs: [input],
      outputs: step.outputs,
      batchRows,
    });
    harness.send(records);
    expect(harness.fields()).toEqual(records);
  });
});

describe("project", () => {
  const literal: TypedExpression = { kind: "literal", type: stringType, value: "x", span: { start: 0, end: 3 } };
  const operator = {
    op: "project" as const,
    input: handDriven,
    fields: [
      { name: "label", value: literal },
      { name: "number", value: fieldOf(input, "n") },
      { name: "unread", value: fieldOf(input, "b") },
    ],
  };
  const output = streamOf({ label: stringType, number: bigintType, unread: booleanType });

  test("computes fields and keeps event times; fields that nothing reads are absent", () => {
    const step = { ...planStepOf(operator, [input], { out: output }), liveFields: { out: [true, true, false] } };
    const harness = new OperatorHarness({
      create: () => createProjectOperator(operator, step),
      inputs: [input],
      outputs: step.outputs,
      batchRows: 7,
    });
    harness.send(records);
    expect(harness.fields()).toEqual(records.map(({ n }) => ({ label: "x", number: n })));
    expect(harness.rows().map((row) => row.timeMs)).toEqual(records.map(({ at }) => at));
  });

  test("a plain field shares its column, and reading a pruned one fails loudly", () => {
    const step = planStepOf(operator, [input], { out: output });
    const project = createProjectOperator(operator, step);
    const n = { kind: "number" as const, values: Float64Array.of(1), valid: null };
    const b = { kind: "boolean" as const, values: Uint8Array.of(1), valid: null };
    const batch = { length: 1, selection: null, selected: 1, time: Float64Array.of(0), kinds: null };
    const shared: unknown[] = [];
    project.onBatch(
      0,
      { ...batch, columns: [null, n, null, null, b] },
      { emit: (_port, { columns }) => shared.push(columns[1]) },
      noWatermark,
    );
    expect(shared[0]).toBe(n);
    expect(() => project.onBatch(0, { ...batch, columns: [null, null, null, null, b] }, { emit() {} }, noWatermark)).toThrow(
      "column 1 was pruned",
    );
  });
});
