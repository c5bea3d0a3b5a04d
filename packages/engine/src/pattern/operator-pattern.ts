import type { TypedExpression } from "../expression/typed-expression.ts";
import type { NamedExpression } from "../plan/logical-operator.ts";
import type { PatternMatch, PatternMatchStage, StageTimes } from "../plan/pattern-operator.ts";
import type { Field } from "../types/field-type.ts";
import { readsStages } from "./pattern-layout.ts";
import type { Contiguity, InnerContiguity, PatternSpec, PatternStage } from "./pattern-spec.ts";

const contiguities = {
  next: "strict",
  followedBy: "relaxed",
  followedByAny: "relaxedAny",
  notNext: "notNext",
  notFollowedBy: "notFollowedBy",
} as const satisfies Record<PatternMatchStage<unknown>["contiguity"], Contiguity>;

const innerContiguities = {
  relaxed: "relaxed",
  consecutive: "strict",
  allowCombinations: "relaxedAny",
} as const satisfies Record<StageTimes["inner"], InnerContiguity>;

/** A condition and the stage that asks for it. */
export interface StageCondition {
  readonly stage: string;
  readonly condition: TypedExpression;
}

/** The pattern of an operator, and its conditions in the order of their indexes. */
export function operatorPattern<I>(operator: PatternMatch<TypedExpression, I>): {
  readonly spec: PatternSpec;
  readonly conditions: readonly StageCondition[];
} {
  const conditions: StageCondition[] = [];
  const stageOf = (stage: PatternMatchStage<TypedExpression>, isStart: boolean): PatternStage => {
    const indexOf = (condition: TypedExpression | null): number | null =>
      condition === null ? null : conditions.push({ stage: stage.name, condition }) - 1;
    const { min, max, optional, greedy, inner } = stage.times;
    return {
      name: stage.name,
      contiguity: isStart ? "start" : contiguities[stage.contiguity],
      where: indexOf(stage.where),
      quantifier: { min, max, optional, greedy, inner: innerContiguities[inner], withinMs: null },
      until: indexOf(stage.until),
      withinPreviousMs: stage.withinPreviousMs,
      // The first stage of a group follows as the group does.
      group: stage.group?.map((inner, i) => stageOf(inner, isStart && i === 0)) ?? null,
    };
  };
  const stages = operator.stages.map((stage, i) => stageOf(stage, i === 0));
  return { spec: { stages, withinMs: operator.withinMs, skip: operator.skip }, conditions };
}

/** The conditions over the event alone, by the names of their stages; those over what a match has taken are left out. */
export function eventConditions<I>(
  operator: PatternMatch<TypedExpression, I>,
  fields: readonly Field[],
): readonly NamedExpression<TypedExpression>[] {
  return operatorPattern(operator)
    .conditions.filter(({ condition }) => !readsStages(condition, fields))
    .map(({ stage, condition }) => ({ name: stage, value: condition }));
}
