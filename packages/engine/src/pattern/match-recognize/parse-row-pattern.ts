import { maxGroupDepth } from "../../node/params.ts";
import type { RowElement, RowQuantifier } from "./clause.ts";
import type { ClauseReader } from "./clause-reader.ts";

const once: RowQuantifier = { min: 1, max: 1, reluctant: false };

/** Parses what stands in the parentheses of PATTERN, and the closing one. */
export function parseRowPattern(reader: ClauseReader, depth = 0): readonly RowElement[] {
  const elements: RowElement[] = [];
  while (!reader.eatSymbol(")")) elements.push(parseElement(reader, depth));
  if (elements.length === 0) reader.fail("a variable");
  return elements;
}

function parseElement(reader: ClauseReader, depth: number): RowElement {
  const token = reader.peek();
  if (reader.isSymbol("|")) reader.failUnreadable("alternation", token);
  if (reader.isSymbol("^") || reader.isSymbol("$")) reader.failUnreadable("anchor", token);
  if (reader.isSymbol("{")) reader.failUnreadable("exclusion", token);
  if (reader.isWords("PERMUTE") && reader.isSymbol("(", 1)) reader.failUnreadable("permute", token);
  if (reader.eatSymbol("(")) {
    if (depth >= maxGroupDepth) reader.failUnreadable("deep-group", token);
    const elements = parseRowPattern(reader, depth + 1);
    const quantifier = parseQuantifier(reader);
    if (quantifier.max === 0) reader.failUnreadable("zero-times", token);
    return { kind: "group", elements, quantifier, span: { start: token.start, end: reader.peek().start } };
  }
  const { text } = reader.expectName("a variable");
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(text)) reader.failUnreadable("name", token, text);
  const quantifier = parseQuantifier(reader);
  if (quantifier.max === 0) reader.failUnreadable("zero-times", token, text);
  return { kind: "variable", name: text, quantifier, span: { start: token.start, end: token.end } };
}

function parseQuantifier(reader: ClauseReader): RowQuantifier {
  const counts = parseCounts(reader);
  return counts === null ? once : { ...counts, reluctant: reader.eatSymbol("?") };
}

function parseCounts(reader: ClauseReader): Omit<RowQuantifier, "reluctant"> | null {
  if (reader.eatSymbol("*")) return { min: 0, max: null };
  if (reader.eatSymbol("+")) return { min: 1, max: null };
  if (reader.eatSymbol("?")) return { min: 0, max: 1 };
  if (!reader.isSymbol("{") || reader.isSymbol("-", 1)) return null;
  reader.expectSymbol("{");
  const min = reader.isSymbol(",") ? 0 : parseCount(reader);
  const max = !reader.eatSymbol(",") ? min : reader.isSymbol("}") ? null : parseCount(reader);
  reader.expectSymbol("}");
  return { min, max };
}

function parseCount(reader: ClauseReader): number {
  const { kind, text } = reader.peek();
  if (kind !== "number" || !/^\d{1,3}$/.test(text) || Number(text) > 100) reader.fail("a number of times up to 100");
  reader.next();
  return Number(text);
}
