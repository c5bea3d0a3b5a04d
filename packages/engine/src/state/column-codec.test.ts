import { expect, test } from "vitest";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { type Column, valueAt } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import { Utf8Strings } from "../column/utf8-strings.ts";
import { booleanType, doubleType, jsonType, stringType } from "../types/field-type.ts";
import { readColumn, writeColumn } from "./column-codec.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";

test("columns of every kind come back as they were, down to lone surrogates and -0", () => {
  const builder = createBatchBuilder([doubleType, booleanType, stringType, jsonType].map((type, i) => ({ name: `${i}`, type })));
  const rows = [
    [1.5, true, "a", { x: [1, null] }],
    [-0, false, "\ud800", "text"],
    [null, null, null, null],
    [Number.NaN, true, "a", [1]],
    [Number.NEGATIVE_INFINITY, false, "", 7],
  ];
  for (const row of rows) builder.appendRow(row, 0);
  const writer = new SnapshotWriter();
  for (const column of builder.build().columns) if (column !== null) writeColumn(writer, column, rows.length);
  const reader = new SnapshotReader(writer.finish());
  const columns = rows[0].map(() => readColumn(reader));
  expect(reader.remaining).toBe(0);
  expect(rows.map((_, row) => columns.map(({ column }) => valueAt(column, row)))).toEqual(rows);
});

test("strings of a dictionary that holds each as often as it came come back, and those of a few rows in any order", () => {
  const strings = new Utf8Strings(false);
  const texts = ["a", "b", "a", "\ufeffmark", ""];
  const ids = Int32Array.from(texts, (text) => strings.intern(text));
  const each: Column = { kind: "string", ids, dictionary: new Dictionary(strings), valid: Uint8Array.of(1, 1, 1, 0, 1) };
  const distinct = new Dictionary();
  for (const text of ["x", "y", "z"]) distinct.intern(text);
  const some: Column = { kind: "string", ids: Int32Array.of(2, 0, 2, 1), dictionary: distinct, valid: null };
  const writer = new SnapshotWriter();
  writeColumn(writer, each, 5);
  writeColumn(writer, some, 4);
  const reader = new SnapshotReader(writer.finish());
  const read = [readColumn(reader), readColumn(reader)];
  expect(reader.remaining).toBe(0);
  expect(read.map(({ column, length }) => Array.from({ length }, (_, row) => valueAt(column, row)))).toEqual([
    ["a", "b", "a", null, ""],
    ["z", "x", "z", "y"],
  ]);
});
