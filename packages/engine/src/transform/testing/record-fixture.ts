import fc from "fast-check";
import { expect } from "vitest";
import { compilePlan } from "../../compile/compile-plan.ts";
import { deriveTypes } from "../../plan/derive-type.ts";
import type { PlannedOperator } from "../../plan/logical-plan.ts";
import { type EmittedRow, type HarnessOptions, type HarnessStep, OperatorHarness } from "../../testing/operator-harness.ts";
import { planStepOf, streamOf } from "../../testing/plan-step.ts";
import { endOfTime, noWatermark } from "../../time/watermark.ts";
import { bigintType, booleanType, doubleType, jsonType, stringType, timestampType } from "../../types/field-type.ts";
import type { StreamType } from "../../types/stream-type.ts";

/** The stream on which tests of record operators work; `id` tells its records apart. */
export const events = streamOf(
  {
    at: timestampType,
    id: bigintType,
    key: stringType,
    group: bigintType,
    value: doubleType,
    ok: booleanType,
    list: jsonType,
  },
  "at",
);

export interface Event extends Record<string, unknown> {
  readonly at: number;
  readonly id: number;
  readonly key: string | null;
  readonly group: number | null;
  readonly value: number | null;
  readonly ok: boolean | null;
  readonly list: unknown;
}

/** An event of which a test names what matters to it. */
export function event(at: number, id: number, key: string | null = "a", rest: Partial<Event> = {}): Event {
  return { at, id, key, group: null, value: null, ok: null, list: null, ...rest };
}

/** A harness around a record operator on `input`, made as the compiler of plans makes it. */
export function recordHarness(
  operator: PlannedOperator,
  options: Partial<HarnessOptions> = {},
  input: StreamType = events,
): OperatorHarness {
  const types = deriveTypes(operator, [input], (expression) => ({
    type: expression.type,
    field: expression.kind === "field" ? expression.name : null,
  }));
  if (types === null) throw new Error("the types cannot be told");
  const step = planStepOf(operator, [input], types);
  const create = () => {
    const [compiled] = compilePlan({ pipelineId: "test", steps: [step], edges: [] }).steps;
    if (compiled.kind !== "operator") throw new Error("no operator");
    return compiled.operator;
  };
  return new OperatorHarness({ create, inputs: [input], outputs: types, ...options });
}

export type EventStep = { readonly records: readonly Event[] } | { readonly watermark: number };

const eventArbitrary = fc.record({
  at: fc.integer({ min: -20, max: 20 }),
  key: fc.constantFrom("a", "b", "null", null),
  group: fc.constantFrom(0, 1, null),
  value: fc.constantFrom(-2.5, 0, 0.1, 0.2, 7, 1e9, null),
  ok: fc.constantFrom(true, false, null),
  list: fc.constantFrom(null, [], ["x"], [1, null, { a: 1 }], { no: "list" }),
});

/** Batches of events in some disorder, with a watermark that follows them at some distance, so that some are late. */
export const eventStepsArbitrary: fc.Arbitrary<readonly EventStep[]> = fc
  .array(
    fc.record({
      advanceMs: fc.integer({ min: 0, max: 15 }),
      lagMs: fc.integer({ min: -3, max: 25 }),
      records: fc.array(eventArbitrary, { maxLength: 10 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((parts) => {
    const steps: EventStep[] = [];
    let nowMs = -60;
    let id = 0;
    for (const { advanceMs, lagMs, records } of parts) {
      nowMs += advanceMs;
      const base = nowMs;
      steps.push({ records: records.map((record) => ({ ...record, at: base + record.at, id: id++ })) }, { watermark: base - lagMs });
    }
    return [...steps, { watermark: endOfTime }];
  });

/** The records of each step in order of time, with a watermark behind them as a source of this disorder has it. */
export function inOrder(steps: readonly EventStep[], disorderMs: number): readonly EventStep[] {
  let watermark = Number.NEGATIVE_INFINITY;
  return steps.map((step) => {
    if ("watermark" in step) return step.watermark === endOfTime ? step : { watermark };
    const records = [...step.records].sort((a, b) => a.at - b.at);
    watermark = Math.max(watermark, (records.at(-1)?.at ?? watermark) - disorderMs);
    return { records };
  });
}

/** Rows by port. */
export type OracleRows = Readonly<Record<string, readonly EmittedRow[]>>;

/** What an operator should do, said as plainly as can be. `watermark` is the one before the record. */
export interface RecordOracle {
  record(record: Event, watermark: number): OracleRows;
  /** Watermarks only rise. */
  watermark(watermark: number): OracleRows;
}

/** Runs an oracle and an operator side by side; all rows of all ports are compared after every step, in order. */
export function expectAgreement(
  operator: PlannedOperator,
  oracle: RecordOracle,
  ports: readonly string[],
  steps: readonly EventStep[],
  restart: boolean,
  options: Partial<HarnessOptions> = {},
): OperatorHarness {
  const harness = recordHarness(operator, options);
  let watermark = noWatermark;
  for (const step of steps) {
    harness.run([step]);
    const results: OracleRows[] = [];
    if ("records" in step) results.push(...step.records.map((record) => oracle.record(record, watermark)));
    else if (step.watermark > watermark) {
      watermark = step.watermark;
      results.push(oracle.watermark(watermark));
    }
    for (const port of ports) {
      expect(harness.take(port), port).toEqual(results.flatMap((rows) => rows[port] ?? []));
    }
    if (restart) harness.restart();
  }
  return harness;
}

/** Runs the same steps in batches of several sizes, restored here and there, and expects the same rows in the same order. */
export function expectSameHoweverBatched(
  operator: PlannedOperator,
  ports: readonly string[],
  steps: readonly EventStep[],
  restartAfter: readonly boolean[],
): void {
  const straight = recordHarness(operator).run(steps);
  const restored = steps.flatMap((step, i): HarnessStep[] => (restartAfter[i % restartAfter.length] ? [step, { restart: true }] : [step]));
  for (const batchRows of [1, 3, 64]) {
    const other = recordHarness(operator, { batchRows }).run(restored);
    for (const port of ports) expect(other.rows(port), port).toEqual(straight.rows(port));
    expect(other.gauges().counters).toEqual(straight.gauges().counters);
  }
}

/** A row that is a record as it came. */
export function rowOf(record: Event, kind: EmittedRow["kind"] = "+I", more: Readonly<Record<string, unknown>> = {}): EmittedRow {
  return { fields: { ...record, ...more }, timeMs: record.at, kind };
}

/** The key of a record by these fields, as text that is different for different keys. */
export function keyText(record: Event, keyBy: readonly string[]): string {
  return JSON.stringify(keyBy.map((name) => record[name]));
}
