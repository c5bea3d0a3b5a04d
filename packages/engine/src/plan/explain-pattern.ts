import type { TypedExpression } from "../expression/typed-expression.ts";
import { writeDuration } from "../types/duration.ts";
import { explainExpression } from "./explain-expression.ts";
import type { PatternMatch, PatternMatchStage } from "./pattern-operator.ts";

const links = {
  next: "next",
  followedBy: "followed by",
  followedByAny: "followed by any",
  notNext: "not next",
  notFollowedBy: "not followed by",
} as const;

/** What a pattern looks for, as lines for people. */
export function explainPattern<I>(operator: PatternMatch<TypedExpression, I>): readonly string[] {
  const { keyBy, stages, withinMs, skip, measures, order = [] } = operator;
  const target = "stage" in skip ? ` ${skip.stage}` : "";
  return [
    `by ${keyBy.length === 0 ? "the key of the input" : keyBy.join(", ")}, within ${withinMs === null ? "any time" : writeDuration(withinMs)}, ${skip.kind}${target}`,
    ...(order.length === 0
      ? []
      : [`at the same time by ${order.map(({ field, descending }) => `${field}${descending ? " down" : ""}`).join(", ")}`]),
    ...stages.flatMap((stage, i) => explainStages(stage, i === 0 ? "begin" : links[stage.contiguity], "")),
    ...measures.map(({ name, value }) => `${name} = ${explainExpression(value)}`),
  ];
}

function explainStages(stage: PatternMatchStage<TypedExpression>, link: string, indent: string): readonly string[] {
  const inner = stage.group?.flatMap((of, i) => explainStages(of, i === 0 ? "begin" : links[of.contiguity], `${indent}  `)) ?? [];
  return [`${indent}${link} ${stage.group === undefined ? "" : "group "}${explainStage(stage)}`, ...inner];
}

function explainStage({ name, where, times, until, withinPreviousMs }: PatternMatchStage<TypedExpression>): string {
  const { min, max, optional, greedy, inner } = times;
  const isOnce = min === 1 && max === 1;
  return [
    name,
    ...(isOnce ? [] : [`${min} to ${max ?? "any"} times ${inner}`]),
    ...(optional ? ["optional"] : []),
    ...(greedy ? ["greedy"] : []),
    ...(where === null ? [] : [`where ${explainExpression(where)}`]),
    ...(until === null ? [] : [`until ${explainExpression(until)}`]),
    ...(withinPreviousMs === null ? [] : [`within ${writeDuration(withinPreviousMs)} of the one before`]),
  ].join(" ");
}
