import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { handDriven } from "../testing/plan-step.ts";
import { endOfTime } from "../time/watermark.ts";
import { aggregate, type Result, results, specsOf } from "../transform/testing/event-results.ts";
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
} from "../transform/testing/record-fixture.ts";

type Running = Extract<PlannedOperator, { op: "running-aggregate" }>;
type Case = Pick<Running, "keyBy" | "trigger" | "panes" | "ttlMs" | "output"> & { readonly results: readonly Result[] };

const plain: Case = {
  keyBy: ["key"],
  trigger: { kind: "records", every: 1 },
  panes: "accumulating",
  ttlMs: null,
  output: "update",
  results: [["n", "count", null, null]],
};

function running({ results, ...rest }: Case): Running {
  return { op: "running-aggregate", input: handDriven, aggregates: specsOf(results), ...rest };
}

interface Group {
  readonly key: Record<string, unknown>;
  records: Event[];
  fresh: number;
  said: EmittedRow | null;
  latest: number;
}

/** Keeps all records and aggregates all of them for each result; for triggers by records. */
class RunningOracle implements RecordOracle {
  readonly #of: Case;
  readonly #groups = new Map<string, Group>();

  constructor(of: Case) {
    this.#of = of;
  }

  record(record: Event): OracleRows {
    const { keyBy, ttlMs, trigger } = this.#of;
    const id = keyText(record, keyBy);
    const out: EmittedRow[] = [];
    const before = this.#groups.get(id);
    if (before !== undefined && ttlMs !== null && record.at >= before.latest + ttlMs) {
      if (before.fresh > 0) this.#say(before, out);
      this.#groups.delete(id);
    }
    const key = Object.fromEntries(keyBy.map((name) => [name, record[name]]));
    const group = this.#groups.get(id) ?? { key, records: [], fresh: 0, said: null, latest: Number.NEGATIVE_INFINITY };
    this.#groups.set(id, group);
    group.records.push(record);
    group.fresh++;
    group.latest = Math.max(group.latest, record.at);
    if (trigger.kind === "records" && group.fresh >= trigger.every) this.#say(group, out);
    return { out };
  }

  watermark(watermark: number): OracleRows {
    const out: EmittedRow[] = [];
    for (const [id, group] of this.#groups) {
      const isOver = this.#of.ttlMs !== null && group.latest + this.#of.ttlMs <= watermark - 1;
      if ((watermark === endOfTime || isOver) && group.fresh > 0) this.#say(group, out);
      if (isOver) this.#groups.delete(id);
    }
    return { out };
  }

  #say(group: Group, out: EmittedRow[]): void {
    const records = this.#of.panes === "discarding" ? group.records.slice(-group.fresh) : group.records;
    const sorted = [...records].sort((a, b) => a.at - b.at);
    const fields = { ...group.key, ...Object.fromEntries(this.#of.results.map((result) => [result[0], aggregate(result, sorted)])) };
    group.fresh = 0;
    const before = group.said;
    group.said = { fields, timeMs: group.latest, kind: "+I" };
    if (this.#of.output === "append" || before === null) out.push(group.said);
    else if (this.#of.output === "update") out.push({ ...group.said, kind: "+U" });
    else if (JSON.stringify(before.fields) !== JSON.stringify(fields)) {
      out.push({ ...before, timeMs: group.latest, kind: "-U" }, { ...group.said, kind: "+U" });
    }
  }
}

const caseArbitrary: fc.Arbitrary<Case> = fc
  .record({
    keyBy: fc.constantFrom([], ["key"], ["key", "group"]),
    every: fc.constantFrom(1, 1, 2, 5),
    mode: fc.constantFrom("update", "retract", "append", "discarding"),
    results: fc.shuffledSubarray([...results], { minLength: 1 }),
  })
  .map(({ keyBy, every, mode, results }) => ({
    keyBy,
    trigger: { kind: "records", every },
    panes: mode === "discarding" ? "discarding" : "accumulating",
    ttlMs: null,
    output: mode === "discarding" ? "append" : (mode as "update"),
    results,
  }));

const counts = (rows: readonly EmittedRow[]) => rows.map(({ kind, fields }) => `${kind} ${fields.key} ${fields.n}`);

describe("running aggregate", () => {
  test("a key that is silent for its time to live begins anew, whether the watermark is there or not", () => {
    const harness = recordHarness(running({ ...plain, ttlMs: 10 }));
    harness.send([event(0, 1), event(9, 2), event(18, 3), event(28, 4)]);
    expect(counts(harness.take())).toEqual(["+I a 1", "+U a 2", "+U a 3", "+I a 1"]);
    harness.watermark(36);
    expect(harness.gauges()).toMatchObject({ stateKeys: 1, counters: { expired: 1 } });
    harness.restart();
    harness.watermark(40);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { expired: 2 } });
    expect(harness.take()).toEqual([]);
  });

  test("intervals of event time say what has changed when the watermark passes the next multiple", () => {
    const harness = recordHarness(running({ ...plain, output: "retract", trigger: { kind: "event-time", everyMs: 10 } }));
    harness.run([{ records: [event(1, 1), event(2, 2, "b"), event(3, 3)] }, { restart: true }, { watermark: 8 }]);
    expect(harness.take()).toEqual([]);
    harness.watermark(9);
    expect(counts(harness.take())).toEqual(["+I a 2", "+I b 1"]);
    harness.run([{ watermark: 25 }, { records: [event(26, 4)] }, { restart: true }, { watermark: 28 }]);
    expect(harness.take()).toEqual([]);
    harness.watermark(endOfTime);
    expect(counts(harness.take())).toEqual(["-U a 2", "+U a 3"]);
  });

  test("intervals of processing time go by the clock that is given; what was due while nothing ran comes at once, on time", () => {
    const harness = recordHarness(
      running({ ...plain, panes: "discarding", output: "append", trigger: { kind: "processing-time", everyMs: 100 } }),
    );
    harness.processingTime(1040);
    harness.run([{ records: [event(1, 1), event(2, 2)] }, { watermark: 50 }, { processingTime: 1099 }]);
    expect(harness.take()).toEqual([]);
    harness.run([{ restart: true }, { processingTime: 5000 }]);
    expect(harness.take()).toEqual([{ fields: { key: "a", n: 2 }, timeMs: 51, kind: "+I" }]);
    harness.processingTime(9000);
    expect(harness.take()).toEqual([]);
  });

  test("rows that are taken back are taken out; a key of which nothing is left is deleted", () => {
    const input = { ...events, changelog: "retract" } as const;
    const numbered: Result[] = [
      ["n", "count", null, null],
      ["groups", "sum", "group", null],
      ["kinds", "count_distinct", "value", null],
    ];
    const kindOf = (record: Readonly<Record<string, unknown>>) => Number(record.kind ?? RowKind.insert);
    const harness = recordHarness(running({ ...plain, output: "retract", results: numbered }), { kindOf }, input);
    const back = (row: Event, kind: number) => ({ ...row, kind });
    const first = event(1, 1, "a", { group: 3, value: 7 });
    const second = event(2, 2, "a", { group: 4, value: 7 });
    harness.send([first, second]);
    harness.restart();
    harness.send([back(first, RowKind.updateBefore), back(event(1, 1, "b", { group: 9, value: 1 }), RowKind.updateAfter)]);
    harness.send([back(second, RowKind.delete)]);
    expect(harness.take().map(({ kind, fields }) => `${kind} ${Object.values(fields).join(" ")}`)).toEqual([
      "+I a 1 3 1",
      "-U a 1 3 1",
      "+U a 2 7 1",
      "-U a 2 7 1",
      "+U a 1 4 1",
      "+I b 1 9 1",
      "-D a 1 4 1",
    ]);
    expect(harness.gauges().stateKeys).toBe(1);
  });

  test("a key may go and come again within one batch", () => {
    const input = { ...events, changelog: "retract" } as const;
    const kindOf = (record: Readonly<Record<string, unknown>>) => Number(record.kind ?? RowKind.insert);
    const harness = recordHarness(running(plain), { kindOf }, input);
    const row = event(1, 1);
    const gone = { ...row, kind: RowKind.delete };
    harness.send([row, gone, row, event(1, 2, "b"), gone, row, row]);
    harness.restart();
    harness.send([event(1, 3, "c"), event(1, 4, "b"), row]);
    expect(counts(harness.take())).toEqual([
      "+I a 1",
      "-D a 0",
      "+I a 1",
      "+I b 1",
      "-D a 0",
      "+I a 1",
      "+U a 2",
      "+I c 1",
      "+U b 2",
      "+U a 3",
    ]);
    expect(harness.gauges().stateKeys).toBe(3);
  });

  test("what cannot be taken back is refused with a name", () => {
    const highest = running({ ...plain, results: [["high", "max", "value", null]] });
    expect(() => recordHarness(highest, {}, { ...events, changelog: "retract" })).toThrow("from which no row can be taken out again");
    expect(() => recordHarness(running(plain), {}, { ...events, changelog: "update" })).toThrow("it needs retractions");
  });

  test.each([false, true])("agrees with an oracle that keeps all records; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        expectAgreement(running(of), new RunningOracle(of), ["out"], steps, restart);
      }),
      { numRuns: 150 },
    );
  });

  test("a time to live forgets what the oracle forgets", () => {
    fc.assert(
      fc.property(caseArbitrary, fc.constantFrom(3, 20), eventStepsArbitrary, (of, ttlMs, steps) => {
        // Late records meet a key or its absence by when exactly it is forgotten, which is not promised.
        const onTime = steps.filter((step) => "records" in step).map((step) => ({ ...step }));
        expectSameHoweverBatched(running({ ...of, ttlMs }), ["out"], onTime, [true, false]);
        const single = { ...of, ttlMs };
        expectAgreement(running(single), new RunningOracle(single), ["out"], onTime, true);
      }),
      { numRuns: 100 },
    );
  });

  test("gives the same rows however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (of, steps, restarts) =>
        expectSameHoweverBatched(running(of), ["out"], steps, restarts),
      ),
      { numRuns: 80 },
    );
  });
});
