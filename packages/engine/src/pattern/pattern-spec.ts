/** How the first event of a stage relates to the stage before it. */
export type Contiguity = "start" | "strict" | "relaxed" | "relaxedAny" | "notNext" | "notFollowedBy";

/** How the events of a repeated stage relate to one another. */
export type InnerContiguity = "strict" | "relaxed" | "relaxedAny";

/** How often a stage matches. */
export interface Quantifier {
  /** At least 1; `optional` says that it may also be left out. */
  readonly min: number;
  /** null: without end. */
  readonly max: number | null;
  readonly optional: boolean;
  /** An event that can extend the stage is never used for the stage after it. */
  readonly greedy: boolean;
  readonly inner: InnerContiguity;
  /** Most ms (exclusive) between neighbouring events of the repetition; null = any. */
  readonly withinMs: number | null;
}

export const once: Quantifier = { min: 1, max: 1, optional: false, greedy: false, inner: "relaxed", withinMs: null };

/** One stage of a pattern: an event condition with its quantifier, or a group of stages. Conditions are indexes. */
export interface PatternStage {
  /** Unique in the pattern; of a group it is a label only. */
  readonly name: string;
  readonly contiguity: Contiguity;
  /** Index of the condition that an event must fulfil; null = any event. */
  readonly where: number | null;
  readonly quantifier: Quantifier;
  /** Index of the condition that ends a repetition without end; null = none. */
  readonly until: number | null;
  /** Most ms (exclusive) since the event taken before, for this stage's event; null = any. */
  readonly withinPreviousMs: number | null;
  readonly group: readonly PatternStage[] | null;
}

/** What happens to other matches when one is emitted. */
export type SkipStrategy =
  | { readonly kind: "noSkip" }
  | { readonly kind: "skipToNext" }
  | { readonly kind: "skipPastLastEvent" }
  | { readonly kind: "skipToFirst" | "skipToLast"; readonly stage: string; readonly failWithoutStage: boolean };

/** A whole pattern. */
export interface PatternSpec {
  readonly stages: readonly PatternStage[];
  /** Most ms (exclusive) from the first event to the last; null = any. */
  readonly withinMs: number | null;
  readonly skip: SkipStrategy;
}
