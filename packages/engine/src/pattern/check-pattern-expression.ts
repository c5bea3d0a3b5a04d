import { aggregateResultType } from "../aggregate/aggregate-table.ts";
import { type Diagnostic, error, type Place } from "../diagnostics/diagnostic.ts";
import { failure, type Result } from "../diagnostics/result.ts";
import { checkSyntax, type ExpectedResult } from "../expression/check-expression.ts";
import { nearestName } from "../expression/nearest-name.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import type { CallSyntax, MemberSyntax, Syntax } from "../expression/syntax.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { type Field, showType } from "../types/field-type.ts";
import { type StageAggregate, type StageFunction, stageAggregateName, stageFunctions } from "./stage-aggregate.ts";

/**
 * Checks an expression of a pattern: over the fields of the event and, as `FIRST(a.price)` or `COUNT(a)`, over what
 * the match has taken for its stages; `a.price` alone is `LAST(a.price)`. In the typed expression these are fields
 * behind `fields`, with the names of `stageAggregateName`. Never throws.
 */
export function checkPatternExpression(
  text: string,
  fields: readonly Field[],
  stages: readonly string[],
  place: Place,
  expected?: ExpectedResult,
): Result<TypedExpression> {
  const parsed = parseExpression(text, place, true);
  if (!parsed.ok) return parsed;
  const replacer = new StageCallReplacer(fields, stages, place);
  const syntax = replacer.replace(parsed.value);
  if (replacer.problems.length > 0) return failure(replacer.problems);
  return checkSyntax(syntax, text, [...fields, ...replacer.added], place, expected);
}

/** Puts names of additional fields where an expression calls aggregates of stages. */
class StageCallReplacer {
  readonly problems: Diagnostic[] = [];
  readonly added: Field[] = [];
  readonly #fields: readonly Field[];
  readonly #stages: readonly string[];
  readonly #place: Place;

  constructor(fields: readonly Field[], stages: readonly string[], place: Place) {
    this.#fields = fields;
    this.#stages = stages;
    this.#place = place;
  }

  replace(syntax: Syntax): Syntax {
    switch (syntax.kind) {
      case "literal":
      case "name":
        return syntax;
      case "member":
        return this.#isStage(syntax.base) ? this.#aggregate("last", syntax, syntax) : { ...syntax, base: this.replace(syntax.base) };
      case "cast":
        return { ...syntax, value: this.replace(syntax.value) };
      case "call": {
        const fn = stageFunctions.find((known) => known.toUpperCase() === syntax.name);
        return fn === undefined ? { ...syntax, args: syntax.args.map((arg) => this.replace(arg)) } : this.#call(fn, syntax);
      }
    }
  }

  #call(fn: StageFunction, syntax: CallSyntax): Syntax {
    const arg = syntax.args.length === 1 ? syntax.args[0] : undefined;
    if (arg?.kind === "member" && arg.base.kind === "name") return this.#aggregate(fn, arg, syntax);
    if (arg?.kind === "name" && fn === "count") return this.#named({ fn, stage: arg.name, field: null }, syntax, arg);
    return this.#refuse(error("PATTERN_AGGREGATE_FORM", { fn: syntax.name, stages: this.#stages }, this.#at(syntax)), syntax);
  }

  #aggregate(fn: StageFunction, member: MemberSyntax, whole: Syntax): Syntax {
    const stage = member.base.kind === "name" ? member.base.name : "";
    return this.#named({ fn, stage, field: member.name }, whole, member.base);
  }

  #named(aggregate: StageAggregate, whole: Syntax, base: Syntax): Syntax {
    const { fn, stage, field } = aggregate;
    if (!this.#stages.includes(stage)) {
      const words = { name: stage, stages: this.#stages, nearest: nearestName(stage, this.#stages) };
      return this.#refuse(error("PATTERN_STAGE_UNKNOWN", words, this.#at(base)), whole);
    }
    const argument = field === null ? null : this.#fields.find((candidate) => candidate.name === field);
    if (argument === undefined) {
      const available = this.#fields.map((candidate) => candidate.name);
      const words = { name: field ?? "", available, nearest: nearestName(field ?? "", available) };
      return this.#refuse(error("UNKNOWN_FIELD", words, this.#at(whole)), whole);
    }
    const type = aggregateResultType(fn, argument?.type ?? null);
    if (type === null) {
      const actual = argument === null ? "no field" : showType(argument.type);
      return this.#refuse(error("AGGREGATE_ARGUMENT_TYPE", { fn, actual }, this.#at(whole)), whole);
    }
    const name = stageAggregateName(aggregate);
    if (!this.added.some((known) => known.name === name)) this.added.push({ name, type });
    return { kind: "name", name, quoted: true, span: whole.span, depth: 1 };
  }

  /** A stage stands before a point, and no field of the events has its name. */
  #isStage(base: Syntax): boolean {
    return base.kind === "name" && this.#stages.includes(base.name) && !this.#fields.some((field) => field.name === base.name);
  }

  #refuse(problem: Diagnostic, whole: Syntax): Syntax {
    this.problems.push(problem);
    return whole;
  }

  #at({ span }: Syntax): Place {
    return { ...this.#place, span: { start: span.start, end: span.end } };
  }
}
