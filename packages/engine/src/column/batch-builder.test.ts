import { describe, expect, test } from "vitest";
import { bigintType, booleanType, jsonType, stringType, timestampType } from "../types/field-type.ts";
import { maxBatchRows, RowKind } from "./batch.ts";
import { createBatchBuilder } from "./batch-builder.ts";
import { type Column, valueAt } from "./column.ts";
import { NumberColumnBuilder } from "./column-builder.ts";

const fields = [
  { name: "at", type: timestampType },
  { name: "name", type: stringType },
  { name: "ok", type: booleanType },
  { name: "extra", type: jsonType },
];

function values(column: Column | null, rows: number): unknown[] {
  return column === null ? [] : Array.from({ length: rows }, (_, i) => valueAt(column, i));
}

describe("batch builder", () => {
  test("rows come back as they were appended, NULLs included", () => {
    const builder = createBatchBuilder(fields);
    builder.appendRow([1, "a", true, { x: 1 }], 1);
    builder.appendRow([null, null, null, null], Number.NaN);
    builder.appendRow([3, "a", false, undefined], 3);
    const batch = builder.build();
    expect(batch.length).toBe(3);
    expect(batch.kinds).toBeNull();
    expect(values(batch.columns[0], 3)).toEqual([1, null, 3]);
    expect(values(batch.columns[1], 3)).toEqual(["a", null, "a"]);
    expect(values(batch.columns[2], 3)).toEqual([true, null, false]);
    expect(values(batch.columns[3], 3)).toEqual([{ x: 1 }, null, null]);
    expect([...batch.time.subarray(0, 3)]).toEqual([1, Number.NaN, 3]);
  });

  test("the next batch carries nothing over from the one before", () => {
    const builder = createBatchBuilder(fields);
    builder.appendRow([null, null, null, null], 1, RowKind.delete);
    expect(builder.build().kinds?.[0]).toBe(RowKind.delete);
    builder.appendRow([1, "b", true, 5], 1);
    const batch = builder.build();
    expect(batch.kinds).toBeNull();
    expect(batch.columns.map((column) => column?.valid)).toEqual([null, null, null, null]);
    expect(batch.columns.map((column) => values(column, 1)[0])).toEqual([1, "b", true, 5]);
  });

  test("a batch stays whole until the next write, objects and kinds included", () => {
    const builder = createBatchBuilder(fields);
    builder.appendRow([1, "a", true, [1]], 1, RowKind.updateAfter);
    const batch = builder.build();
    expect(batch.kinds?.[0]).toBe(RowKind.updateAfter);
    expect(batch.columns.map((column) => values(column, 1)[0])).toEqual([1, "a", true, [1]]);
  });

  test("fields that nothing reads are left out", () => {
    const builder = createBatchBuilder(fields, { live: [true, false, true, false] });
    builder.appendRow([1, "a", true, {}], 1);
    expect(builder.build().columns.map((column) => column?.kind ?? null)).toEqual(["number", null, "boolean", null]);
  });

  test("column-wise writing and appending give the same batch", () => {
    const builder = createBatchBuilder([{ name: "n", type: bigintType }]);
    const [column] = builder.columns;
    if (!(column instanceof NumberColumnBuilder)) throw new Error("not a number column");
    column.fill(7, 0, 3);
    column.setNull(1);
    builder.time.fill(9, 0, 3);
    builder.commit(3);
    builder.appendRow([8], 10);
    const batch = builder.build();
    expect(values(batch.columns[0], 4)).toEqual([7, null, 7, 8]);
    expect([...batch.time.subarray(0, 4)]).toEqual([9, 9, 9, 10]);
  });

  test("more rows than a batch holds, and values of another type, are refused", () => {
    const builder = createBatchBuilder([{ name: "n", type: bigintType }]);
    expect(() => builder.appendRow(["1"], 0)).toThrow("a number is needed, not string");
    const full = createBatchBuilder([{ name: "n", type: bigintType }]);
    for (let i = 0; i < maxBatchRows; i++) full.appendRow([i], i);
    expect(full.free).toBe(0);
    expect(() => full.appendRow([0], 0)).toThrow(RangeError);
  });

  test("a dictionary that has grown large is replaced, and older batches keep theirs", () => {
    const builder = createBatchBuilder([{ name: "s", type: stringType }]);
    const dictionaries = new Set<unknown>();
    for (let batch = 0; batch < 140; batch++) {
      for (let i = 0; i < maxBatchRows; i++) builder.appendRow([`${batch}-${i}`], 0);
      const [column] = builder.build().columns;
      if (column?.kind !== "string") throw new Error("not a string column");
      dictionaries.add(column.dictionary);
      expect(valueAt(column, 1023)).toBe(`${batch}-1023`);
      expect(column.dictionary.size).toBeLessThanOrEqual(65_536 + maxBatchRows);
    }
    expect(dictionaries.size).toBe(3);
  });
});
