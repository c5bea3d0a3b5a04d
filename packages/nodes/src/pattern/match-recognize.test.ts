import {
  checkPatternExpression,
  mapOperator,
  outputOf,
  type PlanInput,
  type PlannedOperator,
  readMatchRecognize,
  type StreamType,
  type TypedExpression,
} from "@millrace/engine";
import { compiledHarness, type HarnessRecord, handDriven, streamOf } from "@millrace/engine/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventPattern } from "./event-pattern.node.ts";
import { type MappedRow, type MatcherCondition, type MatcherElement, type MatcherRow, matchRows } from "./testing/row-pattern-matcher.ts";

const input: StreamType = streamOf({ time: { kind: "timestamp" }, kind: { kind: "string" }, n: { kind: "bigint" } }, "time");
const variables = ["a", "b", "c", "d"];

/** What DEFINE may say of a variable, and what it means; rows of different variables differ in their kind. */
const conditions: readonly { readonly sql: (name: string) => string; readonly holds: (name: string) => MatcherCondition }[] = [
  { sql: () => "TRUE", holds: () => () => true },
  {
    sql: () => "n > 1",
    holds:
      () =>
      ({ n }) =>
        n > 1,
  },
  {
    sql: (name) => `(LAST(${name}.n, 1) IS NULL OR ${name}.n >= LAST(${name}.n, 1))`,
    holds: (name) => (row, mapped) => row.n >= (of(name, mapped).at(-1) ?? 0),
  },
  { sql: (name) => `SUM(${name}.n) < 6`, holds: (name) => (row, mapped) => sum([...of(name, mapped), row.n]) < 6 },
  {
    sql: (name) => `AVG(${name}.n * 2) <= 4`,
    holds: (name) => (row, mapped) => 2 * sum([...of(name, mapped), row.n]) <= 4 * (of(name, mapped).length + 1),
  },
  { sql: () => "n <= FIRST(n) + 1", holds: () => (row, mapped) => row.n <= (mapped.at(0)?.row.n ?? row.n) + 1 },
  { sql: () => "COUNT(*) < 5", holds: () => (_, mapped) => mapped.length + 1 < 5 },
  { sql: () => "(a.n IS NULL OR MAX(a.n) >= n)", holds: (name) => (row, mapped) => largestA(name, row, mapped) >= row.n },
];

function of(name: string, mapped: readonly MappedRow[]): readonly number[] {
  return mapped.filter(({ variable }) => variable === name).map(({ row }) => row.n);
}

function largestA(name: string, row: MatcherRow, mapped: readonly MappedRow[]): number {
  const known = [...of("a", mapped), ...(name === "a" ? [row.n] : [])];
  return known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...known);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The operator that a clause becomes; null when it cannot be said. */
function operatorOf(clause: string): PlannedOperator | null {
  const read = readMatchRecognize(clause, "time");
  if (!read.ok) return null;
  const params = eventPattern.params.parse(read.value);
  const lowered = eventPattern.lower({
    params,
    inputs: { in: outputOf({ op: "union", inputs: [] }) },
    inputLists: {},
    inputTypes: { in: input },
  }).out;
  if (!("operator" in lowered)) throw new Error("an event pattern is an operator");
  return mapOperator(
    lowered.operator,
    (expression, { stages = [], expected }): TypedExpression => {
      const typed = checkPatternExpression(expression, input.fields, stages, {}, expected);
      if (!typed.ok) throw new Error(typed.diagnostics.map(({ message }) => message).join("\n"));
      return typed.value;
    },
    (): PlanInput => handDriven,
  );
}

function text(elements: readonly MatcherElement[]): string {
  return elements
    .map(({ of: what, min, max, reluctant }) => {
      const element = typeof what === "string" ? what : `(${text(what)})`;
      const counts = min === 1 && max === 1 ? "" : `{${min},${max === endless ? "" : max}}${reluctant ? "?" : ""}`;
      return `${element}${counts}`;
    })
    .join(" ");
}

const endless = 99;

/** Elements over variables that are used once each, in order; the last comes once. */
function elementsOver(names: readonly string[]): fc.Arbitrary<readonly MatcherElement[]> {
  const quantifier = fc.constantFrom(
    ...[
      [1, 1],
      [1, 1],
      [0, 1],
      [1, endless],
      [0, endless],
      [2, 2],
      [1, 2],
      [2, endless],
    ],
  );
  const element = (of: MatcherElement["of"], isLast: boolean): fc.Arbitrary<MatcherElement> =>
    fc.record({ counts: quantifier, reluctant: fc.boolean() }).map(({ counts: [min, max], reluctant }) => ({
      of,
      min: typeof of === "string" ? min : Math.min(min, 2),
      max,
      reluctant: isLast ? min !== max || reluctant : reluctant,
    }));
  const grouped = fc.integer({ min: 0, max: names.length - 1 }).chain((from) =>
    fc.integer({ min: from + 1, max: names.length }).chain((to) => {
      const singles = (some: readonly string[], isLast: boolean) =>
        fc.tuple(...some.map((name, i) => element(name, isLast && i === some.length - 1)));
      // A group has a variable that comes once at least.
      const group = fc
        .tuple(...names.slice(from, to).map((name) => element(name, true)))
        .map((inner) => inner.map((one, i) => (i === 0 ? { ...one, min: Math.max(1, one.min) } : one)))
        .chain((inner) => element(inner, to === names.length));
      return fc.tuple(singles(names.slice(0, from), false), group, singles(names.slice(to), true));
    }),
  );
  const flat = fc.tuple(...names.map((name, i) => element(name, i === names.length - 1)));
  return fc.oneof(
    flat,
    grouped.map(([before, group, behind]) => [...before, group, ...behind]),
  );
}

const skips = ["PAST LAST ROW", "TO NEXT ROW", "TO FIRST", "TO LAST"] as const;

const cases = fc.integer({ min: 1, max: variables.length }).chain((count) => {
  const names = variables.slice(0, count);
  return fc.record({
    names: fc.constant(names),
    elements: elementsOver(names),
    defines: fc.tuple(...names.map(() => fc.integer({ min: 0, max: conditions.length - 1 }))),
    withinMs: fc.constantFrom(null, 3, 5),
    skip: fc.constantFrom(...skips),
    rows: fc.array(fc.record({ kind: fc.constantFrom(...names, ...names, "z"), n: fc.integer({ min: 1, max: 4 }) }), { maxLength: 14 }),
  });
});

test("the rows that come out are those of a matcher that tries all ways as SQL:2016 says", () => {
  let compared = 0;
  let matched = 0;
  fc.assert(
    fc.property(cases, ({ names, elements, defines, withinMs, skip, rows: found }) => {
      if (elements.every(({ min }) => min === 0)) return;
      const target = elements.find(({ of: what, min }, i) => i > 0 && typeof what === "string" && min > 0)?.of;
      const isToVariable = skip === "TO FIRST" || skip === "TO LAST";
      if (isToVariable && (typeof target !== "string" || elements[0].min === 0)) return;
      const clause = `ORDER BY time MEASURES ${names.map((name) => `COUNT(${name}.*) AS ${name}_count, LAST(${name}.n) AS ${name}_last`).join(", ")}
        AFTER MATCH SKIP ${skip}${isToVariable ? ` ${target}` : ""}
        PATTERN (${text(elements)}) ${withinMs === null ? "" : `WITHIN INTERVAL '${withinMs / 1000}' SECOND`}
        DEFINE ${names.map((name, i) => `${name} AS kind = '${name}' AND ${conditions[defines[i]].sql(name)}`).join(", ")}`;
      const operator = operatorOf(clause);
      if (operator === null) return;
      compared++;
      // What has begun ends, so that nothing is held back at the end of the input.
      const rows = [...found, { kind: "z", n: 1 }].map((row, time) => ({ ...row, time }));
      const harness = compiledHarness(operator, [input], { timeOf: (record: HarnessRecord) => Number(record.time) });
      harness.send(rows);
      harness.watermark(1_000_000);
      const pattern = {
        elements,
        conditions: new Map(
          names.map((name, i): [string, MatcherCondition] => [
            name,
            (row, mapped) => row.kind === name && conditions[defines[i]].holds(name)(row, mapped),
          ]),
        ),
        withinMs: withinMs ?? Number.POSITIVE_INFINITY,
        next: (match: readonly MappedRow[]) => nextRow(skip, typeof target === "string" ? target : "", match),
      };
      const expected = matchRows(pattern, rows);
      matched += expected.length;
      expect(harness.fields("out"), clause).toEqual(expected.map((match) => rowOf(names, match)));
    }),
    { numRuns: 700 },
  );
  expect(compared).toBeGreaterThan(250);
  expect(matched).toBeGreaterThan(50);
});

function nextRow(skip: (typeof skips)[number], target: string, match: readonly MappedRow[]): number {
  if (skip === "PAST LAST ROW") return match[match.length - 1].index + 1;
  if (skip === "TO NEXT ROW") return match[0].index + 1;
  const ofTarget = match.filter(({ variable }) => variable === target);
  return (skip === "TO FIRST" ? ofTarget[0] : ofTarget[ofTarget.length - 1]).index;
}

function rowOf(names: readonly string[], match: readonly MappedRow[]): Record<string, unknown> {
  const values = names.map((name) => of(name, match));
  return {
    match_start: match[0].row.time,
    match_end: match[match.length - 1].row.time,
    ...Object.fromEntries(
      names.flatMap((name, i) => [
        [`${name}_count`, values[i].length],
        [`${name}_last`, values[i].at(-1) ?? null],
      ]),
    ),
  };
}
