import type { Contiguity, InnerContiguity, PatternSpec, PatternStage, SkipStrategy } from "@millrace/engine";
import type { Vector } from "../suite.ts";
import type { VectorExpression } from "./vector-expression.ts";

/** A pattern, the events that come, and what the automaton does with them. Matches say indexes of the input by stage. */
export interface CepVector extends Vector {
  readonly pattern: {
    readonly stages: readonly VectorStage[];
    readonly withinMs: number | null;
    readonly skip: { readonly strategy: SkipStrategy["kind"]; readonly stage?: string; readonly errorOnMiss?: boolean };
  };
  readonly timeoutHandling: boolean;
  readonly input: readonly { readonly ts: number; readonly event: Readonly<Record<string, unknown>> }[];
  readonly expected: readonly VectorMatch[] | null;
  /** Parallel to `expected`. */
  readonly emitted?: readonly EmissionPoint[];
  readonly expectedTimeouts?:
    | readonly { readonly match: VectorMatch; readonly timeoutTs: number; readonly whenTimeReaches: number }[]
    | null;
  readonly finalAdvanceTs?: number;
  readonly expectedError?: string;
}

export type VectorMatch = Readonly<Record<string, readonly number[]>>;
export type EmissionPoint = { readonly afterInput: number } | { readonly whenTimeReaches: number };

interface VectorStage {
  /** A group has none. */
  readonly name?: string;
  readonly contiguity: Contiguity;
  readonly where?: VectorExpression | null;
  readonly quantifier: {
    readonly min: number;
    readonly max: number | null;
    readonly optional: boolean;
    readonly greedy: boolean;
    readonly innerContiguity: InnerContiguity | null;
    readonly windowMs?: number | null;
  };
  readonly until?: VectorExpression | null;
  readonly withinPrevMs?: number | null;
  readonly group?: readonly VectorStage[];
}

/** The pattern of a vector, and its conditions in the order of their indexes. */
export function patternOf({ pattern }: CepVector): { readonly spec: PatternSpec; readonly conditions: readonly VectorExpression[] } {
  const conditions: VectorExpression[] = [];
  let groups = 0;
  const indexOf = (condition: VectorExpression | null | undefined): number | null =>
    condition === null || condition === undefined ? null : conditions.push(condition) - 1;
  const stageOf = (stage: VectorStage): PatternStage => {
    const { min, max, optional, greedy, innerContiguity, windowMs } = stage.quantifier;
    return {
      name: stage.name ?? `group ${++groups}`,
      contiguity: stage.contiguity,
      where: indexOf(stage.where),
      quantifier: { min, max, optional, greedy, inner: innerContiguity ?? "relaxed", withinMs: windowMs ?? null },
      until: indexOf(stage.until),
      withinPreviousMs: stage.withinPrevMs ?? null,
      group: stage.group?.map(stageOf) ?? null,
    };
  };
  const stages = pattern.stages.map(stageOf);
  return { spec: { stages, withinMs: pattern.withinMs, skip: skipOf(pattern.skip) }, conditions };
}

function skipOf({ strategy, stage = "", errorOnMiss = false }: CepVector["pattern"]["skip"]): SkipStrategy {
  return strategy === "skipToFirst" || strategy === "skipToLast"
    ? { kind: strategy, stage, failWithoutStage: errorOnMiss }
    : { kind: strategy };
}
