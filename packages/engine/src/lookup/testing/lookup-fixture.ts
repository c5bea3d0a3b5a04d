import type { LookupAnswer, LookupKey } from "../../connector/lookup-port.ts";
import type { Question } from "../../dataflow/operator.ts";
import type { PlannedOperator } from "../../plan/logical-plan.ts";
import { compiledHarness } from "../../testing/compile-operator.ts";
import type { HarnessOptions, OperatorHarness } from "../../testing/operator-harness.ts";
import { fieldOf, handDriven, streamOf } from "../../testing/plan-step.ts";
import { bigintType, stringType, timestampType } from "../../types/field-type.ts";

export type LookupCase = Extract<PlannedOperator, { op: "lookup-join" }>;

/** The stream that tests of lookups enrich; `name` is a name of the answer too. */
export const clicks = streamOf({ at: timestampType, who: stringType, name: stringType }, "at");

export interface Click {
  readonly at: number;
  readonly who: string | null;
  readonly name: string;
}

export function click(at: number, who: string | null, name = `c${at}`): Click & Record<string, unknown> {
  return { at, who, name };
}

export const plain: LookupCase = {
  op: "lookup-join",
  input: handDriven,
  kind: "left",
  connector: "people",
  options: {},
  keys: [{ name: "id", value: fieldOf(clicks, "who") }],
  fields: [
    { name: "name", type: stringType },
    { name: "age", type: bigintType },
  ],
  rightPrefix: "right_",
  order: "ordered",
  capacity: 3,
  timeoutMs: 1000,
  retries: 0,
  cache: null,
  onFailure: "dead-letter",
};

export function lookupHarness(change: Partial<LookupCase> = {}, options: Partial<HarnessOptions> = {}): OperatorHarness {
  return compiledHarness({ ...plain, ...change }, [clicks], options);
}

/** What a table of people says: nothing of names with an n, a failure of those with an f, a row of all others. */
export function answerTo(key: LookupKey): LookupAnswer {
  const who = String(key[0]);
  if (who.includes("f")) return { kind: "failed", reason: `no word about ${who}` };
  return who.includes("n") ? { kind: "none" } : { kind: "row", values: [`Mx ${who}`, who.length] };
}

export const answerOf = ({ id, key }: Question) => ({ id, answer: answerTo(key) });

/** Answers all open questions, until there are none. */
export function answerAll(harness: OperatorHarness, nowMs = 0): void {
  for (let questions = harness.questions(); questions.length > 0; questions = harness.questions()) {
    harness.answer(questions.map(answerOf), nowMs);
  }
}
