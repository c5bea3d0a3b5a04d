import { type Field, type FieldType, showType } from "../types/field-type.ts";
import { quoteIdentifier } from "./flink-reserved-words.ts";
import type { FunctionDefinition } from "./functions/function-definition.ts";
import { functionsTable } from "./functions/functions-table.ts";
import { isReservedWord } from "./parse-expression.ts";
import { type Token, tokenize } from "./tokens.ts";
import { extractableUnits, roundingUnits } from "./values/time-units.ts";

/** Something that may be written at a place in an expression. */
export interface Completion {
  readonly label: string;
  readonly kind: "field" | "function" | "keyword";
  /** The field's type, or the function's first signature. */
  readonly detail: string;
  readonly doc: string;
  /** What replaces the word before the cursor. */
  readonly insert: string;
}

const keywords: readonly (readonly [string, string])[] = [
  ["AND", "Both conditions hold."],
  ["OR", "One of the conditions holds."],
  ["NOT", "The condition does not hold."],
  ["IS NULL", "There is no value."],
  ["IS NOT NULL", "There is a value."],
  ["IN", "The value is one of a list: a IN (1, 2)."],
  ["BETWEEN", "The value lies between two bounds, both included: a BETWEEN 1 AND 5."],
  ["LIKE", "The text fits a pattern: name LIKE 'sensor-%'."],
  ["CASE", "A value for each condition: CASE WHEN a > 1 THEN 'x' ELSE 'y' END."],
  ["WHEN", "A further branch of CASE."],
  ["THEN", "The value of a branch of CASE."],
  ["ELSE", "The value when no branch of CASE fits."],
  ["END", "Ends CASE."],
  ["TRUE", "The condition holds."],
  ["FALSE", "The condition does not hold."],
  ["NULL", "No value."],
  ["INTERVAL", "A length of time: INTERVAL '5' MINUTE."],
  ["TIMESTAMP", "A point in time, in UTC: TIMESTAMP '2026-01-31 12:00:00'."],
];

/**
 * What may be written at `offset` (UTF-16), where the word just before it may be incomplete: members behind a
 * point, else fields, functions and keywords. Inside of texts and comments there is nothing. Best matches first.
 */
export function completeExpression(text: string, offset: number, fields: readonly Field[]): readonly Completion[] {
  const { tokens, problem } = tokenize(text.slice(0, offset));
  if (problem !== null && problem.code !== "EXPRESSION_UNTERMINATED") return [];
  const written = tokens.filter((token) => token.kind !== "end" && token.kind !== "comment");
  const unclosedName = problem === null ? null : unclosedQuotedName(text, written, offset);
  if (problem !== null && unclosedName === null) return [];
  const lastComment = tokens.findLast((token) => token.kind === "comment");
  if (lastComment !== undefined && lastComment.end === offset && lastComment.text.startsWith("--")) return [];
  const last = written.at(-1);
  const word = unclosedName === null && last !== undefined && last.end === offset && last.kind === "name" ? last : null;
  const typed = unclosedName ?? word?.text ?? "";
  const before = word === null ? written : written.slice(0, -1);
  if (last !== undefined && word === null && last.end === offset && (last.kind === "number" || last.kind === "string")) return [];
  return ranked(candidatesBehind(before, fields, unclosedName !== null), typed);
}

function candidatesBehind(before: readonly Token[], fields: readonly Field[], fieldsOnly: boolean): readonly Completion[] {
  const last = before.at(-1);
  if (last?.text === ".") return memberCompletions(before, fields);
  const word = last?.kind === "name" ? last.text.toUpperCase() : "";
  const called = last?.text === "(" ? before.at(-2)?.text.toUpperCase() : undefined;
  if (called === "EXTRACT") return words(extractableUnits, "A part of a time.");
  if (word === "TO" || called === "TIMESTAMPADD" || called === "TIMESTAMPDIFF") return words(roundingUnits, "A unit of time.");
  if (word === "AS") return words(castTypes, "A type.");
  return allCompletions(fields, fieldsOnly);
}

const castTypes = ["STRING", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP"];

function words(labels: readonly string[], doc: string): readonly Completion[] {
  return labels.map((label) => ({ label, kind: "keyword", detail: "", doc, insert: label }));
}

/** The name that is being typed behind an opening backquote. */
function unclosedQuotedName(text: string, written: readonly Token[], offset: number): string | null {
  const rest = text.slice(written.at(-1)?.end ?? 0, offset).trimStart();
  return rest.startsWith("`") ? rest.slice(1) : null;
}

function memberCompletions(before: readonly Token[], fields: readonly Field[]): readonly Completion[] {
  let at = before.length - 2;
  const path: string[] = [];
  while (at >= 0 && (before[at].kind === "name" || before[at].kind === "quoted-name")) {
    path.unshift(before[at].text);
    if (before[at - 1]?.text !== ".") break;
    at -= 2;
  }
  let members = fields;
  for (const name of path) {
    const type: FieldType | undefined = members.find((field) => field.name === name)?.type;
    if (type?.kind !== "row") return [];
    members = type.fields;
  }
  return path.length === 0 ? [] : members.map(fieldCompletion);
}

function allCompletions(fields: readonly Field[], fieldsOnly: boolean): readonly Completion[] {
  const ownFields = fields.map(fieldCompletion);
  if (fieldsOnly) return ownFields;
  const functions = functionsTable.flatMap(functionCompletions);
  return [
    ...ownFields,
    ...functions,
    ...keywords.map(([label, doc]): Completion => ({ label, kind: "keyword", detail: "", doc, insert: label })),
  ];
}

function fieldCompletion(field: Field): Completion {
  const insert = isReservedWord(field.name) ? `\`${field.name}\`` : quoteSpecial(field.name);
  return { label: field.name, kind: "field", detail: showType(field.type), doc: "", insert };
}

/** Only names that could not be read bare need quotes here. */
function quoteSpecial(name: string): string {
  return /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name) ? name : quoteIdentifier(name);
}

function functionCompletions(definition: FunctionDefinition): readonly Completion[] {
  const { name, syntax, signatures, doc, aliases } = definition;
  const form = syntax !== null && /^[A-Z_]+\(/.test(syntax);
  const names = [...(syntax === null || form ? [name] : []), ...aliases].filter((candidate) => /^[A-Z]/.test(candidate));
  const detail = form && syntax !== null ? syntax : `${name}${signatures[0]?.shape ?? ""}`;
  const noArguments = signatures[0]?.parameters.length === 0;
  return names.map((label): Completion => ({ label, kind: "function", detail, doc, insert: noArguments ? `${label}()` : `${label}(` }));
}

/** Those that start with what was typed, then those that contain it; upper and lower case do not matter. */
function ranked(candidates: readonly Completion[], typed: string): readonly Completion[] {
  if (typed === "") return candidates;
  const sought = typed.toLowerCase();
  const starting = candidates.filter((candidate) => candidate.label.toLowerCase().startsWith(sought));
  const containing = candidates.filter((candidate) => candidate.label.toLowerCase().includes(sought) && !starting.includes(candidate));
  return [...starting, ...containing];
}
