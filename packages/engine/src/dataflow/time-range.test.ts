import fc from "fast-check";
import { expect, test } from "vitest";
import { timeRange } from "./time-range.ts";

test("gives the bounds of a part, NaN when a time of it is missing", () => {
  const times = fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(times, fc.nat(), fc.nat(), (all, a, b) => {
      const from = a % all.length;
      const to = from + 1 + (b % (all.length - from));
      const part = all.slice(from, to);
      const { least, most } = timeRange(Float64Array.from(all), from, to);
      if (part.some(Number.isNaN)) expect(least).toBeNaN();
      else expect({ least, most }).toEqual({ least: Math.min(...part), most: Math.max(...part) });
    }),
  );
});
