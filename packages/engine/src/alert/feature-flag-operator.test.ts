import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import { checkExpression } from "../expression/check-expression.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import { compiledHarness } from "../testing/compile-operator.ts";
import type { EmittedRow, HarnessOptions } from "../testing/operator-harness.ts";
import { handDriven } from "../testing/plan-step.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { type Event, type EventStep, event, eventStepsArbitrary, events } from "../transform/testing/record-fixture.ts";

type FeatureFlag = Extract<PlannedOperator, { op: "feature-flag" }>;

function typed(text: string): TypedExpression {
  const result = checkExpression(text, events.fields, {});
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}

const flag: FeatureFlag = {
  op: "feature-flag",
  input: handDriven,
  keyBy: ["key"],
  setWhen: typed("ok"),
  unsetWhen: null,
  ttlMs: 10,
  extendMs: null,
};
const harnessOf = (change: Partial<FeatureFlag> = {}, options: Partial<HarnessOptions> = {}) =>
  compiledHarness({ ...flag, ...change }, [events], options);
const on = (at: number, key = "a") => event(at, at, key, { ok: true });
const shown = (rows: readonly EmittedRow[]) => rows.map(({ fields: { key, transition }, timeMs }) => `${key} ${transition}@${timeMs}`);

describe("a flag", () => {
  test("is set by the first record that says so, kept by the others, and unset after its time to live", () => {
    const harness = harnessOf();
    harness.send([on(100), on(105), on(103), on(100, "b")]);
    expect(harness.take()).toMatchObject([
      { fields: { key: "a", transition: "set", is_set: true, at: 100, expires_at: 110, reason: "condition", set_for: 0 }, timeMs: 100 },
      { fields: { key: "b", transition: "set" }, timeMs: 100 },
    ]);
    harness.run([{ watermark: 109 }, { restart: true }]);
    expect(harness.take()).toEqual([]);
    harness.watermark(115);
    expect(shown(harness.rows())).toEqual(["b unset@110", "a unset@115"]);
    expect(harness.rows()[1].fields).toEqual({
      key: "a",
      transition: "unset",
      is_set: false,
      at: 115,
      expires_at: null,
      reason: "expired",
      set_for: 15,
    });
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { set_now: 0 } });
  });

  test("is unset with all the others that leave memory one by one and come back at once", () => {
    const harness = harnessOf({}, { hotKeys: 1, batchRows: 1 });
    harness.send(Array.from({ length: 40 }, (_, i) => on(100, `k${i}`)));
    expect(harness.gauges()).toMatchObject({ counters: { set_now: 40 } });
    harness.take();
    harness.watermark(endOfTime);
    expect(new Set(shown(harness.rows()))).toEqual(new Set(Array.from({ length: 40 }, (_, i) => `k${i} unset@110`)));
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { set_now: 0 } });
  });

  test("is still set at its very end, and set anew one millisecond later, whether the watermark has passed or not", () => {
    for (const watermark of [noWatermark, 111]) {
      const harness = harnessOf();
      harness.run([{ records: [on(90), on(100)] }, { watermark: 99 }, { watermark }, { records: [on(watermark === 111 ? 121 : 110)] }]);
      harness.run([{ records: [on(132)] }, { watermark: endOfTime }]);
      expect(shown(harness.rows())).toEqual(
        watermark === 111
          ? ["a set@90", "a unset@110", "a set@121", "a unset@131", "a set@132", "a unset@142"]
          : ["a set@90", "a unset@120", "a set@132", "a unset@142"],
      );
    }
  });

  test("is unset by its condition, unless the other holds too", () => {
    const harness = harnessOf({ unsetWhen: typed("value > 5") });
    harness.send([on(100), event(102, 1, "a", { ok: true, value: 7 }), event(104, 2, "a", { value: 7 }), event(105, 3, "a", { value: 7 })]);
    harness.send([event(106, 4, "b", { value: 7 })]);
    expect(shown(harness.rows())).toEqual(["a set@100", "a unset@104"]);
    expect(harness.rows()[1].fields).toMatchObject({ reason: "condition", set_for: 4 });
    expect(harness.gauges().stateKeys).toBe(0);
  });

  test("says that it lasts longer when that is enough", () => {
    const harness = harnessOf({ extendMs: 5 });
    harness.send([on(100), on(104), on(105), on(109), on(111)]);
    expect(shown(harness.rows())).toEqual(["a set@100", "a extended@105", "a extended@111"]);
    expect(harness.rows()[2].fields).toMatchObject({ is_set: true, expires_at: 121, set_for: 11 });
  });

  test("hears nothing of what is late or taken back", () => {
    const harness = harnessOf({}, { kindOf: (record) => (record.id === 7 ? RowKind.updateBefore : RowKind.insert) });
    harness.run([{ watermark: 100 }, { records: [on(100), event(105, 7, "a", { ok: true }), event(Number.NaN, 8, "a", { ok: true })] }]);
    expect(harness.rows()).toEqual([]);
    expect(harness.fields("late")).toEqual([on(100)]);
  });
});

/** A flag as its definition says, record by record; expired ones are looked for among all keys. */
class FlagOracle {
  readonly #of: FeatureFlag;
  readonly #flags = new Map<string | null, { since: number; until: number; said: number }>();

  constructor(of: FeatureFlag) {
    this.#of = of;
  }

  record({ at, key, ok, value }: Event): string[] {
    const rows: string[] = [];
    const known = this.#flags.get(key);
    if (known !== undefined && at > known.until) rows.push(this.#unset(key, known.until));
    const set = this.#flags.get(key);
    if (ok === true) {
      const until = at + this.#of.ttlMs;
      if (set === undefined) {
        this.#flags.set(key, { since: at, until, said: until });
        rows.push(`${key} set@${at}`);
      } else if (until > set.until) {
        set.until = until;
        if (this.#of.extendMs !== null && until - set.said >= this.#of.extendMs) {
          set.said = until;
          rows.push(`${key} extended@${at}`);
        }
      }
    } else if (this.#of.unsetWhen !== null && value !== null && value > 5 && set !== undefined) rows.push(this.#unset(key, at));
    return rows;
  }

  watermark(watermark: number): string[] {
    const due = [...this.#flags].filter(([, { until }]) => until <= watermark);
    return due.sort((a, b) => a[1].until - b[1].until).map(([key, { until }]) => this.#unset(key, until));
  }

  #unset(key: string | null, at: number): string {
    this.#flags.delete(key);
    return `${key} unset@${at}`;
  }
}

const caseArbitrary = fc.record({
  ttlMs: fc.integer({ min: 1, max: 30 }),
  unsetWhen: fc.constantFrom(null, typed("value > 5")),
  extendMs: fc.constantFrom(null, 1, 7),
});

function sorted(rows: readonly string[]): string[] {
  return [...rows].sort();
}

test("agrees with an oracle after every step, restored or not, in batches of any size", () => {
  fc.assert(
    fc.property(
      caseArbitrary,
      eventStepsArbitrary,
      fc.boolean(),
      fc.constantFrom(1, 7, 64, 1024),
      (change, steps: readonly EventStep[], restart, batchRows) => {
        const oracle = new FlagOracle({ ...flag, ...change });
        const harness = harnessOf(change, { batchRows });
        let watermark = noWatermark;
        for (const step of steps) {
          harness.run([step]);
          const before = watermark;
          if ("watermark" in step) watermark = Math.max(watermark, step.watermark);
          const expected =
            "watermark" in step
              ? oracle.watermark(watermark)
              : step.records.filter(({ at }) => at > before).flatMap((one) => oracle.record(one));
          const rows = harness.take();
          if ("watermark" in step) expect(sorted(shown(rows))).toEqual(sorted(expected));
          else expect(shown(rows)).toEqual(expected);
          for (const row of rows) expect(row.timeMs).toBeGreaterThan(before);
          if (restart) harness.restart();
        }
        expect(harness.gauges().stateKeys).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});
