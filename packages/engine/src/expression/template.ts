import { type Diagnostic, error, type Place } from "../diagnostics/diagnostic.ts";
import { failure, type Result, success } from "../diagnostics/result.ts";
import { type Field, stringType } from "../types/field-type.ts";
import { checkSyntax } from "./check-expression.ts";
import { maxExpressionLength, parseTokens } from "./parse-expression.ts";
import type { CallSyntax, CastSyntax, LiteralSyntax, Syntax } from "./syntax.ts";
import { maxExpressionDepth } from "./token-reader.ts";
import { tokenize } from "./tokens.ts";
import type { TypedExpression } from "./typed-expression.ts";

/** A piece of a template: text between holes (braces already single), or an expression. */
type Piece =
  | { readonly kind: "text"; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: "hole"; readonly syntax: Syntax; readonly start: number; readonly end: number };

/**
 * Checks a text with `{expression}` holes, in which `{{` and `}}` are braces. The result is a string
 * expression: the texts and the holes' values as text one after the other, where NULL is nothing. All
 * spans are offsets in the template. Never throws.
 */
export function checkTemplate(text: string, fields: readonly Field[], place: Place): Result<TypedExpression> {
  const pieces = readTemplate(text, place);
  if (!pieces.ok) return pieces;
  const length = writeExpression(text, pieces.value).length;
  if (length > maxExpressionLength) return failure([error("TEMPLATE_TOO_LONG", { length, limit: maxExpressionLength }, place)]);
  return checkSyntax(templateSyntax(pieces.value, text), text, fields, place, "string");
}

/** An expression with the same value as the template, for all that takes expressions only. */
export function templateToExpression(text: string, place: Place = {}): Result<string> {
  const pieces = readTemplate(text, place);
  if (!pieces.ok) return pieces;
  const expression = writeExpression(text, pieces.value);
  const { length } = expression;
  if (length > maxExpressionLength) return failure([error("TEMPLATE_TOO_LONG", { length, limit: maxExpressionLength }, place)]);
  return success(expression);
}

/** A template cut at its holes. */
export interface TemplateParts {
  /** The texts before, between and behind the holes: one more than there are holes. */
  readonly texts: readonly string[];
  /** The expressions in the holes, as text. */
  readonly holes: readonly string[];
}

/** The texts and the holes of a template, for those who put values into it themselves, each by its own rules. */
export function splitTemplate(text: string, place: Place = {}): Result<TemplateParts> {
  const pieces = readTemplate(text, place);
  if (!pieces.ok) return pieces;
  const texts = [""];
  const holes: string[] = [];
  for (const piece of pieces.value) {
    if (piece.kind === "text") texts[holes.length] = piece.text;
    else {
      holes.push(text.slice(piece.start + 1, piece.end - 1).trim());
      texts.push("");
    }
  }
  return success({ texts, holes });
}

function readTemplate(text: string, place: Place): Result<readonly Piece[]> {
  if (text.length > maxExpressionLength) {
    return failure([error("TEMPLATE_TOO_LONG", { length: text.length, limit: maxExpressionLength }, place)]);
  }
  const pieces: Piece[] = [];
  let words = "";
  let start = 0;
  let at = 0;
  const flush = (): void => {
    if (words !== "") pieces.push({ kind: "text", text: words, start, end: at });
    words = "";
  };
  while (at < text.length) {
    const character = text[at];
    if ((character === "{" || character === "}") && text[at + 1] === character) {
      words += character;
      at += 2;
    } else if (character === "}") {
      return failure([error("TEMPLATE_BRACE", {}, { ...place, span: { start: at, end: at + 1 } })]);
    } else if (character === "{") {
      flush();
      const hole = readHole(text, at, place);
      if ("code" in hole) return failure([hole]);
      pieces.push(hole);
      at = hole.end;
      start = at;
    } else {
      words += character;
      at += 1;
    }
  }
  flush();
  return success(pieces);
}

/** Every hole stands inside of CONCAT(COALESCE(CAST(…))). */
const wrappedLevels = 3;

/** The hole whose brace stands at `open`. */
function readHole(text: string, open: number, place: Place): Extract<Piece, { kind: "hole" }> | Diagnostic {
  const { tokens, problem, end } = tokenize(text, place, { start: open + 1, stopAtBrace: true });
  if (problem !== null) return problem;
  if (end >= text.length) return error("TEMPLATE_HOLE_OPEN", {}, { ...place, span: { start: open, end: open + 1 } });
  const parsed = parseTokens(tokens, place, maxExpressionDepth - wrappedLevels);
  if (!parsed.ok) return parsed.diagnostics[0];
  return { kind: "hole", syntax: parsed.value, start: open, end: end + 1 };
}

function templateSyntax(pieces: readonly Piece[], text: string): Syntax {
  const span = { start: 0, end: text.length };
  const args = pieces.map((piece): Syntax => (piece.kind === "text" ? textSyntax(piece.text, piece) : holeSyntax(piece.syntax)));
  if (args.length === 0) return textSyntax("", span);
  if (args.length === 1) return args[0];
  return callSyntax("CONCAT", args, span);
}

function textSyntax(text: string, { start, end }: { readonly start: number; readonly end: number }): LiteralSyntax {
  return { kind: "literal", type: stringType, value: text, span: { start, end }, depth: 1 };
}

/** COALESCE(CAST(value AS STRING), ''). */
function holeSyntax(value: Syntax): CallSyntax {
  const { span } = value;
  const cast: CastSyntax = { kind: "cast", value, to: { type: stringType, narrowed: null, span }, span, depth: value.depth + 1 };
  return callSyntax("COALESCE", [cast, textSyntax("", value.span)], value.span);
}

function callSyntax(name: string, args: readonly Syntax[], span: Syntax["span"]): CallSyntax {
  const depth = Math.max(...args.map((arg) => arg.depth)) + 1;
  return { kind: "call", name, operator: false, args, nameSpan: span, span, depth };
}

function writeExpression(text: string, pieces: readonly Piece[]): string {
  const written = pieces.map((piece) =>
    piece.kind === "text"
      ? `'${piece.text.replaceAll("'", "''")}'`
      : `COALESCE(CAST(${holeText(text.slice(piece.start + 1, piece.end - 1))} AS STRING), '')`,
  );
  if (written.length === 0) return "''";
  return written.length === 1 ? written[0] : `CONCAT(${written.join(", ")})`;
}

/** A line comment at the end of a hole must not swallow what follows. */
function holeText(source: string): string {
  const trimmed = source.trim();
  return trimmed.includes("--") ? `${trimmed}\n` : trimmed;
}
