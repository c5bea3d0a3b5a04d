import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberTable } from "./number-table.ts";
import { openSnapshot, wholeSnapshot } from "./open-snapshot.ts";

/** Close together and far apart, whole and not, so that numbers move from the table to the array as more come. */
const numbers = fc.oneof(
  fc.nat(40),
  fc.nat(5000),
  fc.nat(100_000),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 0.5, 1023, 1024, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("add" as const), values: fc.array(numbers, { maxLength: 60 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("run" as const),
      from: fc.nat(20_000),
      stride: fc.integer({ min: 1, max: 6 }),
      count: fc.nat(1500),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("forget" as const), every: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restore" as const) }) },
);

function found(table: NumberTable, values: readonly number[]): number[] {
  const column = { kind: "number" as const, values: Float64Array.from(values), valid: null };
  const into = new Int32Array(values.length);
  table.find(
    column,
    Int32Array.from(values, (_, i) => i),
    values.length,
    into,
  );
  return [...into];
}

function restored(table: NumberTable): NumberTable {
  const other = new NumberTable();
  other.restore(openSnapshot(wholeSnapshot((writer) => table.snapshot(writer, "numbers"))), "numbers");
  return other;
}

test("knows exactly the numbers that were added and not forgotten, by the ids that it gave", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let table = new NumberTable();
      const model = new Map<number, number>();
      const everSeen = new Set<number>();
      const add = (value: number): void => {
        const id = table.idOf(value);
        // A Map takes -0 for 0, and NaN for NaN.
        if (model.has(value)) expect(id).toBe(model.get(value));
        model.set(value, id);
        everSeen.add(value);
      };
      for (const one of steps) {
        if (one.kind === "add") for (const value of one.values) add(value);
        else if (one.kind === "run") for (let i = 0; i < one.count; i++) add(one.from + i * one.stride);
        else if (one.kind === "restore") table = restored(table);
        else {
          const gone = [...model].filter((_, i) => i % one.every === 0);
          for (const [value, id] of gone) {
            table.forget(id);
            model.delete(value);
          }
        }
        const asked = [...everSeen, -5, 7, 1_000_000_007];
        expect(found(table, asked)).toEqual(asked.map((value) => model.get(value) ?? -1));
        expect(new Set(model.values()).size).toBe(model.size);
        expect(table.size).toBe(model.size);
      }
    }),
    { numRuns: 150 },
  );
});

test("numbers that lie close together take an array, few that are far apart no more than themselves", () => {
  const close = new NumberTable();
  for (let value = 0; value < 100_000; value++) close.idOf(value);
  // Eight bytes of a number, one that says that it is in use, four in the array; twice as much while arrays double.
  expect(close.bytes / 100_000).toBeLessThan(26);
  const apart = new NumberTable();
  for (let i = 1; i <= 100; i++) apart.idOf(i * 1_000_000);
  expect(apart.bytes).toBeLessThan(8192);
});
