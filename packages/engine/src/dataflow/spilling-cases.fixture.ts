import { joinHarness } from "../join/testing/join-fixture.ts";
import { type JoinStep, joinStepsArbitrary } from "../join/testing/join-steps.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { HarnessOptions, OperatorHarness } from "../testing/operator-harness.ts";
import { handDriven } from "../testing/plan-step.ts";
import { results, specsOf } from "../transform/testing/event-results.ts";
import { type EventStep, eventStepsArbitrary, recordHarness } from "../transform/testing/record-fixture.ts";

/** An operator of which every key can leave memory, as the conformance suite runs it. */
export interface SpillingCase {
  readonly name: string;
  harness(options: Partial<HarnessOptions>): OperatorHarness;
  readonly steps: typeof eventStepsArbitrary | typeof joinStepsArbitrary;
  /** Names of the fields of its results that say of which key they are. */
  readonly keyFields: readonly string[];
}

export type SpillingStep = EventStep | JoinStep;

const input = handDriven;
const keyBy = ["key", "group"];
const aggregates = specsOf(results);
const window = { op: "window-aggregate", input, keyBy, aggregates, allowedLatenessMs: 0, output: "append" } as const;
const session = { kind: "session", gapMs: 9, maxDurationMs: null } as const;

const overEvents: Readonly<Record<string, PlannedOperator>> = {
  sessions: { ...window, window: session },
  "sessions of one key": { ...window, keyBy: [], window: session },
  "sessions that are updated": { ...window, window: session, allowedLatenessMs: 15, output: "update" },
  "sessions that are taken back": { ...window, window: { ...session, maxDurationMs: 20 }, allowedLatenessMs: 7, output: "retract" },
  "sessions that wait for late records": { ...window, window: { ...session, gapMs: 70 }, allowedLatenessMs: 15 },
  "sessions that say every record": { ...window, window: session, output: "update", early: { kind: "records", every: 1 } },
};

/** Operators over one input of events. */
const eventCases = Object.entries(overEvents).map(
  ([name, operator]): SpillingCase => ({
    name,
    harness: (options) => recordHarness(operator, options),
    steps: eventStepsArbitrary,
    keyFields: "keyBy" in operator ? operator.keyBy : [],
  }),
);

const joins: Readonly<Record<string, Parameters<typeof joinHarness>[0]>> = {};

const joinCases = Object.entries(joins).map(
  ([name, of]): SpillingCase => ({
    name,
    harness: (options) => joinHarness(of, options),
    steps: joinStepsArbitrary,
    keyFields: ["who", "payer"],
  }),
);

export const spillingCases: readonly SpillingCase[] = [...eventCases, ...joinCases];
