import { expect, it } from "vitest";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { type KeyField, KeyTable, keyValues } from "../state/key-table.ts";
import { bigintType, booleanType, doubleType, stringType, timestampType } from "../types/field-type.ts";
import { KeyHash } from "./key-hash.ts";

const types = [stringType, doubleType, booleanType, bigintType, timestampType];
const fields: readonly KeyField[] = types.map((type, index) => ({ index, type }));
const keys = [
  ["a", 1.5, true, 7, 1_700_000_000_000],
  ["", -0, false, 0, 0],
  ["\ud800 é", Number.NaN, null, -1, null],
  [null, Number.NEGATIVE_INFINITY, true, null, 3],
  [null, null, null, null, null],
];

it("a key of values has the hash of a key in columns, also when it has been text in between", () => {
  const builder = createBatchBuilder(types.map((type, i) => ({ name: `f${i}`, type })));
  for (const key of keys) builder.appendRow(key, 0);
  const batch = builder.build();
  const rows = Int32Array.from(keys, (_, row) => row);
  const hashes = new Uint32Array(keys.length);
  new KeyHash(fields).hash(batch, rows, keys.length, hashes);
  const table = new KeyTable(fields);
  const ids = new Int32Array(keys.length);
  table.assign(batch, rows, keys.length, ids);
  expect([...ids].map((id) => new KeyHash([]).hashOf(keyValues(table.text(id))))).toEqual([...hashes]);
});
