import fc from "fast-check";
import { expect, test } from "vitest";
import { isQuickDivisor, selectRemainder, wholeRemainder, wholeRemainders } from "./whole-remainder.ts";

const wholes = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(0, 2 ** 52, 2 ** 52 - 1, 2 ** 52 + 1, Number.MAX_SAFE_INTEGER, -(2 ** 52), Number.MIN_SAFE_INTEGER),
);
const divisors = fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 1000 }), fc.constant(2 ** 31));

test("gives what the remainder of the host gives, without -0", () => {
  fc.assert(
    fc.property(wholes, divisors, (value, divisor) => {
      expect(wholeRemainder(value, divisor, 1 / divisor)).toBe((value % divisor) + 0);
    }),
    { numRuns: 20_000 },
  );
});

test("divides multiples of the divisor and their neighbours right, as far as whole numbers go", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), divisors, fc.integer({ min: -2, max: 2 }), (times, divisor, off) => {
      const value = times * divisor + off;
      fc.pre(Number.isSafeInteger(value));
      expect(wholeRemainder(value, divisor, 1 / divisor)).toBe((value % divisor) + 0);
    }),
    { numRuns: 20_000 },
  );
});

test("writes the rows that are named alone", () => {
  const into = new Float64Array(4).fill(-1);
  wholeRemainders(Float64Array.of(124, 245, -7, 9), 123, into, Int32Array.of(0, 2), 2);
  expect([...into]).toEqual([1, -1, -7, -1]);
  wholeRemainders(Float64Array.of(124, 245, -7, 9), 5, into, null, 3);
  expect([...into]).toEqual([4, 0, -2, -1]);
});

test("leaves divisors that are no positive whole numbers of 31 bits to others", () => {
  expect([0, -3, 1.5, 2 ** 31 + 1, Number.NaN].map(isQuickDivisor)).toEqual([false, false, false, false, false]);
  expect([1, 123, 2 ** 31].map(isQuickDivisor)).toEqual([true, true, true]);
});

test("finds the rows with a remainder, at any distance from a multiple, among NULLs, over its own selection", () => {
  const values = fc.oneof(
    wholes,
    fc
      .tuple(fc.nat({ max: 2 ** 31 - 1 }), fc.constantFrom(1, 2, 3, 7, 123, 2 ** 20, 2 ** 31 - 1), fc.integer({ min: -3, max: 3 }))
      .map(([n, d, off]) => n * d + off),
  );
  const wanted = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 }));
  const divisor = fc.oneof(fc.constantFrom(1, 2, 3, 7, 123, 2 ** 20, 2 ** 31 - 1), divisors);
  fc.assert(
    fc.property(
      fc.array(values.filter(Number.isSafeInteger), { minLength: 1, maxLength: 30 }),
      divisor,
      wanted,
      fc.boolean(),
      (cells, by, rest, nulls) => {
        const length = cells.length;
        const valid = nulls ? Uint8Array.from(cells, (_, i) => (i % 3 === 1 ? 0 : 1)) : null;
        const column = { kind: "number" as const, values: Float64Array.from(cells), valid };
        const batch = { length, selection: null, selected: length, columns: [column], time: new Float64Array(length), kinds: null };
        const expected = cells.keys().filter((i) => cells[i] % by === rest && valid?.[i] !== 0);
        const into = new Int32Array(length);
        expect([...into.subarray(0, selectRemainder(batch, column, by, rest, into))]).toEqual([...expected]);
        const odd = Int32Array.from(cells.keys().filter((i) => i % 2 === 1));
        const own = { ...batch, selection: odd, selected: odd.length };
        const ofOdd = odd.filter((i) => cells[i] % by === rest && valid?.[i] !== 0);
        expect([...odd.subarray(0, selectRemainder(own, column, by, rest, odd))]).toEqual([...ofOdd]);
      },
    ),
    { numRuns: 5000 },
  );
});
