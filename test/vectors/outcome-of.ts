import { runVector } from "./suite.ts";
import { suiteOf } from "./suites.ts";

/** What becomes of a vector of our own, in the form of those that were collected: `passed`, `different`, or what is wrong. `folder`: with the files that it names. */
export async function outcomeOf(vector: Readonly<Record<string, unknown>>, folder = "."): Promise<string> {
  const suite = suiteOf(vector);
  if (suite === undefined) throw new Error("no suite runs this form");
  const outcome = await runVector(suite, { id: "own", ...vector }, folder);
  return outcome.kind === "failed" ? outcome.problem : outcome.kind;
}
