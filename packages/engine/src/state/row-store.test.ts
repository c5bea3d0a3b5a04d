import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Batch } from "../column/batch.ts";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { valueAt } from "../column/column.ts";
import { bigintType, booleanType, type Field, jsonType, stringType } from "../types/field-type.ts";
import { RowStore } from "./row-store.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";

const fields: readonly Field[] = [
  { name: "n", type: bigintType },
  { name: "s", type: stringType },
  { name: "b", type: booleanType },
  { name: "j", type: jsonType },
];
type Row = readonly [number | null, string | null, boolean | null, unknown];

function batchOf(rows: readonly Row[]): Batch {
  const builder = createBatchBuilder(fields);
  rows.forEach((row, i) => {
    builder.appendRow(row, i);
  });
  return builder.build();
}

function addAll(store: RowStore, rows: readonly Row[]): number[] {
  const slots = new Int32Array(rows.length);
  store.add(
    batchOf(rows),
    Int32Array.from(rows, (_, i) => i),
    rows.length,
    slots,
  );
  return [...slots];
}

function read(store: RowStore, slots: readonly number[]): unknown[][] {
  const builder = createBatchBuilder(fields);
  builder.columns.forEach((column, field) => {
    if (column !== null) store.write(field, Int32Array.from(slots), slots.length, column);
  });
  builder.commit(slots.length);
  const batch = builder.build();
  return slots.map((_, i) => batch.columns.map((column) => (column === null ? undefined : valueAt(column, i))));
}

function restored(store: RowStore, slots: readonly number[], into: readonly Field[] = fields): RowStore {
  const writer = new SnapshotWriter();
  store.snapshot(writer, Int32Array.from(slots), slots.length);
  const copy = new RowStore(into);
  const reader = new SnapshotReader(writer.finish());
  expect(copy.restore(reader)).toBe(slots.length);
  expect(reader.remaining).toBe(0);
  return copy;
}

const rowArbitrary: fc.Arbitrary<Row> = fc.tuple(
  fc.oneof(fc.integer(), fc.constantFrom(null, 0, Number.NaN)),
  fc.constantFrom("a", "b", "", "é", "\ud800", null),
  fc.constantFrom(true, false, null),
  fc.constantFrom(null, 1, "x", { a: [1] }),
);

describe("RowStore", () => {
  test("gives back what was put in, through removals, reused slots and snapshots", () => {
    const steps = fc.array(fc.record({ add: fc.array(rowArbitrary, { maxLength: 6 }), remove: fc.array(fc.nat(), { maxLength: 4 }) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const store = new RowStore(fields);
        const held = new Map<number, Row>();
        for (const { add, remove } of list) {
          addAll(store, add).forEach((slot, i) => {
            expect(held.has(slot)).toBe(false);
            held.set(slot, add[i]);
          });
          for (const pick of remove) {
            const slot = [...held.keys()][pick % Math.max(1, held.size)];
            if (slot === undefined) continue;
            store.remove(slot);
            held.delete(slot);
          }
          const slots = [...held.keys()];
          expect(store.size).toBe(held.size);
          expect(read(store, slots)).toEqual([...held.values()]);
          expect(
            read(
              restored(store, slots),
              slots.map((_, i) => i),
            ),
          ).toEqual([...held.values()]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("slot -1 reads as NULL in every field", () => {
    const store = new RowStore(fields);
    const [slot] = addAll(store, [[1, "a", true, {}]]);
    expect(read(store, [-1, slot, -1])).toEqual([
      [null, null, null, null],
      [1, "a", true, {}],
      [null, null, null, null],
    ]);
  });

  test("a restored store takes its fields by name", () => {
    const store = new RowStore(fields);
    const slots = addAll(store, [[1, "a", true, null]]);
    const turned = restored(store, slots, fields.toReversed());
    const builder = createBatchBuilder(fields.toReversed());
    const column = builder.columns[3];
    if (column === null) throw new Error("no column");
    turned.write(3, Int32Array.of(0), 1, column);
    expect(valueAt(column.column(), 0)).toBe(1);
    expect(turned.time[0]).toBe(0);
  });
});
