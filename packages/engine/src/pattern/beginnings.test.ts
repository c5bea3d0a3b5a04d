import fc from "fast-check";
import { expect, test } from "vitest";
import { Beginnings } from "./beginnings.ts";
import { compilePattern } from "./compile-pattern.ts";
import { once, type PatternSpec } from "./pattern-spec.ts";
import { SingleKeyRuns } from "./testing/single-key-runs.ts";

const conditions = 4;

const stage = fc.record({
  contiguity: fc.constantFrom("relaxed", "strict", "relaxedAny", "notFollowedBy", "notNext"),
  where: fc.constantFrom(null, 0, 1, 2, 3),
  until: fc.constantFrom(null, 0, 1),
  optional: fc.boolean(),
  greedy: fc.boolean(),
  max: fc.constantFrom(null, 1, 2),
});

const pattern = fc.array(stage, { minLength: 1, maxLength: 4 }).map(
  (stages): PatternSpec => ({
    stages: [...stages, { contiguity: "relaxed" as const, where: 3, until: null, optional: false, greedy: false, max: 1 }].map(
      ({ contiguity, where, until, optional, greedy, max }, i) => {
        const isForbidden = contiguity === "notFollowedBy" || contiguity === "notNext";
        return {
          name: `s${i}`,
          contiguity: i === 0 ? "start" : contiguity,
          where: isForbidden ? (where ?? 2) : where,
          quantifier: i > 0 && isForbidden ? once : { ...once, optional, greedy, max },
          until: max === null && !(i > 0 && isForbidden) ? until : null,
          withinPreviousMs: null,
          group: null,
        };
      },
    ),
    withinMs: 100,
    skip: { kind: "noSkip" },
  }),
);

test("an event that begins nothing leaves a key without partial matches as it is, whatever is not known of it", () => {
  let passedOver = 0;
  const known = fc.array(fc.boolean(), { minLength: conditions, maxLength: conditions });
  fc.assert(
    fc.property(pattern, known, (spec, answered) => {
      const automaton = compilePattern(spec);
      const beginnings = new Beginnings(automaton, answered);
      for (let answers = 0; answers < 1 << conditions; answers++) {
        const holds = (condition: number): boolean => (answers & (1 << condition)) !== 0;
        const marks = Uint8Array.from({ length: conditions }, (_, condition) => (answered[condition] && holds(condition) ? 1 : 0));
        const begins = new Uint8Array(1);
        beginnings.mark(marks, conditions, Int32Array.of(0), 1, begins);
        if (begins[0] === 1) continue;
        const runs = new SingleKeyRuns<string>(automaton, spec.skip, holds);
        expect(runs.process({ sequence: 1, time: 1, value: "" })).toEqual({ matches: [], timeouts: [] });
        expect(runs.idle).toBe(true);
        passedOver++;
      }
    }),
  );
  expect(passedOver).toBeGreaterThan(50);
});

test("with every condition known, an event begins something just when the runs say so", () => {
  const spec: PatternSpec = {
    stages: [
      {
        name: "a",
        contiguity: "start",
        where: 0,
        quantifier: { ...once, optional: true },
        until: null,
        withinPreviousMs: null,
        group: null,
      },
      { name: "b", contiguity: "relaxed", where: 1, quantifier: once, until: null, withinPreviousMs: null, group: null },
      { name: "c", contiguity: "relaxed", where: 2, quantifier: once, until: null, withinPreviousMs: null, group: null },
    ],
    withinMs: null,
    skip: { kind: "noSkip" },
  };
  const beginnings = new Beginnings(compilePattern(spec), [true, true, true]);
  const begins = new Uint8Array(4);
  beginnings.mark(Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0), 3, Int32Array.of(0, 1, 2, 3), 4, begins);
  expect([...begins]).toEqual([0, 1, 1, 0]);
});
