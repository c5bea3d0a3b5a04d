import type { PatternStageParam } from "../../node/params.ts";
import type { SkipStrategy } from "../pattern-spec.ts";

/** What a clause says, as the parameters of the event-pattern node hold it. */
export interface EventPatternParams {
  readonly keyBy: readonly string[];
  /** Order of events with the same time, by these fields in turn. */
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
  readonly stages: readonly PatternStageParam[];
  /** A duration such as `5m`; null: any time. */
  readonly within: string | null;
  readonly measures: readonly { readonly name: string; readonly value: string }[];
  readonly skip: SkipStrategy["kind"];
  /** Of `skipToFirst` and `skipToLast`; else empty. */
  readonly skipStage: string;
}
