import * as fc from "fast-check";
import { expect, test } from "vitest";
import { valueAt } from "../column/column.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import type { AggregateFunction } from "../plan/logical-operator.ts";
import { bigintType, doubleType } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";
import { createAccumulator } from "./aggregate-table.ts";
import { quantileRelativeError } from "./quantile.ts";

const slot = Int32Array.of(1);

function add(accumulator: Accumulator, values: readonly number[], into = 1): void {
  for (let from = 0; from < values.length; from += 1024) {
    const some = values.slice(from, from + 1024);
    const builder = createColumnBuilder(doubleType, some.length);
    some.forEach((value, i) => {
      builder.set(i, value);
    });
    const rows = Int32Array.from(some, (_, i) => i);
    accumulator.add(
      rows.map(() => into),
      rows,
      some.length,
      builder.column(),
      new Float64Array(some.length),
    );
  }
}

function read(accumulator: Accumulator): number {
  const builder = createColumnBuilder(doubleType, 1);
  accumulator.write(slot, 0, 1, builder, 0);
  return Number(valueAt(builder.column(), 0));
}

function fresh(fn: AggregateFunction): Accumulator {
  const accumulator = createAccumulator(fn, doubleType);
  accumulator.reserve(4);
  return accumulator;
}

test("quantiles are within their stated error of the value at the rank, whatever the numbers and however they were merged", () => {
  const fractions = { median: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
  const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(numbers, fc.nat(300), fc.constantFrom(...(Object.keys(fractions) as (keyof typeof fractions)[])), (values, cut, fn) => {
      const accumulator = fresh(fn);
      add(accumulator, values.slice(0, cut), 1);
      add(accumulator, values.slice(cut), 2);
      accumulator.merge(slot, Int32Array.of(2), 1);
      const exact = [...values].sort((a, b) => a - b)[Math.floor(fractions[fn] * (values.length - 1))];
      // Rounding of the logarithm at the edge of a bucket.
      expect(Math.abs(read(accumulator) - exact)).toBeLessThanOrEqual(Math.abs(exact) * quantileRelativeError * 1.000001);
    }),
    { numRuns: 300 },
  );
});

test("distinct values are counted exactly while they are few, and within four standard errors when they are many", () => {
  for (const distinct of [1, 64, 65, 500, 5000, 100_000]) {
    const accumulator = fresh("approx_count_distinct");
    const values = Array.from({ length: distinct }, (_, i) => i * 7 + 0.5);
    add(accumulator, values, 1);
    add(accumulator, values.slice(0, distinct / 2), 2);
    accumulator.merge(slot, Int32Array.of(2), 1);
    const error = Math.abs(read(accumulator) - distinct) / distinct;
    expect(error, `${distinct} values`).toBeLessThanOrEqual(distinct <= 64 ? 0 : 4 * (1.04 / Math.sqrt(2048)));
  }
});

test("the standard deviation of merged parts is that of all values", () => {
  const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 100 });
  fc.assert(
    fc.property(numbers, fc.nat(100), (values, cut) => {
      const accumulator = createAccumulator("stddev_samp", bigintType);
      accumulator.reserve(4);
      add(accumulator, values.slice(0, cut), 1);
      add(accumulator, values.slice(cut), 2);
      accumulator.merge(slot, Int32Array.of(2), 1);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const exact = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
      expect(read(accumulator)).toBeCloseTo(exact, 8);
    }),
    { numRuns: 300 },
  );
});
