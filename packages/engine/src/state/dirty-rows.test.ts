import fc from "fast-check";
import { expect, test } from "vitest";
import { DirtyRows } from "./dirty-rows.ts";

test("gives each marked row once, ascending, and only those below the bound", () => {
  const rowsArbitrary = fc.array(fc.oneof(fc.nat(100), fc.nat(5000), fc.constantFrom(31, 32, 63, 64)));
  fc.assert(
    fc.property(rowsArbitrary, rowsArbitrary, fc.nat(5000), (one, many, bound) => {
      const dirty = new DirtyRows();
      for (const row of one) dirty.mark(row);
      dirty.markAll(Int32Array.from([-1, ...many]), 1, many.length + 1);
      const expected = [...new Set([...one, ...many])].filter((row) => row < bound).sort((a, b) => a - b);
      expect(dirty.count(bound)).toBe(expected.length);
      expect([...dirty.take(bound)]).toEqual(expected);
      expect(dirty.count(6000)).toBe(0);
    }),
  );
});
