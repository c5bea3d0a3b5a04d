import { type Diagnostic, error, warning } from "../../diagnostics/diagnostic.ts";
import type { OperatorOutput } from "../../plan/logical-operator.ts";
import { isAbsence, type PatternMatch, type PatternMatchStage, takingStages } from "../../plan/pattern-operator.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

type Pattern = PatternMatch<string, OperatorOutput>;
type Stage = PatternMatchStage<string>;

/** A stage where it stands: in the pattern, or in a group of it. */
interface Standing {
  readonly stage: Stage;
  readonly list: readonly Stage[];
  readonly at: number;
  /** The group that it stands in; null for the pattern itself. */
  readonly group: Stage | null;
  /** Below the parameter: `1.group.0`. */
  readonly path: string;
}

/** The stages of a pattern make sense together, and what it waits for has an end. */
export const patternShape: OperatorRule = (context) => {
  const { operator } = context;
  if (operator.op !== "pattern-match") return [];
  const all = standing(operator.stages, null, "");
  return [
    ...all.flatMap((one) => [
      ...(isAbsence(one.stage) ? absenceProblems(context, operator, one) : []),
      ...repetitionProblems(context, one),
      ...(one.stage.group === undefined ? [] : groupProblems(context, one)),
    ]),
    ...skipProblems(context, operator, all),
    ...withinProblems(context, operator, all),
  ];
};

function standing(list: readonly Stage[], group: Stage | null, path: string): readonly Standing[] {
  return list.flatMap((stage, at) => {
    const own = { stage, list, at, group, path: `${path}${at}` };
    return stage.group === undefined ? [own] : [own, ...standing(stage.group, stage, `${path}${at}.group.`)];
  });
}

function absenceProblems(context: OperatorContext, { withinMs }: Pattern, one: Standing): readonly Diagnostic[] {
  const { stage, list, at, group } = one;
  const found: Diagnostic[] = [];
  const { min, max, optional, greedy } = stage.times;
  if (at === 0) found.push(error("PATTERN_ABSENCE_FIRST", { stage: stage.name }, placeOfStage(context, one, "contiguity")));
  if (at === list.length - 1 && stage.contiguity === "notFollowedBy") {
    const isTimed = withinMs !== null || stage.withinPreviousMs !== null;
    const words = { stage: stage.name, group: group?.name ?? "" };
    if (group !== null) found.push(error("PATTERN_ABSENCE_ENDS_GROUP", words, placeOfStage(context, one, "contiguity")));
    else if (!isTimed) found.push(error("PATTERN_ABSENCE_LAST", { stage: stage.name }, placeOfStage(context, one, "contiguity")));
  }
  if (min !== 1 || max !== 1 || optional || greedy || stage.until !== null) {
    found.push(error("PATTERN_ABSENCE_REPEATED", { stage: stage.name }, placeOfStage(context, one, "times")));
  }
  const before = at === 0 ? undefined : list[at - 1];
  if (before?.times.optional === true) {
    const words = { stage: stage.name, before: before.name };
    found.push(error("PATTERN_ABSENCE_AFTER_OPTIONAL", words, placeOfStage(context, one, "contiguity")));
  }
  return found;
}

function repetitionProblems(context: OperatorContext, one: Standing): readonly Diagnostic[] {
  const { name, times, until } = one.stage;
  const { min, max } = times;
  if (max === null) return [];
  const found: Diagnostic[] = [];
  if (max < min) found.push(error("PATTERN_TIMES", { stage: name, min, max }, placeOfStage(context, one, "times.max")));
  if (until !== null) found.push(error("PATTERN_UNTIL", { stage: name, max }, placeOfStage(context, one, "until")));
  return found;
}

/** Conditions and time limits are those of the stages in a group. */
function groupProblems(context: OperatorContext, one: Standing): readonly Diagnostic[] {
  const { name, contiguity, where, withinPreviousMs, group = [] } = one.stage;
  const found: Diagnostic[] = [];
  if (group.every(({ times }) => times.optional))
    found.push(error("PATTERN_GROUP_EMPTY", { group: name }, placeOfStage(context, one, "group")));
  if (isAbsence({ contiguity })) found.push(error("PATTERN_GROUP_ABSENT", { group: name }, placeOfStage(context, one, "contiguity")));
  if (where !== null) found.push(error("PATTERN_GROUP_WHERE", { group: name }, placeOfStage(context, one, "where")));
  if (withinPreviousMs !== null) found.push(error("PATTERN_GROUP_WHERE", { group: name }, placeOfStage(context, one, "withinPrevious")));
  return found;
}

function skipProblems(context: OperatorContext, { stages, skip, withinMs }: Pattern, all: readonly Standing[]): readonly Diagnostic[] {
  if (skip.kind === "noSkip") return [];
  const found: Diagnostic[] = [];
  const taking = takingStages(stages);
  if ("stage" in skip && !taking.includes(skip.stage)) {
    const place = placeOfParam(context, ({ meta, value }) => meta.param.kind === "text" && value === skip.stage);
    found.push(error("PATTERN_SKIP_STAGE", { stage: skip.stage, stages: taking }, place));
  }
  const endless = all.find(({ stage }) => stage.times.max === null);
  if (endless !== undefined && withinMs === null) {
    const at = placeOfStage(context, endless, "times.max");
    const words = { stage: endless.stage.name };
    found.push(isUnbroken(all) ? warning("PATTERN_HELD_BACK_UNBROKEN", words, at) : error("PATTERN_HELD_BACK", words, at));
  }
  return found;
}

/** Each event continues what has begun or ends it: no match is held back for longer than others go on. */
function isUnbroken(all: readonly Standing[]): boolean {
  return all.every(
    ({ stage: { contiguity, times }, at }) => (at === 0 || contiguity === "next") && (times.max === 1 || times.inner === "consecutive"),
  );
}

/** A stage that need not follow at once may be waited for for ever. */
function withinProblems(context: OperatorContext, { withinMs }: Pattern, all: readonly Standing[]): readonly Diagnostic[] {
  if (withinMs !== null) return [];
  const waits = ({ stage, at }: Standing): boolean =>
    stage.withinPreviousMs === null &&
    ((at > 0 && (stage.contiguity === "followedBy" || stage.contiguity === "followedByAny")) ||
      (stage.times.max !== 1 && stage.times.inner !== "consecutive"));
  const one = all.find(waits);
  return one === undefined ? [] : [warning("PATTERN_WITHOUT_WITHIN", { stage: one.stage.name }, placeOfStage(context, one, ""))];
}

function placeOfStage(context: OperatorContext, { path }: Standing, member: string) {
  const place = placeOfParam(context, (leaf) => leaf.meta.param.kind === "pattern-stages");
  return place.param === undefined ? place : { ...place, param: `${place.param}.${path}${member === "" ? "" : `.${member}`}` };
}
