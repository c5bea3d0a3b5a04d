import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import type { EmittedRow, HarnessRecord } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { byName, byNameAndNumber, type JoinCase, joinHarness, type Order, order, type Payment, payment } from "./testing/join-fixture.ts";
import { joinedRow, sameKey } from "./testing/joined-row.ts";

type RegularJoinCase = Extract<JoinCase, { op: "regular-join" }>;

const inner: RegularJoinCase = { op: "regular-join", kind: "inner", on: byName, leftTtlMs: 1000, rightTtlMs: 500 };
const left: RegularJoinCase = { ...inner, kind: "left" };
const full: RegularJoinCase = { ...inner, kind: "full" };

const harnessOf = (of: RegularJoinCase, batchRows = 1024) =>
  joinHarness(of, { batchRows, kindOf: (record) => Number(record.kind ?? RowKind.insert) });
const deletion = <T extends HarnessRecord>(record: T) => ({ ...record, kind: RowKind.delete });
const lines = (harness: ReturnType<typeof joinHarness>) => harness.take().map(({ fields, kind }) => `${kind} ${fields.id}-${fields.ref}`);

describe("what comes out", () => {
  test("every pair of a key, whichever side comes first, without an event time", () => {
    const harness = harnessOf(inner);
    harness.run([{ records: [order(1, 1), order(2, 2)] }, { records: [payment(900, 1), payment(3, 2, "b")], input: 1 }]);
    harness.run([{ restart: true }, { records: [order(5, 3), order(5, 4, null)] }]);
    expect(harness.rows()[0]).toEqual({ ...joinedRow(order(1, 1), payment(900, 1), Number.NaN) });
    expect(lines(harness)).toEqual(["+I 1-1", "+I 2-1", "+I 3-1"]);
    expect(harness.gauges().counters.null_keys).toBe(1);
  });

  test("a padded row is taken back when a partner comes, and comes again when the last one goes", () => {
    const harness = harnessOf(left);
    harness.run([{ records: [order(1, 1), order(2, 2, null)] }]);
    expect(lines(harness)).toEqual(["+I 1-null", "+I 2-null"]);
    harness.run([{ restart: true }, { records: [payment(3, 1), payment(3, 2)], input: 1 }, { restart: true }]);
    expect(lines(harness)).toEqual(["-D 1-null", "+I 1-1", "+I 1-2"]);
    harness.run([{ records: [deletion(payment(3, 1)), deletion(payment(3, 2))], input: 1 }]);
    expect(lines(harness)).toEqual(["-D 1-1", "-D 1-2", "+I 1-null"]);
    harness.run([{ records: [deletion(order(1, 1)), deletion(order(2, 2, null))] }]);
    expect(lines(harness)).toEqual(["-D 1-null", "-D 2-null"]);
    expect(harness.gauges().stateKeys).toBe(0);
  });

  test("a row that is replaced takes its pairs back first; equal rows are taken back one by one", () => {
    const harness = harnessOf(inner);
    harness.run([{ records: [order(1, 1), order(1, 1)] }, { records: [payment(2, 1)], input: 1 }]);
    harness.run([
      {
        records: [
          { ...payment(2, 1), kind: RowKind.updateBefore },
          { ...payment(2, 2), kind: RowKind.updateAfter },
        ],
        input: 1,
      },
    ]);
    expect(lines(harness)).toEqual(["+I 1-1", "+I 1-1", "-D 1-1", "-D 1-1", "+I 1-2", "+I 1-2"]);
    harness.run([{ records: [deletion(order(1, 1)), deletion(order(1, 1)), deletion(order(1, 1))] }]);
    expect(lines(harness)).toEqual(["-D 1-2", "-D 1-2"]);
    expect(harness.gauges().counters.unknown_retractions).toBe(1);
  });
});

describe("time to live", () => {
  test("rows are forgotten in silence after it, not before; how many is counted", () => {
    const harness = harnessOf(full);
    harness.run([{ records: [order(0, 1)] }, { records: [payment(0, 1)], input: 1 }, { watermark: 499 }]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 1, counters: { evicted_left: 0, evicted_right: 0 } });
    lines(harness);
    harness.run([{ watermark: 520 }, { restart: true }, { records: [deletion(payment(0, 1))], input: 1 }]);
    expect(lines(harness)).toEqual([]);
    expect(harness.gauges().counters).toMatchObject({ evicted_left: 0, evicted_right: 1, unknown_retractions: 1 });
    harness.run([{ records: [payment(600, 2)], input: 1 }, { watermark: 1020 }, { watermark: 2000 }]);
    expect(lines(harness)).toEqual(["+I 1-2"]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { evicted_left: 1, evicted_right: 2 } });
  });

  test("the end of the input is no eviction", () => {
    const harness = harnessOf(inner);
    harness.run([{ records: [order(0, 1)] }, { watermark: endOfTime }]);
    expect(harness.gauges().counters.evicted_left).toBe(0);
    expect(harness.forwardedWatermark).toBe(endOfTime);
  });
});

/** Insertions, and deletions of rows that are there, on both sides. */
const changesArbitrary = fc.array(
  fc.record({
    input: fc.constantFrom(0 as const, 1 as const),
    rows: fc.array(
      fc.record({
        name: fc.constantFrom("a", "b", null),
        number: fc.constantFrom(0, 1, null),
        value: fc.nat(2),
        pick: fc.nat(),
        remove: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
  }),
  { maxLength: 15 },
);

/** The rows that a changelog leaves, as sorted texts. */
class Materialized {
  readonly #counts = new Map<string, number>();

  apply(rows: readonly EmittedRow[]): void {
    for (const { fields, kind } of rows) {
      const text = JSON.stringify(fields);
      const count = (this.#counts.get(text) ?? 0) + (kind === "+I" ? 1 : -1);
      if (count < 0) throw new Error(`${text} is taken back without having been said`);
      this.#counts.set(text, count);
    }
  }

  texts(): string[] {
    return [...this.#counts].flatMap(([text, count]) => Array.from({ length: count }, () => text)).sort();
  }
}

function joinOf(of: RegularJoinCase, lefts: readonly Order[], rights: readonly Payment[]): string[] {
  const { kind } = of;
  const rows: EmittedRow[] = [];
  for (const one of lefts) {
    const partners = rights.filter((other) => sameKey(of, one, other));
    for (const other of partners) rows.push(joinedRow(one, other, 0));
    if (partners.length === 0 && (kind === "left" || kind === "full")) rows.push(joinedRow(one, null, 0));
  }
  if (kind === "right" || kind === "full") {
    for (const other of rights) if (!lefts.some((one) => sameKey(of, one, other))) rows.push(joinedRow(null, other, 0));
  }
  return rows.map((row) => JSON.stringify(row.fields)).sort();
}

test("what comes out adds up to the join of both tables after every step, restored or not, in batches of any size", () => {
  const caseArbitrary: fc.Arbitrary<RegularJoinCase> = fc.record({
    op: fc.constant("regular-join" as const),
    kind: fc.constantFrom("inner", "left", "right", "full"),
    on: fc.constantFrom(byName, byNameAndNumber, []),
    nullsMatch: fc.boolean(),
    leftTtlMs: fc.constant(1e9),
    rightTtlMs: fc.constant(1e9),
  });
  fc.assert(
    fc.property(caseArbitrary, changesArbitrary, fc.boolean(), fc.constantFrom(1, 1024), (of, changes, restart, batchRows) => {
      const harness = harnessOf(of, batchRows);
      const result = new Materialized();
      const tables: [Order[], Payment[]] = [[], []];
      for (const { input, rows } of changes) {
        const records = rows.map(({ name, number, value, pick, remove }) => {
          const table: (Order | Payment)[] = tables[input];
          const record = input === 0 ? order(value, value, name, number) : payment(value, value, name, number);
          if (!remove || table.length === 0) {
            table.push(record);
            return record;
          }
          const [removed] = table.splice(pick % table.length, 1);
          return deletion({ ...removed });
        });
        harness.send(records, input);
        result.apply(harness.take());
        expect(result.texts()).toEqual(joinOf(of, ...tables));
        if (restart) harness.restart();
      }
    }),
    { numRuns: 200 },
  );
});
