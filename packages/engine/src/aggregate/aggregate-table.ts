import { columnKind } from "../column/column.ts";
import type { AggregateFunction, AggregateOptions } from "../plan/logical-operator.ts";
import { isKeyable } from "../state/value-table.ts";
import { bigintType, doubleType, type FieldType, isNumeric } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";
import { ApproximateDistinctAccumulator } from "./approximate-distinct.ts";
import { AvgAccumulator } from "./avg.ts";
import { CollectedValues } from "./collected-values.ts";
import { CountAccumulator } from "./count.ts";
import { CountDistinctAccumulator } from "./count-distinct.ts";
import { createFirst } from "./first.ts";
import { createLast } from "./last.ts";
import { createMax } from "./max.ts";
import { createMin } from "./min.ts";
import { MostFrequentAccumulator } from "./most-frequent.ts";
import { QuantileAccumulator } from "./quantile.ts";
import { StddevAccumulator } from "./stddev.ts";
import { SumAccumulator } from "./sum.ts";
import { TopValuesAccumulator } from "./top-values.ts";

/** How many values come out of those that give the first of an order, unless said. */
const defaultLimit = 10;

interface AggregateDefinition {
  /** Type of the result by the type of the argument (null: none); null where that is not accepted. */
  readonly resultType: (argument: FieldType | null) => FieldType | null;
  /** `argument` is one that `resultType` accepts. */
  readonly create: (argument: FieldType, options: AggregateOptions) => Accumulator;
  /** Which options it takes. */
  readonly options?: readonly (keyof AggregateOptions)[];
}

const ofNumbers = (result: (argument: FieldType) => FieldType) => (argument: FieldType | null) =>
  argument !== null && isNumeric(argument) ? result(argument) : null;

/** Numbers, timestamps, intervals and strings have an order. */
const ofOrdered = (argument: FieldType | null) =>
  argument !== null && (columnKind(argument) === "number" || columnKind(argument) === "string") ? argument : null;

const ofAny = (argument: FieldType | null) => (argument === null || argument.kind === "null" ? null : argument);

/** Every aggregate function: what it takes, what it gives and how it is kept. */
const aggregateTable: Readonly<Record<AggregateFunction, AggregateDefinition>> = {
  count: { resultType: () => bigintType, create: () => new CountAccumulator() },
  sum: { resultType: ofNumbers((argument) => argument), create: (argument) => new SumAccumulator(argument.kind === "bigint") },
  avg: { resultType: ofNumbers(() => doubleType), create: (argument) => new AvgAccumulator(argument.kind === "bigint") },
  min: { resultType: ofOrdered, create: createMin },
  max: { resultType: ofOrdered, create: createMax },
  count_distinct: {
    resultType: (argument) => (argument !== null && isKeyable(argument) ? bigintType : null),
    create: (argument) => new CountDistinctAccumulator(argument),
  },
  approx_count_distinct: {
    resultType: (argument) => (argument !== null && isKeyable(argument) ? bigintType : null),
    create: (argument) => new ApproximateDistinctAccumulator(argument),
  },
  stddev_samp: { resultType: ofNumbers(() => doubleType), create: () => new StddevAccumulator("sample") },
  stddev_pop: { resultType: ofNumbers(() => doubleType), create: () => new StddevAccumulator("population") },
  median: { resultType: ofNumbers(() => doubleType), create: () => new QuantileAccumulator(0.5) },
  p90: { resultType: ofNumbers(() => doubleType), create: () => new QuantileAccumulator(0.9) },
  p95: { resultType: ofNumbers(() => doubleType), create: () => new QuantileAccumulator(0.95) },
  p99: { resultType: ofNumbers(() => doubleType), create: () => new QuantileAccumulator(0.99) },
  percentile: {
    resultType: ofNumbers(() => doubleType),
    create: (_argument, { fraction = 0.5 }) => new QuantileAccumulator(fraction),
    options: ["fraction"],
  },
  most_frequent: {
    resultType: (argument) =>
      argument !== null && argument.kind !== "null" && isKeyable(argument) ? { kind: "array", of: argument } : null,
    create: (argument, { limit = defaultLimit }) => new MostFrequentAccumulator(argument, limit),
    options: ["limit"],
  },
  top_k: {
    resultType: (argument) => {
      const ordered = ofOrdered(argument);
      return ordered === null ? null : { kind: "array", of: ordered };
    },
    create: (argument, { limit = defaultLimit }) => new TopValuesAccumulator(argument, limit),
    options: ["limit"],
  },
  first: { resultType: ofAny, create: createFirst },
  last: { resultType: ofAny, create: createLast },
  collect: {
    resultType: (argument) => (ofAny(argument) === null || argument === null ? null : { kind: "array", of: argument }),
    create: (argument, { limit }) => new CollectedValues(argument, (values) => [...values], limit),
    options: ["limit"],
  },
  string_agg: {
    resultType: (argument) => (argument?.kind === "string" ? argument : null),
    create: (argument, { separator = ",", limit }) => new CollectedValues(argument, (values) => values.join(separator), limit),
    options: ["separator", "limit"],
  },
};

/**
 * The type that an aggregate gives for an argument type (null: no argument); null when it does not take
 * that. `count` takes anything and nothing; `sum` and `avg` numbers (a sum has the type of its argument, a
 * mean is a double); `stddev_…` and quantiles numbers; `min` and `max` what has an order; `count_distinct`, `approx_count_distinct`
 * and `most_frequent` scalars; `top_k` what has an order; `first`, `last` and `collect` any value; `string_agg` strings.
 */
export function aggregateResultType(fn: AggregateFunction, argument: FieldType | null): FieldType | null {
  return aggregateTable[fn].resultType(argument);
}

/** The options that an aggregate takes. */
export function aggregateOptions(fn: AggregateFunction): readonly (keyof AggregateOptions)[] {
  return aggregateTable[fn].options ?? [];
}

/** A new accumulator; throws when the argument type is not accepted. */
export function createAccumulator(fn: AggregateFunction, argument: FieldType | null, options: AggregateOptions = {}): Accumulator {
  const definition = aggregateTable[fn];
  if (definition.resultType(argument) === null) throw new Error(`${fn} does not take an argument of type ${argument?.kind ?? "none"}`);
  return definition.create(argument ?? bigintType, options);
}
