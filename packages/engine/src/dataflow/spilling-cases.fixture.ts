import type { TypedExpression } from "../expression/typed-expression.ts";
import { byName, byNameAndNumber, joinHarness } from "../join/testing/join-fixture.ts";
import { joinStepsArbitrary } from "../join/testing/join-steps.ts";
import { endsOf, type PatternCase, event as patternEvent, patternHarness, plannedPattern } from "../pattern/testing/pattern-fixture.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { EmittedRow, HarnessOptions, HarnessStep, OperatorHarness } from "../testing/operator-harness.ts";
import { fieldOf, handDriven } from "../testing/plan-step.ts";
import { results, specsOf } from "../transform/testing/event-results.ts";
import { eventStepsArbitrary, events, recordHarness } from "../transform/testing/record-fixture.ts";
import { booleanType } from "../types/field-type.ts";

/** An operator of which every key can leave memory, as the conformance suite runs it. */
export interface SpillingCase {
  readonly name: string;
  readonly operator: PlannedOperator;
  harness(options: Partial<HarnessOptions>): OperatorHarness;
  readonly steps: typeof eventStepsArbitrary | typeof patternSteps | typeof joinStepsArbitrary;
  /** Names of the fields of its results that say of which key they are. */
  readonly keyFields: readonly string[];
  /** By input: the fields of its key. */
  readonly keys: readonly (readonly string[])[];
}

/** The rows that have come of each port, of each key in order. */
export function rowsByKey(harnesses: readonly OperatorHarness[], { keyFields }: SpillingCase): Record<string, readonly EmittedRow[]> {
  const rows: Record<string, EmittedRow[]> = {};
  for (const harness of harnesses) {
    for (const port of harness.ports) {
      for (const row of harness.take(port)) {
        const key = `${port} ${JSON.stringify(keyFields.map((name) => row.fields[name]).filter((value) => value !== null))}`;
        rows[key] ??= [];
        rows[key].push(row);
      }
    }
  }
  return rows;
}

const input = handDriven;
const keyBy = ["key", "group"];
const aggregates = specsOf(results);
const window = { op: "window-aggregate", input, keyBy, aggregates, allowedLatenessMs: 0, output: "append" } as const;
const tumbling = { kind: "tumbling", sizeMs: 12, offsetMs: 0 } as const;
const hopping = { kind: "hopping", sizeMs: 15, slideMs: 5, offsetMs: 1 } as const;
const session = { kind: "session", gapMs: 9, maxDurationMs: null } as const;

const lookBack = { op: "look-back", input, keyBy, aggregates, rangeMs: 15 } as const;
const running = {
  op: "running-aggregate",
  input,
  keyBy,
  aggregates,
  trigger: { kind: "records", every: 1 },
  panes: "accumulating",
  ttlMs: null,
  output: "append",
} as const;

const counted = { op: "count-window", input, keyBy, aggregates, size: 3, slide: 3, incomplete: false, ttlMs: null } as const;
const best = {
  op: "top-n",
  input,
  keyBy,
  by: fieldOf(events, "value"),
  order: "descending",
  limit: 2,
  sizeMs: 12,
  offsetMs: 1,
  output: "append",
} as const;
const isNull: TypedExpression = {
  kind: "call",
  name: "IS NULL",
  type: booleanType,
  args: [fieldOf(events, "ok")],
  span: { start: 0, end: 0 },
};
const flag = { op: "feature-flag", input, keyBy, setWhen: fieldOf(events, "ok"), unsetWhen: null, ttlMs: 12, extendMs: null } as const;
const alert = {
  op: "threshold-alert",
  input,
  keyBy,
  raiseWhen: fieldOf(events, "ok"),
  clearWhen: null,
  suppressMs: 0,
  repeatMs: null,
  severity: "info",
  title: fieldOf(events, "key"),
} as const;

const overEvents: Readonly<Record<string, PlannedOperator>> = {
  sessions: { ...window, window: session },
  "sessions of one key": { ...window, keyBy: [], window: session },
  "sessions that are updated": { ...window, window: session, allowedLatenessMs: 15, output: "update" },
  "sessions that are taken back": { ...window, window: { ...session, maxDurationMs: 20 }, allowedLatenessMs: 7, output: "retract" },
  "sessions that wait for late records": { ...window, window: { ...session, gapMs: 70 }, allowedLatenessMs: 15 },
  "sessions that say every record": { ...window, window: session, output: "update", early: { kind: "records", every: 1 } },
  "tumbling windows": { ...window, window: tumbling },
  "tumbling windows of one key": { ...window, keyBy: [], window: tumbling },
  "tumbling windows that are updated": { ...window, window: tumbling, allowedLatenessMs: 15, output: "update" },
  "hopping windows": { ...window, window: hopping },
  "hopping windows that are taken back": { ...window, window: hopping, allowedLatenessMs: 10, output: "retract" },
  "hopping windows that wait for late records": { ...window, window: { ...hopping, slideMs: 2 }, allowedLatenessMs: 9 },
  "cumulating windows": { ...window, window: { kind: "cumulate", stepMs: 4, maxSizeMs: 16, offsetMs: 1 } },
  "look-backs": { ...lookBack },
  "look-backs over sums": { ...lookBack, rangeMs: 30, aggregates: specsOf(results.slice(0, 4)) },
  flags: { ...flag },
  "flags that are extended and unset": { ...flag, unsetWhen: isNull, ttlMs: 70, extendMs: 5 },
  alerts: { ...alert },
  "alerts that are suppressed and repeated": { ...alert, clearWhen: isNull, suppressMs: 25, repeatMs: 3 },
  "windows of so many records": { ...counted },
  "windows of so many records that share them": { ...counted, keyBy: ["key"], size: 6, slide: 4, incomplete: true },
  "windows of so many records that expire": { ...counted, keyBy: ["key"], size: 4, slide: 1, incomplete: true, ttlMs: 12 },
  "windows of so many records that may expire": { ...counted, keyBy: ["key"], ttlMs: 70 },
  "records beside their sessions": { op: "assign-windows", input, keyBy, window: session },
  "records beside their sessions of some length": {
    op: "assign-windows",
    input,
    keyBy: ["key"],
    window: { ...session, gapMs: 20, maxDurationMs: 30 },
  },
  "the best of windows": { ...best },
  "the best of windows with ties": { ...best, keyBy: ["key"], order: "ascending", by: fieldOf(events, "group"), limit: 1, ties: "keep" },
  "the best of windows that are updated": { ...best, output: "update" },
  "limits of a rate": { op: "rate-limit", input, keyBy, limit: 2, intervalMs: 12 },
  "windows that say every record": {
    ...window,
    window: tumbling,
    output: "retract",
    allowedLatenessMs: 9,
    early: { kind: "records", every: 1 },
  },
  "windows that say every third record": {
    ...window,
    window: hopping,
    output: "update",
    allowedLatenessMs: 15,
    early: { kind: "records", every: 3 },
  },
  "windows that take every second record back": {
    ...window,
    window: tumbling,
    output: "retract",
    allowedLatenessMs: 20,
    early: { kind: "records", every: 2 },
  },
  "windows that say what is new": { ...window, window: hopping, panes: "discarding", early: { kind: "records", every: 2 } },
  "windows that say what is new when they close": { ...window, keyBy: [], window: tumbling, allowedLatenessMs: 15, panes: "discarding" },
  "windows that say results from time to time": {
    ...window,
    window: { ...tumbling, sizeMs: 25 },
    output: "update",
    early: { kind: "event-time", everyMs: 6 },
  },
  "running totals": { ...running },
  "running totals that are taken back": { ...running, output: "retract", trigger: { kind: "records", every: 3 } },
  "running totals that say what is new": { ...running, panes: "discarding", ttlMs: 25, trigger: { kind: "records", every: 2 } },
  "running totals that expire": { ...running, output: "update", ttlMs: 12 },
  "running totals from time to time": { ...running, output: "update", ttlMs: 70, trigger: { kind: "event-time", everyMs: 10 } },
};

/** Operators over one input of events. */
const eventCases = Object.entries(overEvents).map(
  ([name, operator]): SpillingCase => ({
    name,
    operator,
    harness: (options) => recordHarness(operator, options),
    steps: eventStepsArbitrary,
    keyFields: "keyBy" in operator ? operator.keyBy : [],
    keys: ["keyBy" in operator ? operator.keyBy : []],
  }),
);

const patterns: Readonly<Record<string, PatternCase>> = {
  patterns: { stages: [{ name: "a" }, { name: "b" }], withinMs: 20, measures: endsOf("a", "b") },
  "patterns of one key": { keyBy: [], stages: [{ name: "a" }, { name: "b" }, { name: "c", contiguity: "next" }] },
  "patterns without end": { stages: [{ name: "a" }, { name: "b" }, { name: "c" }], maxRunsPerKey: 3, measures: endsOf("a", "c") },
  "patterns that hold matches back": {
    stages: [{ name: "a", times: { max: null } }, { name: "b" }],
    skip: { kind: "skipPastLastEvent" },
    measures: endsOf("a", "b"),
  },
  "patterns of neighbours": {
    stages: [
      { name: "a" },
      { name: "b", withinPreviousMs: 9, where: "price > COALESCE(LAST(a.price), 0)" },
      { name: "c", withinPreviousMs: 60 },
    ],
    measures: endsOf("a", "b", "c"),
  },
  "patterns with an absence": {
    stages: [{ name: "a" }, { name: "b", contiguity: "notFollowedBy" }],
    withinMs: 18,
    order: [{ field: "price", descending: true }],
    skip: { kind: "skipToNext" },
    measures: endsOf("a"),
  },
};

const kinds = new Map<unknown, string>([
  [true, "a"],
  [false, "b"],
]);

/** The same events as patterns want them. */
const patternSteps = eventStepsArbitrary.map((steps) =>
  steps.map(
    (step): HarnessStep =>
      "records" in step
        ? { records: step.records.map(({ at, id, key, ok, value }) => patternEvent(at, kinds.get(ok) ?? "c", id, key, value)) }
        : step,
  ),
);

const patternCases = Object.entries(patterns).map(
  ([name, of]): SpillingCase => ({
    name,
    operator: plannedPattern(of),
    harness: (options) => patternHarness(of, options),
    steps: patternSteps,
    keyFields: of.keyBy ?? ["who"],
    keys: [of.keyBy ?? ["who"]],
  }),
);

const interval = { op: "interval-join", kind: "inner", on: byNameAndNumber, lowerMs: -5, upperMs: 5 } as const;
const regular = { op: "regular-join", kind: "inner", on: byName, leftTtlMs: 20, rightTtlMs: 10 } as const;

const snapshot = { loadUntilMs: 0, idleMs: null, maxBufferedRecords: 100 };

const joins: Readonly<Record<string, Parameters<typeof joinHarness>[0]>> = {
  "interval joins": { ...interval },
  "interval joins of both sides": { ...interval, kind: "full", lowerMs: -3, upperMs: 8 },
  "interval joins that say at once what is alone": { ...interval, kind: "full", unmatched: "at-once", latenessMs: 4 },
  "interval joins that wait for late records": { ...interval, kind: "left", upperMs: 70, latenessMs: 6, nullsMatch: true },
  "joins as of a time": { op: "temporal-join", kind: "inner", on: byName },
  "joins as of a time that keep what is alone": { op: "temporal-join", kind: "left", on: byNameAndNumber },
  "joins as of a time that wait for late records": { op: "temporal-join", kind: "left", on: byName, latenessMs: 9, nullsMatch: true },
  "window joins": { op: "window-join", kind: "inner", on: byName, window: { kind: "tumbling", sizeMs: 12, offsetMs: 0 } },
  "window joins of both sides": {
    op: "window-join",
    kind: "full",
    on: byNameAndNumber,
    window: { kind: "hopping", sizeMs: 15, slideMs: 5, offsetMs: 1 },
  },
  "window joins of what is alone": {
    op: "window-join",
    kind: "anti",
    on: byName,
    nullsMatch: true,
    window: { kind: "hopping", sizeMs: 7, slideMs: 10, offsetMs: 0 },
  },
  "joins with a snapshot": { op: "snapshot-join", kind: "inner", on: byName, ...snapshot, loadUntilMs: -30 },
  "joins with a snapshot that keep what is alone": {
    op: "snapshot-join",
    kind: "left",
    on: byNameAndNumber,
    ...snapshot,
    maxBufferedRecords: 5,
  },
  "regular joins": { ...regular },
  "regular joins of both sides": { ...regular, kind: "full", leftTtlMs: 9, rightTtlMs: 90 },
};

const joinCases = Object.entries(joins).map(
  ([name, of]): SpillingCase => ({
    name,
    operator: { ...of, left: input, right: input, rightPrefix: "right_" },
    harness: (options) => joinHarness(of, options),
    steps: joinStepsArbitrary,
    keyFields: ["who", "payer", "n", "right_n"],
    keys: [of.on.map(({ left }) => left), of.on.map(({ right }) => right)],
  }),
);

export const spillingCases: readonly SpillingCase[] = [...eventCases, ...patternCases, ...joinCases];
