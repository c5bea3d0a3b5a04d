import { expect, test } from "vitest";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { valueAt } from "../column/column.ts";
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
