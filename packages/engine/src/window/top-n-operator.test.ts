import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedRecordOperator } from "../plan/logical-plan.ts";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { fieldOf, handDriven, streamOf } from "../testing/plan-step.ts";
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
import { bigintType, timestampType } from "../types/field-type.ts";

type TopN = Extract<PlannedRecordOperator, { op: "top-n" }>;

function topN(of: Partial<TopN> = {}): TopN {
  return {
    op: "top-n",
    input: handDriven,
    keyBy: ["key"],
    by: fieldOf(events, "value"),
    order: "descending",
    limit: 2,
    sizeMs: 10,
    offsetMs: 0,
    output: "append",
    ...of,
  };
}

interface Group {
  readonly startMs: number;
  readonly records: Event[];
  closed: boolean;
}

/** Keeps all records and sorts all of a group anew for each. */
class TopNOracle implements RecordOracle {
  readonly #of: TopN;
  readonly #groups = new Map<string, Group>();

  constructor(of: TopN) {
    this.#of = of;
  }

  record(record: Event, watermark: number): OracleRows {
    const { sizeMs, offsetMs, keyBy, output } = this.#of;
    const startMs = Math.floor((record.at - offsetMs) / sizeMs) * sizeMs + offsetMs;
    if (startMs + sizeMs - 1 <= watermark) return { late: [rowOf(record)] };
    const id = `${startMs} ${keyText(record, keyBy)}`;
    const group = this.#groups.get(id) ?? { startMs, records: [], closed: false };
    this.#groups.set(id, group);
    const before = this.#ranked(group);
    group.records.push(record);
    if (output === "append") return {};
    const after = this.#ranked(group);
    const changed = after.map((_, rank) => rank).filter((rank) => after[rank] !== before[rank]);
    return { out: changed.map((rank) => this.#row(group, after[rank], rank, rank < before.length ? "+U" : "+I")) };
  }

  watermark(watermark: number): OracleRows {
    if (this.#of.output === "update") return {};
    const due = [...this.#groups.values()].filter((group) => !group.closed && group.startMs + this.#of.sizeMs - 1 <= watermark);
    for (const group of due) group.closed = true;
    due.sort((a, b) => a.startMs - b.startMs);
    return {
      out: due.flatMap((group) => this.#ranked(group).map((record, at) => this.#row(group, record, this.#rankOf(group, record, at), "+I"))),
    };
  }

  #rankOf(group: Group, record: Event, at: number): number {
    return this.#of.ties === "keep" ? this.#ranked(group).findIndex((other) => this.#value(other) === this.#value(record)) : at;
  }

  #value(record: Event): number {
    return record.value === null || Number.isNaN(record.value)
      ? Number.POSITIVE_INFINITY
      : this.#of.order === "descending"
        ? -record.value
        : record.value;
  }

  #ranked({ records }: Group): readonly Event[] {
    const { limit, ties } = this.#of;
    const value = (record: Event) => this.#value(record);
    const sorted = [...records].sort((a, b) => (value(a) === value(b) ? 0 : value(a) - value(b)));
    return sorted.filter((record, at) => at < limit || (ties === "keep" && value(record) === value(sorted[limit - 1])));
  }

  #row({ startMs }: Group, record: Event, rank: number, kind: EmittedRow["kind"]): EmittedRow {
    const endMs = startMs + this.#of.sizeMs;
    const fields = { ...record, window_start: startMs, window_end: endMs, rank: rank + 1 };
    return { fields, timeMs: endMs - 1, kind };
  }
}

const caseArbitrary = fc
  .record({
    keyBy: fc.constantFrom([], ["key"], ["key", "group"]),
    order: fc.constantFrom("ascending" as const, "descending" as const),
    limit: fc.constantFrom(1, 2, 3, 10),
    sizeMs: fc.constantFrom(1, 10, 25, 200),
    offsetMs: fc.constantFrom(0, 3),
    results: fc.constantFrom<Pick<TopN, "output" | "ties">>(
      { output: "append" },
      { output: "update" },
      { output: "append", ties: "cut" },
      { output: "append", ties: "keep" },
    ),
  })
  .map(({ results, ...of }) => topN({ ...of, ...results }));
const ports = ["out", "late"];
const ranks = (rows: readonly EmittedRow[]) => rows.map(({ fields, kind }) => `${kind} ${fields.rank} ${fields.id}`);

describe("top n", () => {
  test("a window comes out at its end, ranked; of equal values the first to arrive is first, NULL and NaN are last", () => {
    const harness = recordHarness(topN({ limit: 4 }));
    const values = [null, 5, 7, 5, Number.NaN, 7];
    harness.send(values.map((value, id) => event(id, id, "a", { value })));
    harness.watermark(8);
    expect(harness.rows()).toEqual([]);
    harness.watermark(9);
    expect(ranks(harness.rows())).toEqual(["+I 1 2", "+I 2 5", "+I 3 1", "+I 4 3"]);
    expect(harness.rows()[0]).toMatchObject({ timeMs: 9, fields: { window_start: 0, window_end: 10 } });
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, bufferedRecords: 0 });
  });

  test("goes by the key of its input where it names none", () => {
    const harness = recordHarness(topN({ keyBy: [], limit: 1 }), {}, { ...events, key: ["key"] });
    harness.send([event(1, 0, "a", { value: 5 }), event(1, 1, "b", { value: 9 }), event(1, 2, "a", { value: 7 })]);
    harness.watermark(9);
    expect(ranks(harness.rows())).toEqual(["+I 1 2", "+I 1 1"]);
  });

  test("updates name the ranks that changed", () => {
    const harness = recordHarness(topN({ output: "update" }));
    harness.send([5, 7, 6, 1, 9].map((value, id) => event(1, id, "a", { value })));
    expect(ranks(harness.rows())).toEqual(["+I 1 0", "+U 1 1", "+I 2 0", "+U 2 2", "+U 1 4", "+U 2 1"]);
  });

  test("keeps ties of the last rank, in order of arrival, until a better record ends them", () => {
    const harness = recordHarness(topN({ limit: 2, ties: "keep" }));
    harness.send([5, 3, 5, 3, 3].map((value, id) => event(1, id, "a", { value })));
    harness.watermark(9);
    expect(ranks(harness.rows())).toEqual(["+I 1 0", "+I 1 2"]);
    harness.send([3, 3, 3, 5, null].map((value, id) => event(11, id, "a", { value })));
    harness.watermark(19);
    expect(ranks(harness.rows()).slice(2)).toEqual(["+I 1 3", "+I 2 0", "+I 2 1", "+I 2 2"]);
    harness.send([null, null, null].map((value, id) => event(21, id, "a", { value })));
    harness.watermark(29);
    expect(ranks(harness.rows()).slice(6)).toEqual(["+I 1 0", "+I 1 1", "+I 1 2"]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, bufferedRecords: 0 });
  });

  test("replaces the fields of the window before it", () => {
    const counts = streamOf({ at: timestampType, rank: bigintType, window_start: timestampType, n: bigintType }, "at");
    const harness = recordHarness(topN({ keyBy: [], by: fieldOf(counts, "n") }), {}, counts);
    harness.send([{ at: 5, rank: 8, window_start: -5, n: 3 }]);
    harness.watermark(9);
    expect(harness.fields()).toEqual([{ window_start: 0, window_end: 10, rank: 1, at: 5, n: 3 }]);
  });

  test.each([false, true])("agrees with an oracle that sorts everything; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        const gauges = expectAgreement(of, new TopNOracle(of), ports, steps, restart).gauges();
        expect(gauges).toMatchObject({ stateKeys: 0, bufferedRecords: 0 });
      }),
      { numRuns: 120 },
    );
  });

  test("gives the same rows however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (of, steps, restarts) =>
        expectSameHoweverBatched(of, ports, steps, restarts),
      ),
      { numRuns: 60 },
    );
  });
});
