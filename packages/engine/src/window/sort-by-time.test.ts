import fc from "fast-check";
import { expect, test } from "vitest";
import { sortByTime } from "./sort-by-time.ts";

const time = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer(),
  fc.integer({ min: 0, max: 1e13 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

test("sorts few and many ids by time, those of one time by rank", () => {
  fc.assert(
    fc.property(
      fc.array(time, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 700 }),
      fc.integer({ min: 1, max: 1000 }),
      (times, count, factor) => {
        const at = Float64Array.from({ length: count }, (_, id) => times[id % times.length] + ((id * factor) % 50));
        const rank = Float64Array.from({ length: count }, (_, id) => (id * 7919 * factor) % 10_007);
        const ids = Int32Array.from({ length: count }, (_, i) => i);
        const expected = [...ids].sort((a, b) => at[a] - at[b] || rank[a] - rank[b]);
        sortByTime(ids, at, rank);
        expect([...ids].map((id) => [at[id], rank[id]])).toEqual(expected.map((id) => [at[id], rank[id]]));
        expect(new Set(ids).size).toBe(count);
      },
    ),
  );
});
