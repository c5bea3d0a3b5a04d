import { compilePattern } from "@millrace/engine";
import { type Match, SingleKeyRuns, SkipError } from "@millrace/engine/testing";
import { hasMembers, multisetProblem, type VectorSuite } from "../suite.ts";
import { type CepVector, type EmissionPoint, patternOf, type VectorMatch } from "./cep-vector.ts";
import { evaluate, type VectorEvent } from "./vector-expression.ts";

/** Event patterns of Flink's CEP library: matches with the moment at which they come out, timeouts, and errors of skip strategies. */
export const flinkCep: VectorSuite<CepVector> = {
  name: "event patterns",
  matches: (vector) => hasMembers(vector, ["pattern", "input"]),
  differences: [],
  check,
};

/** What came out, and at which moment. */
interface Told {
  readonly matches: { readonly match: VectorMatch; readonly at: EmissionPoint }[];
  readonly timeouts: { readonly match: VectorMatch; readonly timeoutTs: number; readonly whenTimeReaches: number }[];
}

function check(vector: CepVector): string | null {
  const told: Told = { matches: [], timeouts: [] };
  const problem = run(vector, told);
  if (problem !== (vector.expectedError ?? null)) {
    return `ended with ${problem ?? "no error"}, not with ${vector.expectedError ?? "none"}`;
  }
  const { expected, emitted, expectedTimeouts, timeoutHandling } = vector;
  const wanted = expected?.map((match, i) => ({ match, at: emitted?.[i] ?? null })) ?? null;
  const found = told.matches.map(({ match, at }) => ({ match, at: emitted === undefined ? null : at }));
  return (
    (wanted === null ? null : multisetProblem("matches", found, wanted)) ??
    (timeoutHandling && expectedTimeouts ? multisetProblem("timeouts", told.timeouts, expectedTimeouts) : null)
  );
}

/** Drives the runs of one key; returns the code of the error with which a skip strategy ended it, or null. */
function run(vector: CepVector, told: Told): string | null {
  const { spec, conditions } = patternOf(vector);
  const runs = new SingleKeyRuns<VectorEvent>(
    compilePattern(spec),
    spec.skip,
    (condition, event, takenFor) =>
      evaluate(conditions[condition], event.value, (stage) => takenFor(stage).map(({ value }) => value)) === true,
  );
  const advance = (ts: number): void => {
    const { matches, timeouts } = runs.advanceTime(ts);
    for (const match of matches) told.matches.push({ match: indexes(match), at: { whenTimeReaches: ts } });
    for (const match of timeouts) told.timeouts.push({ match: indexes(match), timeoutTs: match.time, whenTimeReaches: ts });
  };
  try {
    vector.input.forEach(({ ts, event }, i) => {
      advance(ts);
      const { matches } = runs.process({ sequence: i, time: ts, value: event });
      for (const match of matches) told.matches.push({ match: indexes(match), at: { afterInput: i } });
    });
    if (vector.finalAdvanceTs !== undefined) advance(vector.finalAdvanceTs);
    return null;
  } catch (problem) {
    if (problem instanceof SkipError) return problem.code;
    throw problem;
  }
}

function indexes(match: Match<VectorEvent>): VectorMatch {
  return Object.fromEntries([...match.events].map(([stage, events]) => [stage, events.map((event) => event.sequence)]));
}
