import { deriveTypes } from "../../plan/derive-type.ts";
import type { NamedExpression } from "../../plan/logical-operator.ts";
import { outputOf, type PlanInput } from "../../plan/logical-operator.ts";
import type { PlannedOperator } from "../../plan/logical-plan.ts";
import { mapOperator } from "../../plan/map-operator.ts";
import type { PatternMatch, PatternMatchStage } from "../../plan/pattern-operator.ts";
import { typeOperator } from "../../plan/type-operator.ts";
import { type EmittedRow, type HarnessOptions, OperatorHarness } from "../../testing/operator-harness.ts";
import { handDriven, planStepOf, streamOf } from "../../testing/plan-step.ts";
import { bigintType, doubleType, stringType, timestampType } from "../../types/field-type.ts";
import { createPatternMatchOperator } from "../pattern-match-operator.ts";

/** The events of the tests of patterns: `kind` says which stage they suit. */
export const events = streamOf({ at: timestampType, who: stringType, kind: stringType, n: bigintType, price: doubleType }, "at");

export function event(at: number, kind: string, n = at, who: string | null = "w", price: number | null = n): Record<string, unknown> {
  return { at, who, kind, n, price };
}

export type StageCase = Partial<Omit<PatternMatchStage<string>, "times" | "group">> & {
  readonly name: string;
  readonly group?: readonly StageCase[];
  readonly times?: Partial<PatternMatchStage<string>["times"]>;
};

/** A stage whose events have its name as their kind, unless told otherwise. */
export function stage({ times, group, ...given }: StageCase): PatternMatchStage<string> {
  return {
    ...(group === undefined ? {} : { group: group.map(stage) }),
    contiguity: "followedBy",
    where: group === undefined ? `kind = '${given.name}'` : null,
    until: null,
    withinPreviousMs: null,
    ...given,
    times: { min: 1, max: 1, optional: false, greedy: false, inner: "relaxed", ...times },
  };
}

export interface PatternCase {
  readonly stages: readonly StageCase[];
  readonly keyBy?: readonly string[];
  readonly order?: PatternMatch<string, unknown>["order"];
  readonly withinMs?: number | null;
  readonly skip?: PatternMatch<string, unknown>["skip"];
  readonly measures?: readonly NamedExpression<string>[];
  readonly maxRunsPerKey?: number;
}

/** Measures that name the events of a match: `a` as `1+2` cannot be had, its ends and its count can. */
export function endsOf(...stages: readonly string[]): readonly NamedExpression<string>[] {
  return stages.flatMap((name) => [
    { name: `${name}_first`, value: `FIRST(${name}.n)` },
    { name: `${name}_last`, value: `LAST(${name}.n)` },
    { name: `${name}_count`, value: `COUNT(${name})` },
  ]);
}

/** A planned pattern over `events`; throws on expressions that do not type-check. */
export function plannedPattern(of: PatternCase): Extract<PlannedOperator, { op: "pattern-match" }> {
  const source = outputOf({ op: "union", inputs: [] });
  const typed = typeOperator(
    {
      op: "pattern-match",
      input: source,
      keyBy: of.keyBy ?? ["who"],
      ...(of.order === undefined ? {} : { order: of.order }),
      stages: of.stages.map(stage),
      withinMs: of.withinMs ?? null,
      skip: of.skip ?? { kind: "noSkip" },
      measures: of.measures ?? [],
      maxRunsPerKey: of.maxRunsPerKey ?? 1000,
    },
    events.fields,
    {},
  );
  if (!typed.ok) throw new Error(typed.diagnostics.map((found) => found.message).join("\n"));
  const planned: PlannedOperator = mapOperator(
    typed.value,
    (expression) => expression,
    (): PlanInput => handDriven,
  );
  if (planned.op !== "pattern-match") throw new Error("a pattern stays a pattern");
  return planned;
}

/** A harness around a pattern over `events`. */
export function patternHarness(of: PatternCase, options: Partial<HarnessOptions> = {}): OperatorHarness {
  const operator = plannedPattern(of);
  const outputs = deriveTypes(operator, [events], ({ type }) => ({ type, field: null }));
  if (outputs === null) throw new Error("the types of the pattern cannot be derived");
  const step = planStepOf(operator, [events], outputs);
  return new OperatorHarness({ create: () => createPatternMatchOperator(operator, step), inputs: [events], outputs, ...options });
}

/** Rows as `start-end` or, with measures, `start-end name=value …`; NULLs are left out. */
export function lines(rows: readonly EmittedRow[]): readonly string[] {
  return rows.map(({ fields }) => {
    const { who: _, match_start, match_end, ...measures } = fields;
    const said = Object.entries(measures).flatMap(([name, value]) => (value === null ? [] : [`${name}=${String(value)}`]));
    return [`${String(match_start)}-${String(match_end)}`, ...said].join(" ");
  });
}
