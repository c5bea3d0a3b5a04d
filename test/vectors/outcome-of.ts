import { runVector } from "./suite.ts";
import { suiteOf } from "./suites.ts";

/** What becomes of a vector of our own, in the form of those that were collected: `passed`, `different`, or what is wrong. */
export async function outcomeOf(vector: Readonly<Record<string, unknown>>): Promise<string> {
  const suite = suiteOf(vector);
  if (suite === undefined) throw new Error("no suite runs this form");
  const outcome = await runVector(suite, { id: "own", ...vector }, ".");
  return outcome.kind === "failed" ? outcome.problem : outcome.kind;
}
