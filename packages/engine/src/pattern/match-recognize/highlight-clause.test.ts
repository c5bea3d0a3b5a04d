import { expect, test } from "vitest";
import { highlightClause } from "./highlight-clause.ts";

test("words of the clause stand out from names and from what cannot be read", () => {
  const text = "PATTERN (first* last?) DEFINE last AS LAST(a.one) > 1 ?? == 2";
  const pieces = highlightClause(text).map(({ start, end, kind }) => `${text.slice(start, end)} ${kind}`);
  expect(pieces).toEqual([
    "PATTERN keyword",
    "( punctuation",
    "first keyword",
    "* operator",
    "last keyword",
    "? operator",
    ") punctuation",
    "DEFINE keyword",
    "last keyword",
    "AS keyword",
    "LAST function",
    "( punctuation",
    "a field",
    ". punctuation",
    "one field",
    ") punctuation",
    "> operator",
    "1 number",
    "? operator",
    "? operator",
    " == 2 error",
  ]);
});
