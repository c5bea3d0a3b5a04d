import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PatternStageParam } from "../../node/params.ts";
import type { EventPatternParams } from "./event-pattern-params.ts";
import { readMatchRecognize } from "./read-clause.ts";
import { writeMatchRecognize } from "./write-clause.ts";

const a: PatternStageParam = { name: "a", where: "kind = 'a'" };
const b: PatternStageParam = { name: "b", where: "kind = 'b'", contiguity: "next" };

function paramsOf(given: Partial<EventPatternParams>): EventPatternParams {
  return { keyBy: [], order: [], stages: [a, b], within: null, measures: [], skip: "skipPastLastEvent", skipStage: "", ...given };
}

function write(given: Partial<EventPatternParams>): string {
  const written = writeMatchRecognize(paramsOf(given), "at");
  if (!written.ok) throw new Error(written.diagnostics.map(({ message }) => message).join("\n"));
  return written.value;
}

const consecutive = { inner: "consecutive" } as const;

test("an event pattern as a clause", () => {
  const stages: readonly PatternStageParam[] = [
    { name: "small", where: "amount < 5", times: { min: 3, max: null, greedy: true, ...consecutive }, until: "stop" },
    {
      name: "rise",
      contiguity: "next",
      where: "amount > rise.amount AND COUNT(rise) < RUNNING COUNT(rise)",
      times: { min: 1, max: 2, ...consecutive },
    },
    { name: "large", contiguity: "next", where: "amount > 100 * AVG(small.amount * small.`rate`)" },
    { name: "done", where: "done.amount IS NULL AND timestamp > 0" },
  ];
  const written = write({
    keyBy: ["card", "user"],
    order: [{ field: "id", descending: true }],
    stages,
    within: "1h30m",
    measures: [
      { name: "tries", value: "COUNT(small)" },
      { name: "value", value: "large.amount + amount" },
    ],
    skip: "skipToFirst",
    skipStage: "large",
  });
  expect(written).toBe(`MATCH_RECOGNIZE (
  PARTITION BY card, \`user\`
  ORDER BY \`at\`, id DESC
  MEASURES
    FIRST(\`at\`) AS match_start,
    LAST(\`at\`) AS match_end,
    COUNT(small.*) AS tries,
    \`large\`.amount + amount AS \`value\`
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO FIRST \`large\`
  PATTERN (small{3,} rise{1,2}? \`large\` skip_done*? done) WITHIN INTERVAL '90' MINUTE
  DEFINE
    small AS (amount < 5) AND (stop) IS NOT TRUE,
    rise AS amount > LAST(rise.amount, 1) AND (COUNT(rise.*) - 1) < COUNT(rise.*),
    \`large\` AS amount > 100 * AVG(small.amount * small.rate),
    skip_done AS (done.amount IS NULL AND \`timestamp\` > 0) IS NOT TRUE,
    done AS LAST(done.amount, 1) IS NULL AND \`timestamp\` > 0
)`);
});

describe("what SQL cannot say is told at the parameter that says it", () => {
  const twice = { min: 2, max: 2 };
  test.each([
    [{ skip: "noSkip" }, "skip", "all matches are kept"],
    [{ stages: [a, { ...b, contiguity: "followedByAny" }] }, "stages.1.contiguity", "by a match of its own"],
    [{ stages: [a, { ...b, contiguity: "notNext" }, { ...b, name: "c" }] }, "stages.1.contiguity", "must not come"],
    [{ stages: [a, { ...b, contiguity: "notFollowedBy" }], within: "1m" }, "stages.1.contiguity", "must not come"],
    [{ stages: [{ ...a, times: twice }, b] }, "stages.0.times.inner", "others may lie between"],
    [{ stages: [{ ...a, times: { ...twice, inner: "allowCombinations" } }, b] }, "stages.0.times.inner", "all combinations"],
    [{ stages: [a, { name: "g", group: [b, { ...a, name: "c" }] }] }, "stages.1.contiguity", "which is a group"],
    [
      { stages: [{ name: "g", times: { min: 1, max: null, ...consecutive }, until: "n > 1", group: [a] }, b] },
      "stages.0.until",
      "repetition of a group",
    ],
    [
      {
        stages: [
          { name: "g", group: [a, { ...b, contiguity: "notNext" }] },
          { ...b, name: "c" },
        ],
      },
      "stages.0.group.1.contiguity",
      "must not come",
    ],
    [{ stages: [a, { ...b, withinPrevious: "1m" }] }, "stages.1.withinPrevious", "two neighbouring events"],
    [
      {
        stages: [
          { ...a, times: { min: 1, max: null, ...consecutive } },
          { ...b, contiguity: "followedBy" },
        ],
      },
      "stages.1.contiguity",
      "between it and",
    ],
    [{ stages: [{ ...a, where: "n > AVG(a.n)" }, b] }, "stages.0.where", "without the one that is tested"],
    [{ stages: [a, { ...b, contiguity: "followedBy", where: "RUNNING AVG(b.n) > 1" }] }, "stages.1.where", "others may come before"],
    [{ stages: [a, { name: "b", where: "n > 1" }], measures: [{ name: "n", value: "COUNT(*)" }] }, "measures.0.value", "all its events"],
  ] as const satisfies readonly (readonly [Partial<EventPatternParams>, string, string])[])("%j", (given, param, words) => {
    const written = writeMatchRecognize(paramsOf(given), "at");
    if (written.ok) throw new Error(written.value);
    expect(written.diagnostics).toHaveLength(1);
    expect(written.diagnostics[0]).toMatchObject({ code: "MATCH_RECOGNIZE_UNWRITABLE", place: { param } });
    expect(written.diagnostics[0].message).toContain(words);
  });
});

describe("there and back again", () => {
  const names = ["a", "start", "b_2", "last"];
  const conditions = (name: string) =>
    fc.constantFrom(
      undefined,
      "kind = 'x'",
      "n > 2 /* more */ AND `group` IS NOT NULL",
      `n > ${name}.n OR LAST(${name}.n, 2) IS NULL`,
      `RUNNING AVG(${name}.n * ${name}.n) < 3`,
      "n < start.n + COUNT(start.*)",
      "CASE WHEN timestamp > 2 THEN n > 1 ELSE LAST(a.n, 1) = n END",
    );
  const times = fc.record({
    min: fc.constantFrom(1, 2),
    max: fc.constantFrom(1, 2, 3, null),
    optional: fc.boolean(),
    greedy: fc.boolean(),
  });
  const stageOf = (name: string, isFirst: boolean, isLast: boolean) =>
    fc.record({ where: conditions(name), times, isThen: fc.boolean(), isLoop: fc.boolean() }).map(({ where, times, isThen, isLoop }) => {
      const loop =
        !isThen && isLoop && (times.max === null || times.max >= times.min) && (times.min > 1 || times.max !== 1 || times.optional);
      const varies = times.min !== times.max || times.optional;
      const isOptional = times.optional && times.min === 1;
      return {
        name,
        ...(isFirst || (isThen && where !== undefined) ? {} : { contiguity: "next" as const }),
        ...(where === undefined ? {} : { where }),
        ...(loop
          ? {
              times: {
                min: times.min,
                max: times.max,
                ...(isOptional ? { optional: true } : {}),
                ...(times.greedy && !isLast && varies && times.max !== 1 && (isOptional || times.min !== times.max)
                  ? { greedy: true }
                  : {}),
                ...(times.max === 1 ? {} : consecutive),
              },
            }
          : {}),
      } satisfies PatternStageParam;
    });
  const params = fc
    .integer({ min: 1, max: names.length })
    .chain((count) => fc.tuple(...names.slice(0, count).map((name, i) => stageOf(name, i === 0, i === count - 1))))
    .chain((stages) =>
      fc.record({
        keyBy: fc.constantFrom([], ["card"], ["user", "order id"]),
        order: fc.constantFrom(
          [],
          [
            { field: "id", descending: false },
            { field: "value", descending: true },
          ],
        ),
        stages: fc.constant(stages),
        within: fc.constantFrom(null, "5s", "250ms", "1d12h"),
        measures: fc.constantFrom(
          [],
          [
            { name: "value", value: "n" },
            { name: "total", value: "SUM(a.n) + a.`order`" },
          ],
        ),
        skip: fc.constantFrom("skipPastLastEvent" as const, "skipToNext" as const),
        skipStage: fc.constant(""),
      }),
    );

  test("what is written is read as it was", () => {
    let written = 0;
    fc.assert(
      fc.property(params, (given) => {
        const clause = writeMatchRecognize(given, "timestamp");
        if (!clause.ok) return;
        written++;
        const back = readMatchRecognize(`SELECT * FROM t ${clause.value}`, "timestamp");
        if (!back.ok) throw new Error(`${clause.value}\n${back.diagnostics.map(({ message }) => message).join("\n")}`);
        expect(plain(back.value)).toEqual(plain(given));
        expect(writeMatchRecognize(back.value, "timestamp")).toEqual(clause);
      }),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(200);
  });
});

/** Without the quotes that a name may have or not, and without greed with which a match may end, where it changes nothing. */
function plain(params: EventPatternParams): unknown {
  const stages = params.stages.map((stage, i) => {
    if (stage.times === undefined || !params.stages.slice(i + 1).every(({ times }) => times?.optional === true)) return stage;
    const { greedy: _, ...times } = stage.times;
    return { ...stage, times };
  });
  return JSON.parse(JSON.stringify({ ...params, stages }).replaceAll("`", ""));
}
