import fc from "fast-check";
import { expect, test } from "vitest";
import { SlotTable } from "./slot-table.ts";

/** Few and many keys, close together and far apart, so that tables turn from arrays to hashes and back. */
const keys = fc.oneof(
  fc.uniqueArray(fc.nat(100), { maxLength: 50 }),
  fc.uniqueArray(fc.nat(2_000_000), { maxLength: 50 }),
  fc
    .tuple(fc.nat(3_000_000), fc.integer({ min: 1, max: 20 }), fc.nat(4000))
    .map(([from, step, count]) => Array.from({ length: count }, (_, i) => from + i * step)),
);

test("finds exactly the keys that were added, as an array and as a hash", () => {
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 4 }), (groups) => {
      const table = new SlotTable();
      const model = new Map<number, number>();
      for (const key of groups.flat()) {
        expect(table.get(key)).toBe(model.get(key) ?? 0);
        if (model.has(key)) continue;
        model.set(key, model.size + 1);
        table.set(key, model.size);
      }
      const asked = Int32Array.from([...model.keys(), 0, 1, 99, 1023, 1024, 5_000_000]);
      const found = new Int32Array(asked.length);
      table.getAll(asked, 0, asked.length, found);
      expect([...found]).toEqual([...asked].map((key) => model.get(key) ?? 0));
    }),
    { numRuns: 100 },
  );
});

test("a few keys with large ids take little memory, many keys an array of their size", () => {
  const few = new SlotTable();
  for (let i = 1; i <= 20; i++) few.set(i * 1_000_000, i);
  expect(few.bytes).toBeLessThan(4096);
  const many = new SlotTable();
  for (let key = 0; key < 100_000; key++) many.set(key, key + 1);
  expect(many.bytes).toBeLessThan(1_100_000);
});
