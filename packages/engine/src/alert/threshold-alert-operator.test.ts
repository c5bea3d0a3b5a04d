import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import { type HarnessOptions, type HarnessStep, OperatorHarness } from "../testing/operator-harness.ts";
import { fieldOf, handDriven, planStepOf, streamOf } from "../testing/plan-step.ts";
import { bigintType, booleanType, stringType, timestampType } from "../types/field-type.ts";
import { createThresholdAlertOperator } from "./threshold-alert-operator.ts";

const input = streamOf(
  { time: timestampType, key: stringType, group: bigintType, high: booleanType, low: booleanType, text: stringType },
  "time",
);
const output = streamOf({
  alert_key: stringType,
  transition: stringType,
  severity: stringType,
  title: stringType,
  raised_at: timestampType,
  at: timestampType,
  ...Object.fromEntries(input.fields.map(({ name, type }) => [name, type])),
});

interface AlertCase {
  readonly clear: boolean;
  readonly suppressMs: number;
  readonly repeatMs: number | null;
  readonly keyBy: readonly string[];
}

const plain: AlertCase = { clear: false, suppressMs: 0, repeatMs: null, keyBy: ["key"] };

function alertHarness(of: Partial<AlertCase>, options: Partial<HarnessOptions> = {}): OperatorHarness {
  const { clear, suppressMs, repeatMs, keyBy } = { ...plain, ...of };
  const operator = {
    op: "threshold-alert" as const,
    input: handDriven,
    keyBy,
    raiseWhen: fieldOf(input, "high"),
    clearWhen: clear ? fieldOf(input, "low") : null,
    suppressMs,
    repeatMs,
    severity: "critical" as const,
    title: fieldOf(input, "text"),
  };
  const step = planStepOf(operator, [input], { out: output });
  return new OperatorHarness({
    create: () => createThresholdAlertOperator(operator, step),
    inputs: [input],
    outputs: step.outputs,
    ...options,
  });
}

/** A record: time, `h`igh and/or `l`ow, key. */
function at(time: number, marks: string, key: string | null = "a"): Record<string, unknown> {
  return {
    time,
    key,
    group: null,
    high: marks.includes("?") ? null : marks.includes("h"),
    low: marks.includes("l"),
    text: `${key} at ${time}`,
  };
}

/** `key transition raised_at-at` of each alert. */
function lines(harness: OperatorHarness): string[] {
  return harness.fields().map(({ alert_key, transition, raised_at, at }) => `${alert_key} ${transition} ${raised_at}-${at}`);
}

function linesOf(of: Partial<AlertCase>, ...records: Record<string, unknown>[]): string[] {
  return lines(alertHarness(of).run(records.flatMap((record): HarnessStep[] => [{ records: [record] }, { restart: true }])));
}

describe("threshold alert", () => {
  test("says the record that caused it, at its time, with the title of that record", () => {
    const harness = alertHarness({});
    harness.send([at(1, ""), at(2, "h"), at(3, "h")]);
    expect(harness.rows()).toEqual([
      {
        fields: { alert_key: "a", transition: "raised", severity: "critical", title: "a at 2", raised_at: 2, at: 2, ...at(2, "h") },
        timeMs: 2,
        kind: "+I",
      },
    ]);
  });

  test("without clearWhen: cleared as soon as raiseWhen is not TRUE, also when it is NULL", () => {
    expect(linesOf({}, at(1, "h"), at(2, "h"), at(3, ""), at(4, ""), at(5, "h"), at(6, "?"))).toEqual([
      "a raised 1-1",
      "a cleared 1-3",
      "a raised 5-5",
      "a cleared 5-6",
    ]);
  });

  test("hysteresis: silent between the thresholds; a record that would raise does not clear", () => {
    const records = [at(1, "l"), at(2, "h"), at(3, ""), at(4, "h"), at(5, "hl"), at(6, ""), at(7, "l"), at(8, "l"), at(9, "")];
    expect(linesOf({ clear: true }, ...records)).toEqual(["a raised 2-2", "a cleared 2-7"]);
  });

  test("keys do not touch each other; NULL is a key", () => {
    expect(linesOf({}, at(1, "h", "a"), at(2, "", "b"), at(3, "h", null), at(4, "", "a"))).toEqual([
      "a raised 1-1",
      "null raised 3-3",
      "a cleared 1-4",
    ]);
  });

  test("the key text of several fields is a JSON array, of none empty", () => {
    expect(linesOf({ keyBy: ["key", "group"] }, { ...at(1, "h", 'x"'), group: 7 })).toEqual(['["x\\"",7] raised 1-1']);
    expect(linesOf({ keyBy: [] }, at(1, "h", "a"), at(2, "h", "b"))).toEqual([" raised 1-1"]);
  });

  test("suppression: no raise within the time after a raise, then at the first record that still raises", () => {
    const records = [at(0, "h"), at(2, ""), at(3, "h"), at(9, "h"), at(10, "h"), at(11, ""), at(25, "h")];
    const harness = alertHarness({ suppressMs: 10 });
    harness.send(records);
    expect(lines(harness)).toEqual(["a raised 0-0", "a cleared 0-2", "a raised 10-10", "a cleared 10-11", "a raised 25-25"]);
    expect(harness.gauges().counters).toEqual({ raised_now: 1, suppressed: 2 });
  });

  test("repeats while raised, at most so often, also between the thresholds, and not while suppressed", () => {
    const records = [0, 3, 5, 9, 10, 14, 21].map((time, i) => at(time, i === 0 ? "h" : ""));
    expect(linesOf({ clear: true, repeatMs: 5 }, ...records)).toEqual([
      "a raised 0-0",
      "a repeated 0-5",
      "a repeated 0-10",
      "a repeated 0-21",
    ]);
    expect(linesOf({ clear: true, repeatMs: 5, suppressMs: 12 }, ...records)).toEqual([
      "a raised 0-0",
      "a repeated 0-14",
      "a repeated 0-21",
    ]);
  });

  test("rows that a changelog takes back are no records", () => {
    const kinds: Readonly<Record<number, number>> = { 2: RowKind.updateBefore, 3: RowKind.updateAfter, 4: RowKind.delete };
    const harness = alertHarness({}, { kindOf: ({ time }) => kinds[Number(time)] ?? RowKind.insert });
    harness.send([at(1, "h"), at(2, ""), at(3, "h"), at(4, ""), at(5, "")]);
    expect(lines(harness)).toEqual(["a raised 1-1", "a cleared 1-5"]);
    expect(harness.rows().map(({ kind }) => kind)).toEqual(["+I", "+I"]);
  });

  test("a cleared key is forgotten when its suppression is over for all records on time", () => {
    const harness = alertHarness({ suppressMs: 10 });
    harness.run([{ records: [at(0, "h"), at(1, "")] }, { watermark: 8 }]);
    expect(harness.gauges().stateKeys).toBe(1);
    harness.run([{ restart: true }, { watermark: 9 }]);
    expect(harness.gauges().stateKeys).toBe(0);
    expect(harness.forwardedWatermark).toBe(9);
  });

  test("memory does not grow with keys that never alert", () => {
    const harness = alertHarness({ keyBy: ["key"] });
    harness.send([at(0, "h", "stays")]);
    for (let i = 0; i < 40; i++) harness.send(Array.from({ length: 1000 }, (_, k) => at(1, "", `${i}-${k}`)));
    expect(harness.gauges().stateKeys).toBe(1);
    expect(harness.gauges().stateBytes).toBeLessThan(2_000_000);
    expect(harness.restart().length).toBeLessThan(500);
    harness.send([at(5, "", "stays")]);
    expect(lines(harness)).toEqual(["stays raised 0-0", "stays cleared 0-5"]);
  });

  test("agrees with a plain state machine, however records are batched and wherever it is restored", () => {
    const record = fc
      .tuple(fc.nat(40), fc.constantFrom("", "h", "l", "?", "hl"), fc.constantFrom("a", "b", null))
      .map((parts) => at(...parts));
    const alertCase = fc.record({
      clear: fc.boolean(),
      suppressMs: fc.constantFrom(0, 5),
      repeatMs: fc.constantFrom(null, 3),
      keyBy: fc.constantFrom([], ["key"]),
    });
    fc.assert(
      fc.property(alertCase, fc.array(fc.array(record, { maxLength: 30 }), { maxLength: 6 }), (of, batches) => {
        const steps = batches.flatMap((records): HarnessStep[] => [{ records }, { restart: true }]);
        for (const batchRows of [1, 7, 64])
          expect(lines(alertHarness(of, { batchRows }).run(steps))).toEqual(expectedLines(of, batches.flat()));
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  test("watermarks, and when they come, change nothing for records on time", () => {
    const gaps = fc.array(fc.tuple(fc.nat(6), fc.constantFrom("", "h", "l"), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, fc.constantFrom(0, 4, 12), (parts, suppressMs) => {
        let time = 0;
        const records = parts.map(([gap, marks]) => {
          time += gap;
          return at(time, marks);
        });
        const steps = records.flatMap((record, i): HarnessStep[] => [
          ...(parts[i][2] ? [{ watermark: Number(record.time) - 1 }] : []),
          { records: [record] },
        ]);
        const of = { ...plain, clear: true, suppressMs };
        expect(lines(alertHarness(of).run(steps))).toEqual(expectedLines(of, records));
      }),
      { numRuns: 100 },
    );
  });
});

/** The definition, with a plain object for each key. */
function expectedLines({ clear, suppressMs, repeatMs, keyBy }: AlertCase, records: readonly Record<string, unknown>[]): string[] {
  const states = new Map<string, { raised: boolean; raisedAt: number; alertedAt: number }>();
  const said: string[] = [];
  for (const { time, key, high, low } of records) {
    const name = keyBy.length === 0 ? "" : String(key);
    const now = Number(time);
    const state = states.get(name) ?? { raised: false, raisedAt: Number.NEGATIVE_INFINITY, alertedAt: 0 };
    states.set(name, state);
    const suppressed = suppressMs > 0 && now - state.raisedAt < suppressMs;
    const say = (transition: string) => said.push(`${name} ${transition} ${state.raisedAt}-${now}`);
    if (!state.raised && high === true && !suppressed) {
      Object.assign(state, { raised: true, raisedAt: now, alertedAt: now });
      say("raised");
    } else if (state.raised && high !== true && (!clear || low === true)) {
      state.raised = false;
      say("cleared");
    } else if (state.raised && repeatMs !== null && now - state.alertedAt >= repeatMs && !suppressed) {
      state.alertedAt = now;
      say("repeated");
    }
  }
  return said;
}
