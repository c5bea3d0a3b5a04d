import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { FixedWindow } from "../plan/window-spec.ts";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { handDriven } from "../testing/plan-step.ts";
import {
  type Event,
  event,
  eventStepsArbitrary,
  events,
  expectAgreement,
  expectSameHoweverBatched,
  keyText,
  type OracleRows,
  type RecordOracle,
  recordHarness,
  rowOf,
} from "../transform/testing/record-fixture.ts";

type AssignWindows = Extract<PlannedOperator, { op: "assign-windows" }>;

const assign = (window: AssignWindows["window"], keyBy: readonly string[] = []): AssignWindows => ({
  op: "assign-windows",
  input: handDriven,
  keyBy,
  window,
});

function rowIn(record: Event, startMs: number, endMs: number): EmittedRow {
  return { ...rowOf(record, "+I", { window_start: startMs, window_end: endMs }), timeMs: endMs - 1 };
}

/** Tries every window that could hold a record. */
class FixedOracle implements RecordOracle {
  readonly #window: FixedWindow;

  constructor(window: FixedWindow) {
    this.#window = window;
  }

  record(record: Event): OracleRows {
    const found = candidates(this.#window, record.at).filter(([startMs, endMs]) => startMs <= record.at && record.at < endMs);
    return { out: found.sort((a, b) => a[1] - b[1]).map(([startMs, endMs]) => rowIn(record, startMs, endMs)) };
  }

  watermark(): OracleRows {
    return {};
  }
}

function candidates(window: FixedWindow, at: number): [number, number][] {
  const found: [number, number][] = [];
  if (window.kind === "calendar") throw new Error("the oracle knows no calendar");
  if (window.kind === "cumulate") {
    for (let step = -200; step <= 200; step++) {
      const endMs = window.offsetMs + step * window.stepMs;
      const startMs = Math.floor((endMs - 1 - window.offsetMs) / window.maxSizeMs) * window.maxSizeMs + window.offsetMs;
      if (endMs > at - 100) found.push([startMs, endMs]);
    }
    return found;
  }
  const slideMs = window.kind === "hopping" ? window.slideMs : window.sizeMs;
  for (let i = -400; i <= 400; i++) found.push([window.offsetMs + i * slideMs, window.offsetMs + i * slideMs + window.sizeMs]);
  return found;
}

/** Sessions as lists of records. */
class SessionOracle implements RecordOracle {
  #sessions: { readonly key: string; readonly records: readonly Event[]; readonly rank: number }[] = [];
  readonly #keyBy: readonly string[];
  readonly #gapMs: number;
  #rank = 0;

  constructor(keyBy: readonly string[], gapMs: number) {
    this.#keyBy = keyBy;
    this.#gapMs = gapMs;
  }

  record(record: Event, watermark: number): OracleRows {
    const key = keyText(record, this.#keyBy);
    const touched = this.#sessions
      .filter((session) => session.key === key && session.records.some(({ at }) => Math.abs(at - record.at) <= this.#gapMs))
      .sort((a, b) => a.records[0].at - b.records[0].at);
    const first = [...touched].sort((a, b) => Math.min(...a.records.map(({ at }) => at)) - Math.min(...b.records.map(({ at }) => at)));
    const records = [...first.flatMap((session) => session.records), record];
    if (Math.max(...records.map(({ at }) => at)) + this.#gapMs <= watermark) return { late: [rowOf(record)] };
    const rank = first.at(0)?.rank ?? this.#rank++;
    this.#sessions = [...this.#sessions.filter((session) => !touched.includes(session)), { key, records, rank }];
    return {};
  }

  watermark(watermark: number): OracleRows {
    const lastOf = ({ records }: { readonly records: readonly Event[] }) => Math.max(...records.map(({ at }) => at));
    const closed = this.#sessions.filter((session) => lastOf(session) + this.#gapMs <= watermark);
    this.#sessions = this.#sessions.filter((session) => !closed.includes(session));
    closed.sort((a, b) => lastOf(a) - lastOf(b) || a.rank - b.rank);
    return {
      out: closed.flatMap((session) => {
        const startMs = Math.min(...session.records.map(({ at }) => at));
        return session.records.map((record) => rowIn(record, startMs, lastOf(session) + this.#gapMs));
      }),
    };
  }
}

const windowArbitrary: fc.Arbitrary<FixedWindow> = fc.oneof(
  fc.record({ kind: fc.constant("tumbling" as const), sizeMs: fc.constantFrom(1, 7, 20), offsetMs: fc.constantFrom(0, 3, -2) }),
  fc.constantFrom(
    { kind: "hopping" as const, sizeMs: 10, slideMs: 5, offsetMs: 0 },
    { kind: "hopping" as const, sizeMs: 10, slideMs: 3, offsetMs: 1 },
    { kind: "hopping" as const, sizeMs: 3, slideMs: 7, offsetMs: 0 },
    { kind: "cumulate" as const, maxSizeMs: 12, stepMs: 4, offsetMs: 2 },
  ),
);
const ports = ["out", "late"];
const restarts = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 });

describe("assigned windows", () => {
  test("records between windows are counted; rows that take others back get the window of what they take back", () => {
    const gaps = assign({ kind: "hopping", sizeMs: 3, slideMs: 7, offsetMs: 0 });
    const kindOf = (record: Readonly<Record<string, unknown>>) => Number(record.op ?? RowKind.insert);
    const harness = recordHarness(gaps, { kindOf }, { ...events, changelog: "retract" });
    harness.send([event(1, 1), { ...event(1, 1), op: RowKind.delete }, event(5, 2)]);
    expect(harness.take().map(({ kind, timeMs }) => [kind, timeMs])).toEqual([
      ["+I", 2],
      ["-D", 2],
    ]);
    expect(harness.gauges().counters).toEqual({ outside_window: 1, without_time: 0 });
  });

  test("a row that replaces another without naming it may leave its window, and is refused", () => {
    expect(() => recordHarness(assign({ kind: "tumbling", sizeMs: 5, offsetMs: 0 }), {}, { ...events, changelog: "update" })).toThrow(
      "a new row may have another window",
    );
  });

  test("sessions are held until they end, and so is the watermark by one millisecond", () => {
    const harness = recordHarness(assign({ kind: "session", gapMs: 10, maxDurationMs: null }, ["key"]));
    harness.run([{ records: [event(0, 1), event(20, 2), event(10, 3)] }, { watermark: 29 }]);
    expect(harness.take()).toEqual([]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 1, bufferedRecords: 3 });
    harness.watermark(30);
    expect(harness.forwardedWatermark).toBe(29);
    expect(harness.take().map(({ fields, timeMs }) => [fields.id, fields.window_start, fields.window_end, timeMs])).toEqual([
      [1, 0, 30, 29],
      [2, 0, 30, 29],
      [3, 0, 30, 29],
    ]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, bufferedRecords: 0 });
  });

  test.each([false, true])("fixed windows agree with an oracle that tries all windows; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(windowArbitrary, eventStepsArbitrary, (window, steps) => {
        expectAgreement(assign(window), new FixedOracle(window), ports, steps, restart);
      }),
      { numRuns: 60 },
    );
  });

  test.each([false, true])("sessions agree with an oracle that keeps lists; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(fc.constantFrom([], ["key"], ["key", "group"]), fc.constantFrom(1, 4, 15), eventStepsArbitrary, (keyBy, gapMs, steps) => {
        const operator = assign({ kind: "session", gapMs, maxDurationMs: null }, keyBy);
        const gauges = expectAgreement(operator, new SessionOracle(keyBy, gapMs), ports, steps, restart).gauges();
        expect(gauges).toMatchObject({ stateKeys: 0, bufferedRecords: 0 });
      }),
      { numRuns: 150 },
    );
  });

  test("gives the same rows however records are batched and wherever it is restored", () => {
    const either = fc.oneof(windowArbitrary, fc.constant({ kind: "session" as const, gapMs: 4, maxDurationMs: 12 }));
    fc.assert(
      fc.property(either, eventStepsArbitrary, restarts, (window, steps, restartAfter) =>
        expectSameHoweverBatched(assign(window, ["key"]), ports, steps, restartAfter),
      ),
      { numRuns: 80 },
    );
  });
});
