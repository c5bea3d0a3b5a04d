import type { SkipStrategy } from "../pattern/pattern-spec.ts";
import type { NamedExpression } from "./logical-operator.ts";

/** How the event of a stage relates to the stage before it; of the first stage it is not read. */
export type StageContiguity = "next" | "followedBy" | "followedByAny" | "notNext" | "notFollowedBy";

/** How often a stage matches. */
export interface StageTimes {
  /** At least 1; `optional` says that the stage may also be left out. */
  readonly min: number;
  /** null: without end. */
  readonly max: number | null;
  readonly optional: boolean;
  /** An event that can extend the stage is never used for the stage after it. */
  readonly greedy: boolean;
  /** What may lie between the events of the stage; see `InnerContiguity`. */
  readonly inner: "relaxed" | "consecutive" | "allowCombinations";
}

export interface PatternMatchStage<E> {
  /** Unique in the pattern; of a group it is a label only. */
  readonly name: string;
  readonly contiguity: StageContiguity;
  /** What an event must fulfil; null = any event. */
  readonly where: E | null;
  readonly times: StageTimes;
  /** Ends a stage without end: an event for which it is TRUE; null = none. */
  readonly until: E | null;
  /** Most ms (exclusive) since the event taken before; null = any. */
  readonly withinPreviousMs: number | null;
  /** The stages of a group, which come as often as it does; such a stage has no `where`. Left out: it is a single stage. */
  readonly group?: readonly PatternMatchStage<E>[];
}

/** A field by which events are put into order. */
export interface EventOrder {
  readonly field: string;
  readonly descending: boolean;
}

/**
 * Finds sequences of events per key, in order of (event time, `order`, arrival). `where` and `until` read the fields of the
 * event and, by `FIRST(stage.field)`, `LAST`, `COUNT(stage)`, `SUM`, `AVG`, `MIN` and `MAX`, what the match has taken
 * so far, without the event itself; behind RUNNING with it. Measures read the same of the whole match; a plain field is that of its last event.
 * Output fields: the key fields, `match_start`, `match_end` (timestamps of the first and the last event), the measures.
 * Ports: `out`, `timeout` (what ran out of time, at that time, in the same fields), `late` (records of the input type),
 * when strict `dead_letter`.
 */
export interface PatternMatch<E, I> {
  readonly op: "pattern-match";
  readonly input: I;
  readonly keyBy: readonly string[];
  /** Events with the same time come in the order of these fields, NULL as the least; left out: in that of arrival. */
  readonly order?: readonly EventOrder[];
  readonly stages: readonly PatternMatchStage<E>[];
  /** Most ms (exclusive) from the first event to the last; null = any. */
  readonly withinMs: number | null;
  readonly skip: SkipStrategy;
  readonly measures: readonly NamedExpression<E>[];
  /** Partial matches of one key beyond this number are given up, the youngest first, and counted. */
  readonly maxRunsPerKey: number;
  /**
   * Records on which a condition fails leave by `dead_letter`: it is NULL there although every field that it reads has a
   * value. Conditions over what a match has taken are no part of that. Absent: they count as ones for which it is not TRUE.
   */
  readonly strict?: boolean;
}

/** The stages that take events, in order, those of groups too; absences take none. */
export function takingStages<E>(stages: readonly PatternMatchStage<E>[]): readonly string[] {
  return singleStages(stages)
    .filter((stage) => !isAbsence(stage))
    .map((stage) => stage.name);
}

/** All stages in order, with those of groups in place of the groups. */
export function singleStages<S extends { readonly group?: readonly S[] | undefined }>(stages: readonly S[]): readonly S[] {
  return stages.flatMap((stage) => (stage.group === undefined ? [stage] : singleStages(stage.group)));
}

/** True for a stage that says what must not come. */
export function isAbsence({ contiguity }: { readonly contiguity: StageContiguity }): boolean {
  return contiguity === "notNext" || contiguity === "notFollowedBy";
}
