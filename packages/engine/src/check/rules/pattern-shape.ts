import { type Diagnostic, error, warning } from "../../diagnostics/diagnostic.ts";
import type { OperatorOutput } from "../../plan/logical-operator.ts";
import { isAbsence, type PatternMatch, type PatternMatchStage, takingStages } from "../../plan/pattern-operator.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

type Pattern = PatternMatch<string, OperatorOutput>;
type Stage = PatternMatchStage<string>;

/** The stages of a pattern make sense together, and what it waits for has an end. */
export const patternShape: OperatorRule = (context) => {
  const { operator } = context;
  if (operator.op !== "pattern-match") return [];
  return [
    ...operator.stages.flatMap((stage, i) => [
      ...(isAbsence(stage) ? absenceProblems(context, operator, i) : []),
      ...repetitionProblems(context, stage, i),
    ]),
    ...skipProblems(context, operator),
    ...withinProblems(context, operator),
  ];
};

function absenceProblems(context: OperatorContext, { stages, withinMs }: Pattern, i: number): readonly Diagnostic[] {
  const stage = stages[i];
  const found: Diagnostic[] = [];
  const { min, max, optional, greedy } = stage.times;
  if (i === 0) found.push(error("PATTERN_ABSENCE_FIRST", { stage: stage.name }, placeOfStage(context, i, "contiguity")));
  const isTimed = withinMs !== null || stage.withinPreviousMs !== null;
  if (i === stages.length - 1 && stage.contiguity === "notFollowedBy" && !isTimed) {
    found.push(error("PATTERN_ABSENCE_LAST", { stage: stage.name }, placeOfStage(context, i, "contiguity")));
  }
  if (min !== 1 || max !== 1 || optional || greedy || stage.until !== null) {
    found.push(error("PATTERN_ABSENCE_REPEATED", { stage: stage.name }, placeOfStage(context, i, "times")));
  }
  const before = i === 0 ? undefined : stages[i - 1];
  if (before?.times.optional === true) {
    found.push(error("PATTERN_ABSENCE_AFTER_OPTIONAL", { stage: stage.name, before: before.name }, placeOfStage(context, i, "contiguity")));
  }
  return found;
}

function repetitionProblems(context: OperatorContext, { name, times, until }: Stage, i: number): readonly Diagnostic[] {
  const { min, max } = times;
  if (max === null) return [];
  const found: Diagnostic[] = [];
  if (max < min) found.push(error("PATTERN_TIMES", { stage: name, min, max }, placeOfStage(context, i, "times.max")));
  if (until !== null) found.push(error("PATTERN_UNTIL", { stage: name, max }, placeOfStage(context, i, "until")));
  return found;
}

function skipProblems(context: OperatorContext, { stages, skip, withinMs }: Pattern): readonly Diagnostic[] {
  if (skip.kind === "noSkip") return [];
  const found: Diagnostic[] = [];
  const taking = takingStages(stages);
  if ("stage" in skip && !taking.includes(skip.stage)) {
    const place = placeOfParam(context, ({ meta, value }) => meta.param.kind === "text" && value === skip.stage);
    found.push(error("PATTERN_SKIP_STAGE", { stage: skip.stage, stages: taking }, place));
  }
  const endless = stages.findIndex((stage) => stage.times.max === null);
  if (endless !== -1 && withinMs === null) {
    const at = placeOfStage(context, endless, "times.max");
    const words = { stage: stages[endless].name };
    found.push(isUnbroken(stages) ? warning("PATTERN_HELD_BACK_UNBROKEN", words, at) : error("PATTERN_HELD_BACK", words, at));
  }
  return found;
}

/** Each event continues what has begun or ends it: no match is held back for longer than others go on. */
function isUnbroken(stages: readonly Stage[]): boolean {
  return stages.every(
    ({ contiguity, times }, i) => (i === 0 || contiguity === "next") && (times.max === 1 || times.inner === "consecutive"),
  );
}

/** A stage that need not follow at once may be waited for for ever. */
function withinProblems(context: OperatorContext, { stages, withinMs }: Pattern): readonly Diagnostic[] {
  if (withinMs !== null) return [];
  const waits = (stage: Stage, i: number): boolean =>
    stage.withinPreviousMs === null &&
    ((i > 0 && (stage.contiguity === "followedBy" || stage.contiguity === "followedByAny")) ||
      (stage.times.max !== 1 && stage.times.inner !== "consecutive"));
  const at = stages.findIndex(waits);
  return at === -1 ? [] : [warning("PATTERN_WITHOUT_WITHIN", { stage: stages[at].name }, placeOfStage(context, at, ""))];
}

function placeOfStage(context: OperatorContext, i: number, member: string) {
  const place = placeOfParam(context, (leaf) => leaf.meta.param.kind === "pattern-stages");
  return place.param === undefined ? place : { ...place, param: `${place.param}.${i}${member === "" ? "" : `.${member}`}` };
}
