import { aggregateResultType } from "../aggregate/aggregate-table.ts";
import { type Diagnostic, error, type Place } from "../diagnostics/diagnostic.ts";
import { failure, type Result } from "../diagnostics/result.ts";
import { checkExpression, checkSyntax, type ExpectedResult } from "../expression/check-expression.ts";
import { nearestName } from "../expression/nearest-name.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import type { CallSyntax, NameSyntax, Syntax } from "../expression/syntax.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { type Field, type FieldType, showType } from "../types/field-type.ts";
import { type StageAggregate, type StageArgument, type StageFunction, stageAggregateName } from "./stage-aggregate.ts";
import { stageFunctionOf, stageReference } from "./stage-reference.ts";

/**
 * Checks an expression of a pattern: over the fields of the event and over what the match has taken: `FIRST(a.price)`,
 * `LAST(a.price, 2)` (the last but two), `SUM(a.price * a.rate)`, `COUNT(a)`; without a stage, as in `LAST(price)` and
 * `COUNT(*)`, over the events of all stages; `a.price` alone is `LAST(a.price)`. Behind RUNNING the event that is being
 * tested counts as taken. In the typed expression these are fields behind `fields`, with the names of
 * `stageAggregateName`. Never throws.
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
  const replacer = new StageCallReplacer(text, fields, stages, place);
  const syntax = replacer.replace(parsed.value);
  if (replacer.problems.length > 0) return failure(replacer.problems);
  return checkSyntax(syntax, text, [...fields, ...replacer.added], place, expected);
}

/** Puts names of additional fields where an expression calls aggregates of stages. */
class StageCallReplacer {
  readonly problems: Diagnostic[] = [];
  readonly added: Field[] = [];
  readonly #text: string;
  readonly #fields: readonly Field[];
  readonly #stages: readonly string[];
  readonly #place: Place;

  constructor(text: string, fields: readonly Field[], stages: readonly string[], place: Place) {
    this.#text = text;
    this.#fields = fields;
    this.#stages = stages;
    this.#place = place;
  }

  replace(syntax: Syntax): Syntax {
    switch (syntax.kind) {
      case "literal":
      case "name":
        return syntax;
      case "member": {
        const { base, name } = syntax;
        if (base.kind !== "name" || !this.#isStage(base)) return { ...syntax, base: this.replace(base) };
        const argument: StageArgument = { kind: "field", name };
        return this.#named({ fn: "last", stage: base.name, argument, offset: 0, running: false }, syntax);
      }
      case "cast":
        return { ...syntax, value: this.replace(syntax.value) };
      case "call":
        return this.#call(syntax);
    }
  }

  #call(syntax: CallSyntax): Syntax {
    const running = syntax.operator && syntax.name === "RUNNING";
    const inner = running ? syntax.args[0] : syntax;
    const fn = inner.kind === "call" && !inner.operator ? stageFunctionOf(inner) : undefined;
    if (inner.kind !== "call" || fn === undefined) {
      return running ? this.#refuse(syntax) : { ...syntax, args: syntax.args.map((arg) => this.replace(arg)) };
    }
    const offset = offsetOf(fn, inner);
    if (offset === null) return this.#refuse(inner);
    const stranger = this.#stranger(fn, inner.args[0]);
    if (stranger !== null) return this.#failStage(stranger, syntax);
    const { stage, mixed, argument } = stageReference(inner.args[0], this.#text, (name) => this.#stages.includes(name.name));
    if (mixed || (argument === null && fn !== "count")) return this.#refuse(inner);
    return this.#named({ fn, stage, argument, offset, running }, syntax);
  }

  #named(aggregate: StageAggregate, whole: Syntax): Syntax {
    const { fn, argument } = aggregate;
    const type = argument === null ? null : this.#argumentType(argument, whole);
    if (type === undefined) return whole;
    const result = aggregateResultType(fn, type);
    if (result === null) {
      const actual = type === null ? "no field" : showType(type);
      this.problems.push(error("AGGREGATE_ARGUMENT_TYPE", { fn, actual }, this.#at(whole)));
      return whole;
    }
    const name = stageAggregateName(aggregate);
    if (!this.added.some((known) => known.name === name)) this.added.push({ name, type: result });
    return { kind: "name", name, quoted: true, span: whole.span, depth: 1 };
  }

  /** undefined when the argument is refused. */
  #argumentType(argument: StageArgument, whole: Syntax): FieldType | undefined {
    if (argument.kind === "field") {
      const field = this.#fields.find((candidate) => candidate.name === argument.name);
      if (field !== undefined) return field.type;
      const available = this.#fields.map((candidate) => candidate.name);
      const words = { name: argument.name, available, nearest: nearestName(argument.name, available) };
      this.problems.push(error("UNKNOWN_FIELD", words, this.#at(whole)));
      return undefined;
    }
    const checked = checkExpression(argument.text, this.#fields, this.#at(whole));
    if (checked.ok) return checked.value.type;
    // The argument was written without the names of its stages, so that the places in it say nothing here.
    this.problems.push(...checked.diagnostics.map((found): Diagnostic => ({ ...found, place: this.#at(whole) })));
    return undefined;
  }

  /** A name that stands where a stage is expected, and is neither that nor a field; null when there is none. */
  #stranger(fn: StageFunction, arg: Syntax): NameSyntax | null {
    const isField = (name: string): boolean => this.#fields.some((field) => field.name === name);
    if (arg.kind === "name" && fn === "count") {
      return this.#stages.includes(arg.name) || isField(arg.name) || (arg.name === "*" && !arg.quoted) ? null : arg;
    }
    if (arg.kind !== "member" || arg.base.kind !== "name") return null;
    return this.#stages.includes(arg.base.name) || isField(arg.base.name) ? null : arg.base;
  }

  /** A stage stands before a point, and no field of the events has its name. */
  #isStage({ name }: NameSyntax): boolean {
    return this.#stages.includes(name) && !this.#fields.some((field) => field.name === name);
  }

  #failStage(base: NameSyntax, whole: Syntax): Syntax {
    const words = { name: base.name, stages: this.#stages, nearest: nearestName(base.name, this.#stages) };
    this.problems.push(error("PATTERN_STAGE_UNKNOWN", words, this.#at(base)));
    return whole;
  }

  #refuse(call: CallSyntax): Syntax {
    this.problems.push(error("PATTERN_AGGREGATE_FORM", { fn: call.name, stages: this.#stages }, this.#at(call)));
    return call;
  }

  #at({ span }: Syntax): Place {
    return { ...this.#place, span: { start: span.start, end: span.end } };
  }
}

/** The second argument of FIRST and LAST; 0 when there is none, null when the arguments are not such. */
function offsetOf(fn: StageFunction, { args }: CallSyntax): number | null {
  if (args.length === 1) return 0;
  const second = args.length === 2 && (fn === "first" || fn === "last") ? args[1] : undefined;
  if (second?.kind !== "literal" || typeof second.value !== "number") return null;
  return Number.isInteger(second.value) && second.value >= 0 && second.value <= 1000 ? second.value : null;
}
