import { quoteIdentifier } from "../expression/flink-reserved-words.ts";
import type { CallSyntax, MemberSyntax, NameSyntax, Syntax } from "../expression/syntax.ts";
import { type StageArgument, type StageFunction, stageFunctions } from "./stage-aggregate.ts";

/** What an argument of a stage aggregate speaks of; `mixed`: of several stages, or of stages and of any. */
export interface StageReference {
  /** null: all stages. */
  readonly stage: string | null;
  readonly mixed: boolean;
  readonly argument: StageArgument | null;
}

/** A call such as `AVG(a.price)` or `LAST(a.price, 2)`; undefined for any other. */
export function stageFunctionOf({ name }: CallSyntax): StageFunction | undefined {
  return stageFunctions.find((known) => known.toUpperCase() === name);
}

/**
 * Reads the argument of a stage aggregate: `a` and `a.*` are the events of a stage, `*` all of them, `a.price` a field,
 * `a.price * a.rate` an expression over fields of one stage, `price` a field of the events of all stages. `text` is
 * that of the whole expression; `isStage` tells names of stages from those of fields.
 */
export function stageReference(arg: Syntax, text: string, isStage: (name: NameSyntax) => boolean): StageReference {
  if (arg.kind === "name") {
    if (isStar(arg)) return { stage: null, mixed: false, argument: null };
    if (isStage(arg)) return { stage: arg.name, mixed: false, argument: null };
    return { stage: null, mixed: false, argument: { kind: "field", name: arg.name } };
  }
  const members = stageMembers(arg, isStage);
  const stages = new Set(members.map(({ stage }) => stage));
  const own = stages.size === 1 ? members[0].stage : null;
  if (arg.kind === "member" && own !== null && members[0].member === arg) {
    return { stage: own, mixed: false, argument: arg.name === "*" ? null : { kind: "field", name: arg.name } };
  }
  const mixed = stages.size > 1 || (stages.size === 1 && hasPlainName(arg, isStage));
  return { stage: own, mixed, argument: { kind: "expression", text: withoutStages(arg, text, members) } };
}

interface StageMember {
  readonly stage: string;
  readonly member: MemberSyntax;
}

/** All `a.price` in an expression, in the order in which they stand. */
export function stageMembers(syntax: Syntax, isStage: (name: NameSyntax) => boolean): readonly StageMember[] {
  switch (syntax.kind) {
    case "member":
      return syntax.base.kind === "name" && isStage(syntax.base)
        ? [{ stage: syntax.base.name, member: syntax }]
        : stageMembers(syntax.base, isStage);
    case "cast":
      return stageMembers(syntax.value, isStage);
    case "call":
      return syntax.args.flatMap((arg) => stageMembers(arg, isStage));
    default:
      return [];
  }
}

function hasPlainName(syntax: Syntax, isStage: (name: NameSyntax) => boolean): boolean {
  switch (syntax.kind) {
    case "name":
      return true;
    case "member":
      return !(syntax.base.kind === "name" && isStage(syntax.base)) && hasPlainName(syntax.base, isStage);
    case "cast":
      return hasPlainName(syntax.value, isStage);
    case "call":
      return syntax.args.some((arg) => hasPlainName(arg, isStage));
    default:
      return false;
  }
}

function isStar({ name, quoted }: NameSyntax): boolean {
  return name === "*" && !quoted;
}

function withoutStages(arg: Syntax, text: string, members: readonly StageMember[]): string {
  const sorted = members.map(({ member }) => member).sort((a, b) => a.span.start - b.span.start);
  let written = "";
  let from = arg.span.start;
  for (const { span, name } of sorted) {
    written += text.slice(from, span.start) + quoteIdentifier(name);
    from = span.end;
  }
  return written + text.slice(from, arg.span.end);
}
