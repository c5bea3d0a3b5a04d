import { type Diagnostic, error, type Place } from "../../diagnostics/diagnostic.ts";
import { failure, type Result, success } from "../../diagnostics/result.ts";
import { writeDuration } from "../../types/duration.ts";
import type { SkipStrategy } from "../pattern-spec.ts";
import { type MatchRecognizeClause, type NamedClauseExpression, type RowSkip, variablesOf } from "./clause.ts";
import type { EventPatternParams } from "./event-pattern-params.ts";
import { collapsedGaps, withoutEndMeasures } from "./own-forms.ts";
import { parseClause } from "./parse-clause.ts";
import { type ReadExpression, readClauseExpression } from "./read-expression.ts";
import { rowPatternProblems, rowsBefore, stagesOf } from "./read-row-pattern.ts";

/**
 * Reads a MATCH_RECOGNIZE clause, alone or in a query, into the parameters of an event pattern. `timeField` is the field that
 * holds the event time of the records; null when it is not known, or no field does. Rows that follow each other in SQL follow each other with
 * next; a greedy quantifier takes all that it can and gives nothing back, as in Flink. What an event pattern cannot say,
 * and what cannot be read, is a diagnostic at its place in the text. Never throws.
 */
export function readMatchRecognize(text: string, timeField: string | null, place: Place = {}): Result<EventPatternParams> {
  const parsed = parseClause(text, place);
  if (!parsed.ok) return parsed;
  const clause = withoutEndMeasures(parsed.value);
  const expressions = readExpressions(clause, text, place);
  const problems = [...clauseProblems(clause, timeField, place), ...expressions.problems];
  if (problems.length > 0) return failure(problems);
  const { definitions, measures } = expressions;
  const texts = new Map([...definitions].map(([name, { text: where }]) => [name, where]));
  const all = [...definitions.values(), ...measures.map(({ value }) => value)];
  const stages = stagesOf(clause.pattern, texts);
  return success({
    keyBy: clause.partitionBy,
    order: clause.orderBy.slice(1).map(({ name, descending }) => ({ field: name, descending })),
    stages: all.some(({ readsAllRows }) => readsAllRows) ? stages : collapsedGaps(stages, all),
    within: clause.withinMs === null ? null : writeDuration(clause.withinMs),
    measures: measures.map(({ name, value }) => ({ name, value: value.text })),
    ...skipOf(clause.skip),
  });
}

interface ReadExpressions {
  readonly definitions: ReadonlyMap<string, ReadExpression>;
  readonly measures: readonly { readonly name: string; readonly value: ReadExpression }[];
  readonly problems: readonly Diagnostic[];
}

function readExpressions({ pattern, define, measures }: MatchRecognizeClause, text: string, place: Place): ReadExpressions {
  const variables = variablesOf(pattern).map(({ name }) => name);
  const before = rowsBefore(pattern);
  const problems: Diagnostic[] = [];
  const read = ({ name, expression }: NamedClauseExpression, variable: string | null): { name: string; value: ReadExpression }[] => {
    const context = { text, variable, variables, rowsBefore: before.get(name) ?? 0, place };
    const result = readClauseExpression(expression, context);
    if (result.ok) return [{ name, value: result.value }];
    problems.push(...result.diagnostics);
    return [];
  };
  const definitions = new Map(define.flatMap((of) => read(of, of.name)).map(({ name, value }) => [name, value]));
  return { definitions, measures: measures.flatMap((of) => read(of, null)), problems };
}

function clauseProblems({ pattern, orderBy, define, skip }: MatchRecognizeClause, timeField: string | null, place: Place): Diagnostic[] {
  const variables = variablesOf(pattern);
  const names = variables.map(({ name }) => name);
  const twice = variables.filter(({ name }, i) => names.indexOf(name) < i);
  const strangers = define.filter(({ name }) => !names.includes(name)).map(({ name, nameSpan: span }) => ({ name, span }));
  if (skip !== null && skip.variable !== "" && !names.includes(skip.variable)) strangers.push({ name: skip.variable, span: skip.span });
  const first = orderBy.at(0);
  const found = [
    ...rowPatternProblems(pattern, place),
    ...twice.map(({ name, span }) => error("MATCH_RECOGNIZE_UNREADABLE", { what: "variable-twice", text: name }, { ...place, span })),
    ...strangers.map(({ name, span }) => error("MATCH_RECOGNIZE_VARIABLE", { name, variables: names }, { ...place, span })),
  ];
  if (first?.descending === true) {
    found.push(error("MATCH_RECOGNIZE_UNREADABLE", { what: "order-descending", text: first.name }, { ...place, span: first.span }));
  }
  if (first !== undefined && timeField !== null && first.name !== timeField) {
    found.push(error("MATCH_RECOGNIZE_ORDER", { first: first.name, time: timeField }, { ...place, span: first.span }));
  }
  if (skip !== null && skipsToStart(skip, pattern)) {
    found.push(error("MATCH_RECOGNIZE_UNREADABLE", { what: "skip-to-start", text: skip.variable }, { ...place, span: skip.span }));
  }
  return found;
}

/** Whether the row to go on at is the first of every match. */
function skipsToStart({ to, variable }: RowSkip, [first]: MatchRecognizeClause["pattern"]): boolean {
  if (first.kind !== "variable" || first.name !== variable || first.quantifier.min === 0) return false;
  return to === "first" || (to === "last" && first.quantifier.max === 1);
}

/** SQL:2016 goes on behind the last row where nothing is said. */
function skipOf(skip: RowSkip | null): { readonly skip: SkipStrategy["kind"]; readonly skipStage: string } {
  switch (skip?.to ?? "past-last") {
    case "past-last":
      return { skip: "skipPastLastEvent", skipStage: "" };
    case "next-row":
      return { skip: "skipToNext", skipStage: "" };
    case "first":
      return { skip: "skipToFirst", skipStage: skip?.variable ?? "" };
    case "last":
      return { skip: "skipToLast", skipStage: skip?.variable ?? "" };
  }
}
