import type { UnwritableAsClause } from "../../diagnostics/messages/match-recognize-messages.ts";
import { quoteIdentifier } from "../../expression/flink-reserved-words.ts";
import { parseExpression } from "../../expression/parse-expression.ts";
import type { CallSyntax, MemberSyntax, NameSyntax, Syntax } from "../../expression/syntax.ts";
import { type StageReference, stageFunctionOf, stageReference } from "../stage-reference.ts";
import { edited, type TextEdit } from "./text-edits.ts";

export type WrittenExpression =
  | { readonly ok: true; readonly text: string }
  /** `what` null: it is no expression. */
  | { readonly ok: false; readonly what: UnwritableAsClause | null };

/** Where an expression of an event pattern stands, and where it is to stand. */
export interface WriteContext {
  readonly stages: readonly string[];
  readonly stage: string | null;
  readonly variable: string | null;
  readonly gaps: boolean;
}

/**
 * Turns an expression of an event pattern into one of a MATCH_RECOGNIZE clause: the reverse of `readClauseExpression`.
 * `stage` is the one whose condition it is, null for a measure; `variable` is the one in whose DEFINE it will stand: that
 * of the stage, or of the rows that are passed over before it, for which the stage's own events are all behind. `gaps`:
 * the pattern passes rows over, which SQL counts as rows of the match.
 */
export function writeClauseExpression(text: string, context: WriteContext): WrittenExpression {
  const parsed = parseExpression(text, {}, true);
  if (!parsed.ok) return { ok: false, what: null };
  const writer = new ExpressionWriter(text, context);
  writer.visit(parsed.value);
  return writer.problem === null
    ? { ok: true, text: edited(text, { start: 0, end: text.length }, writer.edits) }
    : { ok: false, what: writer.problem };
}

class ExpressionWriter {
  problem: UnwritableAsClause | null = null;
  readonly edits: TextEdit[] = [];
  readonly #text: string;
  readonly #context: WriteContext;

  constructor(text: string, context: WriteContext) {
    this.#text = text;
    this.#context = context;
  }

  visit(syntax: Syntax): void {
    switch (syntax.kind) {
      case "name":
        this.#quote(syntax);
        return;
      case "member":
        this.#member(syntax);
        return;
      case "cast":
        this.visit(syntax.value);
        return;
      case "call":
        this.#call(syntax);
    }
  }

  #member(syntax: MemberSyntax): void {
    if (syntax.base.kind !== "name" || !this.#isStage(syntax.base)) {
      this.visit(syntax.base);
      return;
    }
    const { name: stage } = syntax.base;
    const written = `${quoteIdentifier(stage)}.${quoteIdentifier(syntax.name)}`;
    this.#replace(syntax, this.#counts(stage) ? `LAST(${written}, 1)` : written);
  }

  #call(syntax: CallSyntax): void {
    const running = syntax.operator && syntax.name === "RUNNING";
    const inner = running ? syntax.args[0] : syntax;
    if (inner.kind === "call" && !inner.operator && stageFunctionOf(inner) !== undefined && inner.args.length > 0) {
      this.#aggregate(inner, syntax, running);
      return;
    }
    for (const arg of syntax.args) this.visit(arg);
  }

  #aggregate(call: CallSyntax, whole: Syntax, running: boolean): void {
    const reference = stageReference(call.args[0], this.#text, (name) => this.#isStage(name));
    const { stage } = reference;
    const { stage: tested, variable, gaps } = this.#context;
    const offset = call.args.length > 1 ? Number(this.#text.slice(call.args[1].span.start, call.args[1].span.end)) : 0;
    if (gaps && stage === null && !(variable === null && call.name === "LAST" && offset === 0)) {
      this.problem = "all-with-gaps";
      return;
    }
    if (running && tested !== variable && stage === tested) {
      this.problem = "running-between";
      return;
    }
    const of = this.#written(call, reference);
    const behind = running || !this.#counts(stage) ? 0 : 1;
    if (behind === 0) this.#replace(whole, `${call.name}(${of}${offset === 0 ? "" : `, ${offset}`})`);
    else if (call.name === "LAST") this.#replace(whole, `LAST(${of}, ${offset + 1})`);
    else if (reference.argument === null) this.#replace(whole, `(COUNT(${of}) - 1)`);
    else this.problem = "before";
  }

  #written({ args }: CallSyntax, { stage, argument }: StageReference): string {
    const prefix = stage === null ? "" : `${quoteIdentifier(stage)}.`;
    if (argument === null) return `${prefix}*`;
    if (argument.kind === "field") return `${prefix}${quoteIdentifier(argument.name)}`;
    const plain = new ExpressionWriter(this.#text, { ...this.#context, variable: null });
    plain.visit(args[0]);
    return edited(this.#text, args[0].span, plain.edits);
  }

  /** In its DEFINE, SQL counts the row that is tested among those of a variable, and among all. */
  #counts(stage: string | null): boolean {
    const { variable } = this.#context;
    return variable !== null && (stage === null || stage === variable);
  }

  #quote(syntax: NameSyntax): void {
    const quoted = quoteIdentifier(syntax.name);
    if (!syntax.quoted && quoted !== syntax.name) this.#replace(syntax, quoted);
  }

  #replace({ span }: Syntax, text: string): void {
    this.edits.push({ start: span.start, end: span.end, text });
  }

  #isStage({ name }: NameSyntax): boolean {
    return this.#context.stages.includes(name);
  }
}
