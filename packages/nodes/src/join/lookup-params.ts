import {
  type LookupJoin,
  type NamedExpression,
  type OperatorOutput,
  outputOf,
  type PortSpec,
  param,
  splitTemplate,
} from "@millrace/engine";
import type { z } from "zod";

/** The ports of every lookup. */
export const lookupInputs: readonly PortSpec[] = [{ name: "in" }];
export const lookupOutputs: readonly PortSpec[] = [{ name: "out" }, { name: "dead_letter", label: "Dead letters", side: true }];

/** Parameters that all lookups have, behind those that say where and what is asked. */
export const lookupParams = {
  fields: param.schema({ label: "Fields of the answer", help: "They go behind the fields of the record." }),
  kind: param.choice({
    label: "Records without a row",
    default: "left",
    options: [
      { value: "left", label: "Keep, with NULLs" },
      { value: "inner", label: "Drop" },
    ],
  }),
  failure: param.choice({
    label: "When the lookup fails",
    default: "dead-letter",
    options: [
      { value: "dead-letter", label: "Send the record to the dead letters" },
      { value: "null", label: "Treat it as without a row" },
    ],
  }),
  cacheFor: param.duration({ label: "Keep answers for", default: "1m", help: "By the clock. 0s: every record is asked for anew." }),
  missingFor: param.duration({
    label: "Keep “no row” for",
    default: "10s",
    help: "So that keys without a row are not asked for again and again.",
  }),
  cacheSize: param.number({ label: "Answers kept", default: 10_000, min: 1, max: 1_000_000, integer: true, advanced: true }),
  keepInState: param.toggle({
    label: "Keep answers in checkpoints",
    default: false,
    advanced: true,
    help: "After a failure, records that come again meet the same answers until these expire.",
  }),
  order: param.choice({
    label: "Order",
    default: "ordered",
    advanced: true,
    options: [
      { value: "ordered", label: "As they came" },
      { value: "unordered", label: "As they are answered", help: "Faster where answers take different times; watermarks are kept." },
    ],
  }),
  rightPrefix: param.text({
    label: "Prefix of answer fields",
    default: "right_",
    maxLength: 64,
    advanced: true,
    help: "Goes before the name of a field of the answer where the record has a field of that name.",
  }),
};

/** How hard a lookup that leaves the machine tries. */
export const lookupEffortParams = {
  timeout: param.duration({ label: "Timeout", default: "2s", minMs: 1, maxMs: 120_000, advanced: true, help: "Of each try." }),
  retries: param.number({
    label: "Retries",
    default: 3,
    min: 0,
    max: 1000,
    integer: true,
    advanced: true,
    help: "With pauses from 100 ms to 5 s.",
  }),
  capacity: param.number({
    label: "Questions at once",
    default: 100,
    min: 1,
    max: 10_000,
    integer: true,
    advanced: true,
    help: "With as many open, sources are not read: the lookup holds the pipeline back rather than fill the memory.",
  }),
};

/** What the docs of every lookup end with. */
export const lookupDocs = `**Answers are kept.** Each is used again for *Keep answers for*, also that there is no row. That is what makes a lookup fast, and how old an answer may be. At most *Answers kept* keys are held; those that are used stay.

**Order and time.** Many questions are under way at once. Records come out in the order in which they came, or with *As they are answered* in that of the answers; a watermark never overtakes a record that came before it, so windows behind this node lose nothing.

**Failures.** A question that is not answered in time is asked again, and in the end the record goes to the port *Dead letters* with the reason in \`dead_letter_reason\`. What waits for an answer is part of each checkpoint and asked again after a restart.

**Exactly once.** Every record comes out once. Which answer it meets depends on when it is asked: after a failure, records since the last checkpoint are asked again. *Keep answers in checkpoints* makes them meet the same answer as long as it is kept. Nothing that was delivered is ever contradicted.`;

export interface LookupParams {
  readonly fields: LookupJoin<string, OperatorOutput>["fields"];
  readonly kind: "inner" | "left";
  readonly failure: "dead-letter" | "null";
  readonly cacheFor: number;
  readonly missingFor: number;
  readonly cacheSize: number;
  readonly keepInState: boolean;
  readonly order: "ordered" | "unordered";
  readonly rightPrefix: string;
}

/** What no single parameter of a lookup can say for itself. */
export function checkLookup({ rightPrefix }: LookupParams, context: z.RefinementCtx): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(rightPrefix)) return;
  const message = `The prefix "${rightPrefix}" cannot begin the name of a field; use letters, digits and _.`;
  context.addIssue({ code: "custom", path: ["rightPrefix"], message });
}

/** The operator of a lookup, by port. */
export function lowerLookup(
  input: OperatorOutput,
  params: LookupParams,
  asked: Pick<LookupJoin<string, OperatorOutput>, "connector" | "options" | "keys" | "timeoutMs" | "retries" | "capacity">,
): Readonly<Record<"out" | "dead_letter", OperatorOutput>> {
  const { cacheFor, missingFor, cacheSize, keepInState } = params;
  const operator: LookupJoin<string, OperatorOutput> = {
    op: "lookup-join",
    input,
    ...asked,
    kind: params.kind,
    fields: params.fields,
    rightPrefix: params.rightPrefix,
    order: params.order,
    cache: cacheFor === 0 ? null : { ttlMs: cacheFor, missingTtlMs: missingFor, maxEntries: cacheSize, inState: keepInState },
    onFailure: params.failure,
  };
  return { out: outputOf(operator), dead_letter: outputOf(operator, "dead_letter") };
}

/**
 * What a template asks for: the texts between its holes, which the connector fills in by its own rules, and the value of
 * each hole as text. A NULL stays a NULL, for which nothing is asked.
 */
export function templateKeys(template: string): { readonly parts: string[]; readonly keys: NamedExpression<string>[] } {
  const split = splitTemplate(template);
  if (!split.ok) return { parts: [template], keys: [] };
  const { texts, holes } = split.value;
  return { parts: [...texts], keys: holes.map((hole) => ({ name: hole, value: `CAST((${hole}) AS STRING)` })) };
}
