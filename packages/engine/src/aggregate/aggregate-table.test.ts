import { describe, expect, test } from "vitest";
import { valueAt } from "../column/column.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import type { AggregateFunction } from "../plan/logical-operator.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import { SnapshotWriter } from "../state/snapshot-writer.ts";
import {
  bigintType,
  booleanType,
  doubleType,
  type FieldType,
  intervalType,
  jsonType,
  nullType,
  stringType,
  timestampType,
} from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";
import { aggregateResultType, createAccumulator } from "./aggregate-table.ts";

const functions: readonly AggregateFunction[] = [
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "count_distinct",
  "approx_count_distinct",
  "stddev_samp",
  "median",
  "most_frequent",
  "top_k",
  "first",
  "last",
  "collect",
  "string_agg",
];
const types = {
  none: null,
  null: nullType,
  boolean: booleanType,
  bigint: bigintType,
  double: doubleType,
  string: stringType,
  timestamp: timestampType,
  interval: intervalType,
  json: jsonType,
};

test("what each function takes, and what it gives", () => {
  const table = Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, functions.map((fn) => aggregateResultType(fn, type)?.kind ?? "-").join(" ")]),
  );
  expect(table).toEqual({
    none: "bigint - - - - - - - - - - - - - -",
    null: "bigint - - - - - - - - - - - - - -",
    boolean: "bigint - - - - bigint bigint - - array - boolean boolean array -",
    bigint: "bigint bigint double bigint bigint bigint bigint double double array array bigint bigint array -",
    double: "bigint double double double double bigint bigint double double array array double double array -",
    string: "bigint - - string string bigint bigint - - array array string string array string",
    timestamp: "bigint - - timestamp timestamp bigint bigint - - array array timestamp timestamp array -",
    interval: "bigint - - interval interval bigint bigint - - array array interval interval array -",
    json: "bigint - - - - - - - - - - json json array -",
  });
  expect(() => createAccumulator("sum", stringType)).toThrow("sum does not take an argument of type string");
});

const slots = (...values: number[]) => Int32Array.from(values);

/** Adds values to a slot, at their index as time unless said. */
function add(accumulator: Accumulator, type: FieldType, values: readonly unknown[], slot = 1, times?: readonly number[]): void {
  const builder = createColumnBuilder(type, values.length);
  values.forEach((value, i) => {
    builder.set(i, value);
  });
  const rows = Int32Array.from(values, (_, i) => i);
  accumulator.begin?.();
  accumulator.add(
    rows.map(() => slot),
    rows,
    values.length,
    builder.column(),
    Float64Array.from(times ?? rows),
  );
}

function result(accumulator: Accumulator, fn: AggregateFunction, type: FieldType, slot = 1): unknown {
  const builder = createColumnBuilder(aggregateResultType(fn, type) ?? bigintType, 1);
  accumulator.write(slots(slot), 0, 1, builder, 0);
  return valueAt(builder.column(), 0);
}

function resultOf(fn: AggregateFunction, type: FieldType, values: readonly unknown[]): unknown {
  const accumulator = createAccumulator(fn, type);
  accumulator.reserve(2);
  add(accumulator, type, values);
  return result(accumulator, fn, type);
}

describe("results", () => {
  test.each([
    ["count", doubleType, [null, null], 0],
    ["sum", doubleType, [null], null],
    ["avg", bigintType, [], null],
    ["min", stringType, [null], null],
    ["last", jsonType, [null], null],
    ["sum", doubleType, [0.1, 0.2, 0.3, -0.3, -0.2, -0.1], 0],
    ["sum", doubleType, Array.from({ length: 1000 }, () => 0.1), 100],
    ["sum", doubleType, [1e100, 1, -1e100], 1],
    ["sum", doubleType, [Number.MAX_VALUE, Number.MAX_VALUE, 1], Number.POSITIVE_INFINITY],
    ["sum", doubleType, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], Number.NaN],
    ["sum", bigintType, [2 ** 53, 1, -(2 ** 53)], 1],
    ["avg", bigintType, [1, 2], 1.5],
    ["min", doubleType, [Number.NaN, 3, -0, 0], 0],
    ["max", doubleType, [1, Number.NaN, 2], Number.NaN],
    ["max", doubleType, [-3, -2], -2],
    ["max", stringType, ["\uffff", "😀", "z"], "😀"],
    ["min", timestampType, [5, 3, 4], 3],
    ["count_distinct", doubleType, [0, -0, Number.NaN, Number.NaN, null, 1], 3],
    ["count_distinct", stringType, ["", "a", "a", null], 2],
    ["approx_count_distinct", stringType, ["a", "b", "a", null], 2],
    ["stddev_samp", doubleType, [2, 4, 4, 4, 5, 5, 7, 9], Math.sqrt(32 / 7)],
    ["stddev_pop", bigintType, [2, 4, 4, 4, 5, 5, 7, 9], 2],
    ["stddev_samp", doubleType, [1], null],
    ["stddev_pop", doubleType, [1], 0],
    ["stddev_pop", doubleType, [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], Math.sqrt(22.5)],
    ["median", doubleType, [], null],
    ["median", doubleType, [0, 0, 0], 0],
    ["p99", doubleType, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY],
    ["most_frequent", stringType, ["b", "a", "b", null, "c", "a"], ["a", "b", "c"]],
    ["most_frequent", doubleType, Array.from({ length: 40 }, (_, i) => i % 20), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["first", stringType, [null, "b", "c"], "b"],
    ["last", jsonType, [{ a: 1 }, [2], null], [2]],
    ["last", booleanType, [true, false], false],
    ["collect", doubleType, [2, null, 1, 2], [2, 1, 2]],
    ["collect", jsonType, [{ a: 1 }, [2]], [{ a: 1 }, [2]]],
    ["collect", stringType, [null], null],
    ["string_agg", stringType, ["b", null, "", "a"], "b,,a"],
    ["string_agg", stringType, [], null],
  ] as const)("%s of %o over %j is %j", (fn, type, values, expected) => {
    expect(resultOf(fn, type, values)).toEqual(expected);
  });
});

test.each([
  ["percentile", doubleType, { fraction: 0 }, [3, 1, 2], 1],
  ["percentile", doubleType, { fraction: 1 }, [3, 1, 2], 3],
  ["percentile", doubleType, { fraction: 0.25 }, Array.from({ length: 101 }, (_, i) => i), 25],
  ["most_frequent", stringType, { limit: 1 }, ["b", "a", "b"], ["b"]],
  ["top_k", doubleType, { limit: 3 }, [1, 5, 5, null, 2], [5, 5, 2]],
  ["top_k", stringType, {}, ["z", "😀", "\uffff"], ["😀", "\uffff", "z"]],
  ["top_k", doubleType, { limit: 2 }, [null], null],
  ["collect", doubleType, { limit: 2 }, [3, null, 1, 2], [3, 1]],
  ["string_agg", stringType, { separator: " | " }, ["b", "a"], "b | a"],
  ["string_agg", stringType, { separator: "", limit: 2 }, ["b", "a", "c"], "ba"],
] as const)("%s of %o with %j over %j is about %j", (fn, type, options, values, expected) => {
  const accumulator = createAccumulator(fn, type, options);
  accumulator.reserve(2);
  add(accumulator, type, values);
  const found = result(accumulator, fn, type);
  if (fn === "percentile") expect(Math.abs(Number(found) / Number(expected) - 1)).toBeLessThan(0.01);
  else expect(found).toEqual(expected);
});

describe("first and last go by event time, and what has none counts only while nothing has", () => {
  const none = Number.NaN;
  test.each([
    ["first", ["a", "b"], [none, none], "a"],
    ["first", ["a", "b", "c", "d"], [none, 9, 5, none], "c"],
    ["first", ["a", "b"], [-5, none], "a"],
    ["last", ["a", "b"], [none, none], "b"],
    ["last", ["a", "b", "c", "d"], [none, 5, 9, none], "c"],
    ["last", ["a", "b"], [none, -5], "b"],
  ] as const)("%s of %j at %j is %s", (fn, values, times, expected) => {
    for (let cut = 0; cut <= values.length; cut++) {
      const whole = createAccumulator(fn, stringType);
      whole.reserve(4);
      add(whole, stringType, values.slice(0, cut), 1, times.slice(0, cut));
      add(whole, stringType, values.slice(cut), 2, times.slice(cut));
      const writer = new SnapshotWriter();
      whole.snapshot(writer, slots(1, 2), 2);
      const restored = createAccumulator(fn, stringType);
      restored.reserve(4);
      restored.restore(new SnapshotReader(writer.finish()), slots(1, 2), 2);
      restored.merge(slots(1), slots(2), 1);
      expect(result(restored, fn, stringType)).toBe(expected);
    }
  });
});

describe.each(
  functions.flatMap((fn) => Object.values(types).flatMap((type) => (type !== null && aggregateResultType(fn, type) ? [{ fn, type }] : []))),
)("$fn over $type.kind", ({ fn, type }) => {
  const values: Readonly<Record<string, readonly unknown[]>> = {
    boolean: [true, null, false, true],
    string: ["b", "a", null, "c"],
    json: [{ a: 1 }, null, [1], 3],
    null: [null, null, null, null],
  };
  const all = values[type.kind] ?? [3, -1, null, 7];

  test("merging parts gives what all records give; subtracting a part gives the rest; cleared slots are empty", () => {
    const accumulator = createAccumulator(fn, type);
    accumulator.reserve(8);
    add(accumulator, type, all.slice(0, 2), 1);
    const front = result(accumulator, fn, type, 1);
    add(accumulator, type, all, 2);
    accumulator.merge(slots(3, 3), slots(0, 2), 2);
    expect(result(accumulator, fn, type, 3)).toEqual(result(accumulator, fn, type, 2));
    accumulator.merge(slots(1), slots(2), 1);
    accumulator.subtract?.(slots(1), slots(2), 1);
    if (accumulator.subtract !== null) expect(result(accumulator, fn, type, 1)).toEqual(front);
    accumulator.clear(slots(1, 2, 3), 3);
    for (const slot of [0, 1, 2, 3]) expect(result(accumulator, fn, type, slot)).toBe(fn.includes("count") ? 0 : null);
  });

  test("a snapshot restores into other slots, and goes on from there", () => {
    const accumulator = createAccumulator(fn, type);
    accumulator.reserve(8);
    add(accumulator, type, all.slice(0, 3), 1);
    const writer = new SnapshotWriter();
    accumulator.snapshot(writer, slots(4, 1), 2);
    const restored = createAccumulator(fn, type);
    restored.reserve(8);
    restored.restore(new SnapshotReader(writer.finish()), slots(2, 7), 2);
    expect(result(restored, fn, type, 2)).toBe(fn.includes("count") ? 0 : null);
    for (const each of [accumulator, restored]) add(each, type, all, each === restored ? 7 : 1);
    expect(result(restored, fn, type, 7)).toEqual(result(accumulator, fn, type, 1));
  });
});
