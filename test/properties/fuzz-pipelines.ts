import { type CaseVerdict, checkCase } from "./check-case.ts";
import { type RandomCase, randomCase } from "./random-case.ts";
import { shrinkCase } from "./shrink-case.ts";

/** A case that fails, in words with which it can be found again. */
export interface FuzzFailure {
  readonly seed: number;
  readonly report: string;
}

export interface FuzzTotals {
  readonly cases: number;
  readonly rows: number;
  readonly sinks: number;
  /** Those of the sinks whose rows were compared with the naive evaluation. */
  readonly naiveSinks: number;
  /** In how many cases each kind of operator was there. */
  readonly operators: ReadonlyMap<string, number>;
  readonly failure: FuzzFailure | null;
}

/** Checks the cases of `count` seeds from `from` on, until one fails. `onCase` is told after each. */
export async function fuzzPipelines(from: number, count: number, onCase: (done: number) => void = () => {}): Promise<FuzzTotals> {
  const operators = new Map<string, number>();
  let [rows, sinks, naiveSinks] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const of = drawCase(from + k);
    const verdict = await checkCase(of);
    rows += verdict.rows;
    sinks += verdict.sinks;
    naiveSinks += verdict.naiveSinks;
    for (const operator of verdict.operators) operators.set(operator, (operators.get(operator) ?? 0) + 1);
    onCase(k + 1);
    if (verdict.problem !== null) {
      const failure = { seed: of.seed, report: await describeFailure(of, verdict) };
      return { cases: k + 1, rows, sinks, naiveSinks, operators, failure };
    }
  }
  return { cases: count, rows, sinks, naiveSinks, operators, failure: null };
}

/** The case of a seed. What the generator throws says of which. */
function drawCase(seed: number): RandomCase {
  try {
    return randomCase(seed);
  } catch (cause) {
    throw new Error(`no case can be drawn; replay: npm run fuzz -- --seed ${seed}`, { cause });
  }
}

/** What fails, the smallest case for which it still does, and how to see it again. */
export async function describeFailure(of: RandomCase, verdict: CaseVerdict): Promise<string> {
  const kind = kindOf(verdict.problem ?? "");
  const small = await shrinkCase(of, async (candidate) => {
    const { problem } = await checkCase(candidate);
    return problem !== null && kindOf(problem) === kind;
  });
  const { problem } = await checkCase(small);
  const feeds = Object.entries(small.feeds).map(([path, events]) => {
    const lines = events.map((event) => (event.kind === "gap" ? "  (a pause)" : `  ${event.split} ${event.text}`));
    return `${path}:\n${lines.join("\n")}`;
  });
  return [
    `seed ${of.seed}: ${verdict.problem}`,
    `replay: npm run fuzz -- --seed ${of.seed}`,
    `smallest case that fails alike: ${problem}`,
    JSON.stringify(small.document, null, 1),
    ...feeds,
  ].join("\n");
}

/** Problems of one kind begin alike; numbers and names do not matter. */
function kindOf(problem: string): string {
  return problem.slice(0, 24).replace(/\d+/g, "#");
}
