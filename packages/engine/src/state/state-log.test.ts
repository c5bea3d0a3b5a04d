import { expect, test } from "vitest";
import { joinBytes } from "../column/join-bytes.ts";
import { DirtyRows } from "./dirty-rows.ts";
import { headRecord, replayLog, tableRecords } from "./state-log.ts";
import type { ColumnTable } from "./state-table.ts";

const rows = 5000;

/** A table whose rows hold their number. */
function table(texts: boolean): ColumnTable {
  const numbers = Float64Array.from({ length: rows }, (_, row) => row);
  const columns = [numbers, Int32Array.from(numbers), Uint8Array.from(numbers, (row) => row % 7)];
  const of = { kind: "columns", name: "t", rows, dirty: new DirtyRows(), columns } as const;
  return texts ? { ...of, texts: Array.from(numbers, (row) => (row % 3 === 0 ? null : `text ${row}`)) } : of;
}

test.each([
  ["that lie side by side", Array.from({ length: 3000 }, (_, i) => 1500 + i)],
  ["with gaps", Array.from({ length: 2400 }, (_, i) => i * 2)],
  ["side by side, with one gap", [...Array.from({ length: 2100 }, (_, i) => i), ...Array.from({ length: 2100 }, (_, i) => 2200 + i)]],
])("rows %s are read as they were written, and no others", (_what, chosen) => {
  for (const texts of [false, true]) {
    const own = table(texts);
    const records = [...tableRecords(own, Int32Array.from(chosen)), headRecord(new Uint8Array(0), [own])];
    const read = replayLog(joinBytes(records)).tables.get("t");
    const written = new Set(chosen);
    const expected = Array.from({ length: rows }, (_, row) => (written.has(row) ? row : 0));
    const padded = (column: ArrayLike<number> | undefined) => Array.from({ length: rows }, (_, row) => column?.[row] ?? 0);
    expect(padded(read?.columns[0])).toEqual(expected);
    expect(padded(read?.columns[1])).toEqual(expected);
    expect(padded(read?.columns[2])).toEqual(expected.map((row) => row % 7));
    if (texts) expect(chosen.map((row) => read?.texts[row] ?? null)).toEqual(chosen.map((row) => own.texts?.[row]));
  }
});

test("rows that lie side by side take no list of them", () => {
  const bytes = (chosen: readonly number[]) =>
    [...tableRecords(table(false), Int32Array.from(chosen))].reduce((sum, record) => sum + record.length, 0);
  const side = bytes(Array.from({ length: 2000 }, (_, i) => 100 + i));
  const apart = bytes(Array.from({ length: 2000 }, (_, i) => i * 2));
  expect(apart - side).toBeGreaterThan(2000 * 4 - 1);
});
