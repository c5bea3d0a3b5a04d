import { type Diagnostic, error, type Place, type Span } from "../../diagnostics/diagnostic.ts";
import type { UnreadableOfClause } from "../../diagnostics/messages/match-recognize-messages.ts";
import { failure, type Result, success } from "../../diagnostics/result.ts";
import { quoteIdentifier } from "../../expression/flink-reserved-words.ts";
import { parseTokens } from "../../expression/parse-expression.ts";
import type { CallSyntax, NameSyntax, Syntax } from "../../expression/syntax.ts";
import { maxExpressionDepth } from "../../expression/token-reader.ts";
import type { Token } from "../../expression/tokens.ts";
import { stageFunctionOf, stageReference } from "../stage-reference.ts";
import type { ClauseExpression } from "./clause.ts";
import { edited, type TextEdit } from "./text-edits.ts";

/** Where an expression of a clause stands. */
export interface ReadContext {
  /** The whole text of the clause. */
  readonly text: string;
  /** The variable whose DEFINE it is; null for a measure. */
  readonly variable: string | null;
  readonly variables: readonly string[];
  /** The fewest rows that the match has before a row of the variable. */
  readonly rowsBefore: number;
  readonly place: Place;
}

/** An expression of an event pattern. */
export interface ReadExpression {
  readonly text: string;
  /** It reads rows of the match whatever their variable is, other than the last. */
  readonly readsAllRows: boolean;
}

/**
 * Turns an expression of a clause into one of an event pattern. In the DEFINE of a variable SQL counts the row that is
 * tested as a row of that variable; an event pattern does so behind RUNNING only. `X.price`, and `LAST(X.price, 1)`, in the
 * DEFINE of X become `price` and `X.price`; `AVG(X.price)` becomes `RUNNING AVG(X.price)`; `PREV(price)` the field of the
 * event taken before.
 */
export function readClauseExpression(expression: ClauseExpression, context: ReadContext): Result<ReadExpression> {
  const { tokens, finals } = withoutFinal(expression.tokens);
  const parsed = parseTokens(tokens, context.place, maxExpressionDepth, true);
  if (!parsed.ok) return parsed;
  const reader = new ExpressionReader(context);
  reader.visit(parsed.value);
  if (reader.problems.length > 0) return failure(reader.problems);
  const text = edited(context.text, expression.span, [...reader.edits, ...finals]);
  return success({ text, readsAllRows: reader.readsAllRows });
}

const matchFunctions = new Set(["CLASSIFIER", "MATCH_NUMBER", "MATCH_ROWTIME", "MATCH_PROCTIME"]);

class ExpressionReader {
  readonly problems: Diagnostic[] = [];
  readsAllRows = false;
  readonly edits: TextEdit[] = [];
  readonly #context: ReadContext;

  constructor(context: ReadContext) {
    this.#context = context;
  }

  visit(syntax: Syntax): void {
    switch (syntax.kind) {
      case "member":
        if (syntax.base.kind !== "name" || !this.#isVariable(syntax.base)) this.visit(syntax.base);
        else if (syntax.base.name === this.#context.variable) this.#replace(syntax, quoteIdentifier(syntax.name));
        return;
      case "cast":
        this.visit(syntax.value);
        return;
      case "call":
        this.#call(syntax);
    }
  }

  #call(syntax: CallSyntax): void {
    if (syntax.operator && syntax.name === "RUNNING") {
      const [inner] = syntax.args;
      if (inner.kind === "call") this.#aggregate(inner, syntax.span);
      return;
    }
    if (this.#isCountBefore(syntax)) this.#replace(syntax, this.#textOf(syntax.args[0].span));
    else if (syntax.operator) this.#visitAll(syntax);
    else if (syntax.name === "PREV" && syntax.args.length > 0) this.#previous(syntax);
    else if (syntax.name === "NEXT") this.#refuse("navigation", syntax.span);
    else if (matchFunctions.has(syntax.name)) this.#refuse("match-function", syntax.span);
    else if (stageFunctionOf(syntax) !== undefined) this.#aggregate(syntax, syntax.span);
    else this.#visitAll(syntax);
  }

  /** `(COUNT(x.*) - 1)` in the DEFINE of x: the rows before the one that is tested. */
  #isCountBefore({ operator, name, args, span }: CallSyntax): boolean {
    const [count, one] = args;
    if (!operator || name !== "-" || this.#context.text[span.start] !== "(") return false;
    if (count.kind !== "call" || stageFunctionOf(count) !== "count" || one.kind !== "literal" || one.value !== 1) return false;
    const { stage, argument } = stageReference(count.args[0], this.#context.text, (variable) => this.#isVariable(variable));
    if (stage === null) this.readsAllRows = true;
    return argument === null && this.#context.variable !== null && (stage === null || stage === this.#context.variable);
  }

  #visitAll({ args }: CallSyntax): void {
    for (const arg of args) this.visit(arg);
  }

  /** FIRST, LAST, COUNT and the like, at `whole`; what is wrong with their arguments is left to the check of the pattern. */
  #aggregate(call: CallSyntax, whole: Span): void {
    const { variable } = this.#context;
    const [arg] = call.args;
    if (arg === undefined) return;
    const { stage, argument } = stageReference(arg, this.#context.text, (name) => this.#isVariable(name));
    const written = this.#textOf(arg.span);
    const isOwn = variable !== null && (stage === null || stage === variable);
    const fn = stageFunctionOf(call);
    const offset = fn === "last" ? offsetOf(call, 0) : null;
    if (stage === null && offset !== 0) this.readsAllRows = true;
    if (fn !== "last") {
      const args = call.args.map(({ span }) => this.#textOf(span)).join(", ");
      this.#replace({ span: whole }, `${isOwn ? "RUNNING " : ""}${call.name}(${args})`);
      return;
    }
    if (offset === null) return;
    if (isOwn && offset === 0) {
      const isField = argument?.kind === "field";
      this.#replace({ span: whole }, isField ? quoteIdentifier(argument.name) : `(${argument?.text ?? written})`);
      return;
    }
    this.#replace({ span: whole }, lastOf(written, stage, argument?.kind === "field", isOwn ? offset - 1 : offset));
  }

  #previous(call: CallSyntax): void {
    const { variable, rowsBefore } = this.#context;
    const [arg] = call.args;
    const offset = offsetOf(call, 1) ?? 0;
    this.readsAllRows = true;
    const { stage, mixed, argument } = stageReference(arg, this.#context.text, (name) => this.#isVariable(name));
    if (variable === null || mixed || offset === 0 || (stage !== null && stage !== variable)) {
      this.#refuse("prev-other", call.span);
    } else if (offset > rowsBefore) {
      this.#refuse("prev-before-match", call.span);
    } else {
      const of = argument?.kind === "field" ? quoteIdentifier(argument.name) : (argument?.text ?? "*");
      this.#replace(call, lastOf(of, null, true, offset - 1));
    }
  }

  #refuse(what: UnreadableOfClause, { start, end }: Span): void {
    const args = { what, text: this.#textOf({ start, end }) };
    this.problems.push(error("MATCH_RECOGNIZE_UNREADABLE", args, { ...this.#context.place, span: { start, end } }));
  }

  #replace({ span }: { readonly span: Span }, text: string): void {
    this.edits.push({ start: span.start, end: span.end, text });
  }

  #textOf({ start, end }: Span): string {
    return this.#context.text.slice(start, end);
  }

  #isVariable({ name }: NameSyntax): boolean {
    return this.#context.variables.includes(name);
  }
}

/** `X.price` for the last one of a variable's field, else LAST(…). */
function lastOf(written: string, stage: string | null, isField: boolean, offset: number): string {
  if (offset === 0 && stage !== null && isField) return written;
  return offset === 0 ? `LAST(${written})` : `LAST(${written}, ${offset})`;
}

/** The second argument; `missing` when there is none, null when it is no whole number. */
function offsetOf({ args }: CallSyntax, missing: number): number | null {
  if (args.length < 2) return missing;
  const [, second] = args;
  const isOffset = second.kind === "literal" && typeof second.value === "number" && Number.isInteger(second.value) && second.value >= 0;
  return isOffset && typeof second.value === "number" ? second.value : null;
}

/** FINAL is what aggregates of a measure are anyway. */
function withoutFinal(tokens: readonly Token[]): { readonly tokens: readonly Token[]; readonly finals: readonly TextEdit[] } {
  const isFinal = ({ kind, text }: Token, i: number): boolean =>
    kind === "name" && text.toUpperCase() === "FINAL" && tokens.at(i + 1)?.kind === "name" && tokens.at(i + 2)?.text === "(";
  const finals = tokens.flatMap((token, i) => (isFinal(token, i) ? [{ start: token.start, end: tokens[i + 1].start, text: "" }] : []));
  return { tokens: tokens.filter((token, i) => !isFinal(token, i)), finals };
}
