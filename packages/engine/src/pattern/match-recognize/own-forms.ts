import type { PatternStageParam } from "../../node/params.ts";
import type { MatchRecognizeClause } from "./clause.ts";
import type { ReadExpression } from "./read-expression.ts";

/** The variable of the rows that are passed over before those of a stage. */
export function gapVariable(stage: string): string {
  return `skip_${stage}`;
}

/** The condition of the rows that are passed over before a stage with this condition. */
export function gapCondition(where: string): string {
  return `(${where}) IS NOT TRUE`;
}

/** The times of a match, which come out of an event pattern by themselves. */
export const endMeasures = { match_start: "FIRST", match_end: "LAST" } as const;

/**
 * Rows that are passed over are a variable `skip_x*?` before `x` whose condition is that of `x` turned round: such pairs
 * become a stage that follows with then, unless something reads the rows that are passed over.
 */
export function collapsedGaps(stages: readonly PatternStageParam[], expressions: readonly ReadExpression[]): readonly PatternStageParam[] {
  const isRead = (name: string): boolean => expressions.some(({ text }) => new RegExp(`\\b${name}\\s*\\.`).test(text));
  const nested = (stage: PatternStageParam): PatternStageParam =>
    stage.group === undefined ? stage : { ...stage, group: [...collapsedGaps(stage.group, expressions)] };
  return stages.flatMap((stage, i): PatternStageParam[] => {
    const next = stages.at(i + 1);
    const before = stages.at(i - 1);
    if (next !== undefined && isGap(stage, next) && !isRead(stage.name)) return [];
    const follows = i > 0 && before !== undefined && isGap(before, stage) && !isRead(before.name);
    if (!follows) return [nested(stage)];
    const { contiguity: _, ...rest } = stage;
    return [rest];
  });
}

function isGap(gap: PatternStageParam, { name, where, times }: PatternStageParam): boolean {
  if (gap.name !== gapVariable(name) || where === undefined || times !== undefined) return false;
  const { min, max, optional, greedy } = gap.times ?? { min: 1, max: 1 };
  return gap.where === gapCondition(where) && min === 1 && max === null && optional === true && greedy !== true;
}

/** Without the measures that `writeMatchRecognize` adds for what comes out anyway. */
export function withoutEndMeasures(clause: MatchRecognizeClause): MatchRecognizeClause {
  const time = clause.orderBy.at(0)?.name;
  const isOwn = ({ name, expression }: MatchRecognizeClause["measures"][number]): boolean => {
    if (name !== "match_start" && name !== "match_end") return false;
    const words = expression.tokens.slice(0, -1).map(({ text }) => text);
    return words.length === 4 && words[0].toUpperCase() === endMeasures[name] && words[2] === time;
  };
  return { ...clause, measures: clause.measures.filter((measure) => !isOwn(measure)) };
}
