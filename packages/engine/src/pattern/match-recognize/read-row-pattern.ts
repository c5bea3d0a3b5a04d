import { type Diagnostic, error, type Place } from "../../diagnostics/diagnostic.ts";
import type { PatternStageParam } from "../../node/params.ts";
import type { RowElement, RowQuantifier } from "./clause.ts";

/** What DEFINE says about a variable, as a condition of an event pattern; undefined: any row. */
export type Definitions = ReadonlyMap<string, string>;

/** The stages of a row pattern. Neighbours follow each other at once, and quantifiers take as much as they can. */
export function stagesOf(elements: readonly RowElement[], definitions: Definitions, isFirst = true): readonly PatternStageParam[] {
  return elements.flatMap((element, i): PatternStageParam[] => {
    const follows = i === 0 && isFirst ? {} : ({ contiguity: "next" } as const);
    const times = timesOf(element.quantifier);
    if (element.kind === "variable") {
      const where = definitions.get(element.name);
      return [{ name: element.name, ...follows, ...(where === undefined ? {} : { where }), ...times }];
    }
    return [];
  });
}

function timesOf({ min, max, reluctant }: RowQuantifier): Pick<PatternStageParam, "times"> {
  if (min === 1 && max === 1) return {};
  return {
    times: {
      min: Math.max(min, 1),
      max,
      ...(min === 0 ? { optional: true } : {}),
      ...(!reluctant && min !== max ? { greedy: true } : {}),
      ...(max === 1 ? {} : { inner: "consecutive" }),
    },
  };
}

/** What a row pattern may not hold, at `place`. */
export function rowPatternProblems(elements: readonly RowElement[], place: Place): readonly Diagnostic[] {
  const greedy = greedyEnd(elements);
  const groups = elements.filter((element) => element.kind === "group");
  return [
    ...groups.map(({ span }) => error("MATCH_RECOGNIZE_UNREADABLE", { what: "group", text: "" }, { ...place, span })),
    ...(greedy === null ? [] : [error("MATCH_RECOGNIZE_UNREADABLE", { what: "greedy-last", text: "" }, { ...place, span: greedy.span })]),
  ];
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
