import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "./compile-pattern.ts";
import { once, type PatternSpec, type PatternStage, type Quantifier, type SkipStrategy } from "./pattern-spec.ts";
import { SkipError } from "./run-rules.ts";
import { allMatches, type OracleStage } from "./testing/pattern-oracle.ts";
import { type Match, SingleKeyRuns } from "./testing/single-key-runs.ts";

type CaseStage = Partial<Omit<PatternStage, "quantifier" | "group">> & {
  readonly name: string;
  readonly times?: Partial<Quantifier>;
  readonly group?: readonly CaseStage[];
};

/** Stages by letters: an event is a letter with an optional number, and suits the stage of its letter. */
interface Case {
  readonly stages: readonly CaseStage[];
  readonly withinMs?: number;
  readonly skip?: SkipStrategy;
}

const letters = "abcdxz";

function specOf({ times, group, ...stage }: CaseStage): PatternStage {
  return {
    contiguity: "relaxed",
    where: group === undefined ? letters.indexOf(stage.name) : null,
    until: null,
    withinPreviousMs: null,
    ...stage,
    group: group?.map(specOf) ?? null,
    quantifier: { ...once, ...times },
  };
}

/** Runs a pattern over `a1@5 b2@7`; without times events are 1 ms apart. Matches as `a1 b2`, in order; what timed out begins with `!`, `@` is when. */
function run({ stages, withinMs, skip = { kind: "noSkip" } }: Case, text: string): string[] {
  const spec: PatternSpec = {
    stages: stages.map(specOf),
    withinMs: withinMs ?? null,
    skip,
  };
  const runs = new SingleKeyRuns<string>(compilePattern(spec), skip, (condition, { value }) => value[0] === letters[condition]);
  const said: string[] = [];
  const say = (matches: readonly Match<string>[], mark: string) => {
    for (const match of matches) {
      const taken = [...match.events.values()].flat().sort((left, right) => left.sequence - right.sequence);
      said.push(`${mark}${taken.map((event) => event.value).join(" ")}${mark === "" ? "" : `@${match.time}`}`);
    }
  };
  for (const [sequence, word] of text.split(" ").entries()) {
    const [value, at] = word.split("@");
    const time = at === undefined ? sequence : Number(at);
    const { matches, timeouts } = runs.advanceTime(time);
    say(matches, "…");
    say(timeouts, "!");
    say(value === "-" ? [] : runs.process({ sequence, time, value }).matches, "");
  }
  return said;
}

const many: Partial<Quantifier> = { min: 1, max: null };
const a: Case["stages"][number] = { name: "a", contiguity: "start" };

describe("how stages follow each other", () => {
  test.each([
    ["next takes the very next event or nothing", [a, { name: "b", contiguity: "strict" }], "a1 c b1 a2 b2", ["a2 b2"]],
    ["followed by takes the first that suits", [a, { name: "b" }], "a1 c b1 b2", ["a1 b1"]],
    ["followed by any takes each that suits", [a, { name: "b", contiguity: "relaxedAny" }], "a1 c b1 b2", ["a1 b1", "a1 b2"]],
    ["two events that are equal are two", [a, { name: "b" }], "a1 a1 b1", ["a1 b1", "a1 b1"]],
  ] as const)("%s", (_, stages, text, expected) => {
    expect(run({ stages }, text)).toEqual(expected);
  });
});

describe("how often a stage comes", () => {
  const loop = (inner: Quantifier["inner"], next: PatternStage["contiguity"]): Case => ({
    stages: [a, { name: "b", contiguity: "relaxedAny", times: { ...many, inner } }, { name: "c", contiguity: next }],
  });
  const sorted = (of: Case, text: string) => run(of, text).sort();

  test("consecutive events, followed at once", () => {
    expect(run(loop("strict", "strict"), "a1 b1 d b2 d b3 c1")).toEqual(["a1 b3 c1"]);
  });

  test("relaxed: each stretch of them, wherever it begins and ends", () => {
    expect(sorted(loop("relaxed", "relaxed"), "a1 b1 d b2 d b3 c1")).toEqual(
      ["a1 b1 c1", "a1 b1 b2 c1", "a1 b1 b2 b3 c1", "a1 b2 c1", "a1 b2 b3 c1", "a1 b3 c1"].sort(),
    );
  });

  test("all combinations: those with gaps too", () => {
    const gaps = sorted(loop("relaxedAny", "relaxed"), "a1 b1 d b2 d b3 c1");
    expect(gaps).toEqual([...sorted(loop("relaxed", "relaxed"), "a1 b1 d b2 d b3 c1"), "a1 b1 b3 c1"].sort());
  });

  test.each([
    ["strict", 3],
    ["relaxed", 4],
    ["relaxedAny", 8],
  ] as const)("a forced first event and a loop that is %s: %d matches", (inner, count) => {
    const stages: Case["stages"] = [{ name: "c", contiguity: "start" }, { name: "a", times: { ...many, inner } }, { name: "b" }];
    const found = run({ stages }, "c1 d1 a1 a2 a3 d2 a4 b1");
    expect(new Set(found).size).toBe(count);
    expect(found).toHaveLength(count);
    for (const match of found) expect(match).toMatch(/^c1 a1.* b1$/);
  });

  test("until ends the repetition: that event is neither taken nor passed over", () => {
    const stages: Case["stages"] = [{ ...a, times: many, until: "abcdxz".indexOf("b") }];
    expect(run({ stages }, "a1 c a2 b a3")).toEqual(["a1", "a1 a2", "a2", "a3"]);
  });

  test("greedy takes all it can before the next stage, and says nothing at the end of a pattern", () => {
    const greedy = { ...many, optional: true, greedy: true };
    const c: Case["stages"][number] = { name: "c", contiguity: "start" };
    expect(run({ stages: [c, { name: "a", times: greedy }, { name: "d" }] }, "c1 a1 x a2 x a3 x d1")).toEqual(["c1 a1 a2 a3 d1"]);
    expect(run({ stages: [c, { name: "a", times: greedy }] }, "c1 a1 a2 x a3")).toEqual(["c1", "c1 a1", "c1 a1 a2", "c1 a1 a2 a3"]);
  });

  test("greedy, and once at most: what follows has the next event that both could take", () => {
    const both = "abcdxz".indexOf("a");
    const stages = (contiguity: "strict" | "relaxed"): Case["stages"] => [
      { name: "c", contiguity: "start" },
      { name: "a", contiguity, times: { optional: true, greedy: true } },
      { name: "b", contiguity, where: both },
    ];
    expect(run({ stages: stages("strict") }, "c1 a1 a2")).toEqual(["c1 a1 a2"]);
    expect(run({ stages: stages("relaxed") }, "c1 x a1 x a2 a3")).toEqual(["c1 a1 a2"]);
  });

  test("greedy changes nothing of a number that is fixed", () => {
    const times = { min: 2, max: 2, optional: true, greedy: true };
    const stages: Case["stages"] = [{ ...a, times }, { name: "b" }];
    expect(run({ stages }, "a1 a2 a3 b1").sort()).toEqual(["a1 a2 b1", "a2 a3 b1", "b1"]);
  });

  test("counted, and with a choice of counts", () => {
    const times = (min: number, max: number): Case => ({ stages: [{ ...a, times: { min, max, inner: "strict" } }, { name: "b" }] });
    expect(run(times(2, 2), "a1 a2 a3 b1").sort()).toEqual(["a1 a2 b1", "a2 a3 b1"]);
    expect(run(times(1, 2), "a1 a2 b1").sort()).toEqual(["a1 a2 b1", "a1 b1", "a2 b1"]);
  });
});

describe("what must not come", () => {
  const without: Case["stages"] = [a, { name: "b", contiguity: "notFollowedBy" }];

  test("between two stages it ends the run", () => {
    const stages = [...without, { name: "c" }];
    expect(run({ stages }, "a1 d c1 a2 b1 c2")).toEqual(["a1 c1"]);
  });

  const x: Case["stages"][number] = { name: "x", contiguity: "notFollowedBy" };
  const twice = { min: 1, max: 2 };

  test.each([
    ["of events", [{ ...a, times: many }]],
    ["of so many events", [{ ...a, times: twice }]],
    ["of a group", [{ name: "g", contiguity: "start", times: many, group: [a] }]],
    ["of a group so many times", [{ name: "g", contiguity: "start", times: twice, group: [a] }]],
    ["in a group", [{ name: "g", contiguity: "start", group: [{ ...a, times: many }] }]],
    ["of a group in a group", [{ name: "g", contiguity: "start", times: many, group: [{ name: "h", contiguity: "start", group: [a] }] }]],
  ] as const)("right behind a repetition %s it ends the run while that goes on, whatever came in between", (_, stages) => {
    for (const text of ["a1 x1 a2 d1", "a1 z x1 a2 d1"]) expect(run({ stages: [...stages, x, { name: "d" }] }, text)).toEqual(["a2 d1"]);
  });

  test("within a group that is repeated it speaks of the round that it is in", () => {
    const b: Case["stages"][number] = { name: "b", contiguity: "start", times: twice };
    const stages: Case["stages"] = [{ name: "g", contiguity: "start", times: twice, group: [b, x] }];
    const found = run({ stages }, "b1 b2 x1 b3");
    expect(found.filter((match) => match === "b1 b2 b3")).toHaveLength(1);
    expect(found).not.toContain("b1 b3");
  });

  test("at the end it is confirmed when the time is over", () => {
    expect(run({ stages: without, withinMs: 3 }, "a1@1 b1@2 a2@4 c1@5 b2@10 a3@11 b3@13 -@20")).toEqual(["…a2@7"]);
    expect(run({ stages: without, withinMs: 3 }, "a1@1 b1@4")).toEqual(["…a1@4"]);
  });

  test("as the very next event it needs another one to be sure", () => {
    const stages: Case["stages"] = [
      { name: "d", contiguity: "start" },
      { name: "b", contiguity: "notNext" },
    ];
    expect(run({ stages }, "d1")).toEqual([]);
    expect(run({ stages }, "d1 b1")).toEqual([]);
    expect(run({ stages }, "d1 c1")).toEqual(["d1"]);
  });
});

describe("time", () => {
  const stages: Case["stages"] = [a, { name: "b" }];

  test("the limit is exclusive, and what it ends is said with its own time", () => {
    expect(run({ stages, withinMs: 10 }, "a1@0 b1@9")).toEqual(["a1 b1"]);
    expect(run({ stages, withinMs: 10 }, "a1@0 b1@10")).toEqual(["!a1@10"]);
    expect(run({ stages, withinMs: 10 }, "a1@0 c1@25")).toEqual(["!a1@10"]);
  });

  test("a limit since the event before", () => {
    const limited: Case = { stages: [a, { name: "b", withinPreviousMs: 5 }, { name: "c", withinPreviousMs: 5 }] };
    expect(run(limited, "a1@0 b1@4 c1@8")).toEqual(["a1 b1 c1"]);
    expect(run(limited, "a1@0 b1@4 c1@9")).toEqual(["!a1 b1@9"]);
  });

  test("what may be left out is left out when its limit is over, whether anything has come in between or not", () => {
    const limit = { withinPreviousMs: 5 };
    const loop: Case["stages"] = [{ ...a, times: many, ...limit }, { name: "c" }];
    const optional: Case["stages"] = [a, { name: "b", times: { optional: true }, ...limit }, { name: "c" }];
    const greedy: Case["stages"] = [a, { name: "b", times: { ...many, greedy: true }, ...limit }, { name: "c", where: null }];
    const group: Case["stages"] = [a, { name: "g", times: { ...many, optional: true }, group: [{ name: "b", ...limit }] }, { name: "c" }];
    for (const gap of ["", " z@2"]) {
      expect(run({ stages: loop }, `a1@0${gap} c1@9`)).toContain("a1 c1");
      expect(run({ stages: optional }, `a1@0${gap} c1@9`)).toContain("a1 c1");
      expect(run({ stages: group }, `a1@0${gap} c1@9`)).toContain("a1 c1");
    }
    // What the repetition cannot take any more is not kept from what follows.
    expect(run({ stages: greedy }, "a1@0 b1@1 b2@9")).toEqual(["a1 b1 b2"]);
    expect(run({ stages: optional, withinMs: 8 }, "a1@0 c1@9")).toEqual(["!a1@8"]);
    expect(run({ stages: [...optional, { name: "d" }] }, "a1@0 c1@9 b1@10 d1@11")).toEqual(["a1 c1 d1"]);
  });

  test("a match that is complete without what may be left out does not come again when that can no longer come", () => {
    const stages: Case["stages"] = [a, { name: "b", times: { optional: true }, withinPreviousMs: 5 }];
    expect(run({ stages }, "a1@0 z@9")).toEqual(["a1", "!a1@5"]);
  });
});

describe("after a match", () => {
  const stages: Case["stages"] = [
    { name: "b", contiguity: "start", times: { ...many, greedy: true, inner: "strict" } },
    { name: "c", contiguity: "strict" },
  ];
  test.each([
    [{ kind: "noSkip" }, ["b1 b2 b3 c1", "b2 b3 c1", "b3 c1"]],
    [{ kind: "skipToNext" }, ["b1 b2 b3 c1", "b2 b3 c1", "b3 c1"]],
    [{ kind: "skipPastLastEvent" }, ["b1 b2 b3 c1"]],
    [{ kind: "skipToFirst", stage: "b", failWithoutStage: false }, ["b1 b2 b3 c1", "b2 b3 c1", "b3 c1"]],
    [{ kind: "skipToLast", stage: "b", failWithoutStage: false }, ["b1 b2 b3 c1", "b3 c1"]],
  ] as const)("%o", (skip, expected) => {
    expect(run({ stages, skip }, "b1 b2 b3 c1")).toEqual(expected);
  });

  test("a stage that the match left empty, or its own beginning, is an error where that is asked for", () => {
    const strict = (stage: string): SkipStrategy => ({ kind: "skipToFirst", stage, failWithoutStage: true });
    const optional: Case["stages"] = [a, { name: "x", times: { min: 1, max: 1, optional: true } }, { name: "b" }];
    expect(() => run({ stages: optional, skip: strict("x") }, "a1 b1")).toThrow(SkipError);
    expect(() => run({ stages: optional, skip: strict("a") }, "a1 b1")).toThrow("begin the same match again");
    expect(run({ stages: optional, skip: { kind: "skipToLast", stage: "x", failWithoutStage: false } }, "a1 b1")).toEqual(["a1 b1"]);
  });
});

describe("matches are those that a search over all events finds", () => {
  const contiguity = fc.constantFrom("strict" as const, "relaxed" as const, "relaxedAny" as const);
  const single = fc.record({ name: fc.constantFrom("a", "b", "c"), contiguity, count: fc.constantFrom(1, 1, 2, 3), inner: contiguity });
  const stage = single.map(({ count, ...of }): OracleStage => ({ ...of, min: count, max: count, optional: false, group: null }));
  const groupOf = (inner: fc.Arbitrary<OracleStage>): fc.Arbitrary<OracleStage> =>
    fc
      .record({
        contiguity,
        count: fc.constantFrom(1, 2, 2),
        more: fc.constantFrom(0, 0, 1),
        optional: fc.boolean(),
        inner: contiguity,
        group: fc.array(inner, { minLength: 1, maxLength: 2 }),
      })
      .map(({ count, more, ...of }): OracleStage => ({ ...of, name: "group", min: count, max: count + more }));
  const word = (length: number) => fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: length });

  const stageOf = ({ group, min, max, optional, inner, ...of }: OracleStage, isStart: boolean): CaseStage => ({
    ...of,
    ...(isStart ? { contiguity: "start" } : {}),
    times: { min, max, optional, inner },
    ...(group === null ? {} : { group: group.map((nested, i) => stageOf(nested, isStart && i === 0)) }),
  });
  const check = (stages: readonly OracleStage[], letters: readonly string[], withinMs: number | undefined): void => {
    const text = letters.map((letter, i) => `${letter}${i}`).join(" ");
    const spec: Case = { stages: stages.map((of, i) => stageOf(of, i === 0)), ...(withinMs === undefined ? {} : { withinMs }) };
    const found = text === "" ? [] : run(spec, text).filter((line) => !line.startsWith("!"));
    const expected = allMatches(stages, letters, withinMs ?? Number.POSITIVE_INFINITY);
    expect([...new Set(found)].sort()).toEqual(expected.map((match) => match.map((i) => `${letters[i]}${i}`).join(" ")).sort());
  };

  test("of single stages", () => {
    const stages = fc.array(stage, { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(stages, word(9), fc.constantFrom(undefined, 3, 6), check), { numRuns: 600 });
  });

  test("of groups, and groups in groups", () => {
    const any = fc.oneof(stage, groupOf(stage), groupOf(fc.oneof(stage, groupOf(stage))));
    const stages = fc.array(any, { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(stages, word(9), fc.constantFrom(undefined, 5), check), { numRuns: 600 });
  });

  /** Of all matches, those that begin behind the last event of the one that is told before: in order of first events, then of completion. */
  const pastLast = (matches: readonly string[]): readonly string[] => {
    const number = (event: string | undefined): number => Number(event?.slice(1));
    const ordered = matches.map((text) => text.split(" ")).sort((left, right) => number(left[0]) - number(right[0]));
    let bound = -1;
    return ordered
      .filter((events) => {
        if (number(events[0]) <= bound) return false;
        bound = number(events.at(-1));
        return true;
      })
      .map((events) => events.join(" "));
  };
  const checkSkipping = (stages: readonly OracleStage[], letters: readonly string[], withinMs: number): void => {
    const text = [...letters.map((letter, i) => `${letter}${i}`), "-@100"].join(" ");
    const of = (skip: SkipStrategy): string[] =>
      run({ stages: stages.map((stage, i) => stageOf(stage, i === 0)), withinMs, skip }, text)
        .filter((line) => !line.startsWith("!"))
        .map((line) => line.replace(/^…|@\d+$/g, ""));
    expect(of({ kind: "skipPastLastEvent" })).toEqual(pastLast(of({ kind: "noSkip" })));
  };

  test("past the last event, of all that a search finds", () => {
    const stages = fc.array(fc.oneof(stage, groupOf(stage)), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(stages, word(12), fc.constantFrom(3, 6, 9), checkSkipping), { numRuns: 1000 });
  });
});

describe("past the last event, of matches that overlap one that is held back", () => {
  /** A number, and the first one behind it that is lower by more than 50. */
  const drop = (withinMs: number | null): SingleKeyRuns<number> => {
    const skip: SkipStrategy = { kind: "skipPastLastEvent" };
    const stages = [specOf({ ...a, where: null }), { ...specOf({ name: "c" }), where: 0 }];
    const automaton = compilePattern({ stages, withinMs, skip });
    return new SingleKeyRuns<number>(automaton, skip, (_, { value }, takenFor) => value < takenFor("a")[0].value - 50);
  };
  const offer = (runs: SingleKeyRuns<number>, values: readonly number[]): string[] =>
    values.flatMap((value, sequence) => {
      runs.advanceTime(sequence);
      return told(runs.process({ sequence, time: sequence, value }).matches);
    });
  const told = (matches: readonly Match<number>[]): string[] =>
    matches.map(({ events }) =>
      [...events.values()]
        .flat()
        .map(({ value }) => value)
        .join(" "),
    );

  test("nothing is kept", () => {
    const runs = drop(null);
    expect(offer(runs, [0, ...Array.from({ length: 20 }, () => 500), 400])).toEqual([]);
    // That of 0, which may still go on, and the first 500 with 400, which waits for it.
    expect(runs.size).toBe(2);
  });

  test("those before it come first", () => {
    const runs = drop(null);
    expect(offer(runs, [0, 500, 500, 400, -60, 0, -51])).toEqual(["0 -60", "0 -51"]);
    expect(runs.size).toBe(0);
  });

  test("it comes out when what it waits for runs out of time, and then what does not overlap", () => {
    const runs = drop(10);
    expect(offer(runs, [0, 500, 500, 400, 800, 700, 700])).toEqual([]);
    const { matches, timeouts } = runs.advanceTime(10);
    expect([told(matches), told(timeouts)]).toEqual([["500 400", "800 700"], ["0"]]);
  });
});

test("states of the first version keep their indexes, which checkpoints name, and others come behind them", () => {
  const stages: Case["stages"] = [
    { name: "c", contiguity: "start", times: { min: 1, max: 2 } },
    { name: "x", contiguity: "notFollowedBy" },
    { name: "b", times: { min: 1, max: null }, withinPreviousMs: 5 },
    { name: "a", times: { optional: true, greedy: true } },
    { name: "d" },
  ];
  const { states, start } = compilePattern({ stages: stages.map(specOf), withinMs: null, skip: { kind: "noSkip" } });
  const words = states.map(
    ({ kind, stage, edges }) => `${kind} ${stage} ${edges.map(({ action, target }) => `${action[0]}${target}`).join(" ")}`,
  );
  expect(start).toBe(10);
  expect(words.slice(0, 11)).toEqual([
    "final  ",
    "normal d t0 i1",
    "normal a t11 p1 i3",
    "normal a t11 i3",
    "normal b p2 t4 i5",
    "normal b t4 i5",
    "normal b t4 i6 p7",
    "stop x t7",
    "normal c t6 p6 i9 p7",
    "normal c t6 i9 p7",
    "normal c t8",
  ]);
  expect(words.slice(11)).toEqual(["normal d t0 i11"]);
});
