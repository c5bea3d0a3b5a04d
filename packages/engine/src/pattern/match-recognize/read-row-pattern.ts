import { type Diagnostic, error, type Place } from "../../diagnostics/diagnostic.ts";
import type { PatternStageParam } from "../../node/params.ts";
import { type RowElement, type RowQuantifier, variablesOf } from "./clause.ts";

/** What DEFINE says about a variable, as a condition of an event pattern; undefined: any row. */
export type Definitions = ReadonlyMap<string, string>;

/**
 * The stages of a row pattern. Neighbours follow each other at once, and quantifiers take as much as they can. Parentheses
 * without a quantifier mean nothing; other groups are called `group_1` and so on, so that no variable has their name.
 */
export function stagesOf(elements: readonly RowElement[], definitions: Definitions): PatternStageParam[] {
  const taken = new Set(variablesOf(elements).map(({ name }) => name));
  let groups = 0;
  const nameOfGroup = (): string => {
    const name = `group_${++groups}`;
    return taken.has(name) ? nameOfGroup() : name;
  };
  const stages = (list: readonly RowElement[]): PatternStageParam[] =>
    withoutBareGroups(list).map((element, i): PatternStageParam => {
      const follows = i === 0 ? {} : ({ contiguity: "next" } as const);
      if (element.kind === "group") {
        const repeated = optionalRepetition(element);
        if (repeated === null) return { name: nameOfGroup(), ...follows, ...timesOf(element.quantifier), group: stages(element.elements) };
        const where = definitions.get(repeated.name);
        return { name: repeated.name, ...follows, ...(where === undefined ? {} : { where }), times: repeated.times };
      }
      const where = definitions.get(element.name);
      return { name: element.name, ...follows, ...(where === undefined ? {} : { where }), ...timesOf(element.quantifier) };
    });
  return stages(elements);
}

function withoutBareGroups(elements: readonly RowElement[]): readonly RowElement[] {
  return elements.flatMap((element) => {
    const { min, max } = element.quantifier;
    return element.kind === "group" && min === 1 && max === 1 ? withoutBareGroups(element.elements) : [element];
  });
}

/** `(x{3,})?`: several times or not at all, which a stage can say without a group. */
function optionalRepetition(
  element: Extract<RowElement, { readonly kind: "group" }>,
): { readonly name: string; readonly times: NonNullable<PatternStageParam["times"]> } | null {
  const { quantifier, elements } = element;
  const [inner, ...others] = elements;
  if (quantifier.min !== 0 || quantifier.max !== 1 || others.length > 0 || inner.kind !== "variable") return null;
  const { min, max, reluctant } = inner.quantifier;
  if (min < 2 || (min !== max && reluctant !== quantifier.reluctant)) return null;
  const greedy = quantifier.reluctant ? {} : { greedy: true };
  return { name: inner.name, times: { min, max, optional: true, ...greedy, inner: "consecutive" } };
}

/** As in Flink, what comes once or not at all is not had more greedily: the rows without it are a match too. */
function timesOf({ min, max, reluctant }: RowQuantifier): Pick<PatternStageParam, "times"> {
  if (min === 1 && max === 1) return {};
  return {
    times: {
      min: Math.max(min, 1),
      max,
      ...(min === 0 ? { optional: true } : {}),
      ...(!reluctant && min !== max && max !== 1 ? { greedy: true } : {}),
      ...(max === 1 ? {} : { inner: "consecutive" }),
    },
  };
}

/** What a row pattern may not hold, at `place`. */
export function rowPatternProblems(elements: readonly RowElement[], place: Place): readonly Diagnostic[] {
  const greedy = greedyEnd(elements);
  return greedy === null ? [] : [error("MATCH_RECOGNIZE_UNREADABLE", { what: "greedy-last", text: "" }, { ...place, span: greedy.span })];
}

/** An element with which a match may end, and that SQL would have take more; null when there is none. */
function greedyEnd(elements: readonly RowElement[]): RowElement | null {
  for (const element of elements.toReversed()) {
    const { min, max, reluctant } = element.quantifier;
    if (!reluctant && min !== max) return element;
    const inner = element.kind === "group" ? greedyEnd(element.elements) : null;
    if (inner !== null) return inner;
    if (min > 0) return null;
  }
  return null;
}

/** The fewest rows before a row of each variable. */
export function rowsBefore(elements: readonly RowElement[], before = 0): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let rows = before;
  for (const element of elements) {
    if (element.kind === "variable") found.set(element.name, rows);
    else for (const [name, count] of rowsBefore(element.elements, rows)) found.set(name, count);
    rows += element.quantifier.min * (element.kind === "variable" ? 1 : fewestRows(element.elements));
  }
  return found;
}

function fewestRows(elements: readonly RowElement[]): number {
  return elements.reduce((sum, element) => {
    const each = element.kind === "variable" ? 1 : fewestRows(element.elements);
    return sum + element.quantifier.min * each;
  }, 0);
}
