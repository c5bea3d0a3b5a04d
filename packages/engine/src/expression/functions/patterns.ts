import { maxProducedText } from "../values/bounded-text.ts";
import { regexExtract, regexFinds, regexReplace } from "../values/regex-pattern.ts";
import { define, type FunctionDefinition, signature } from "./function-definition.ts";

export const patterns: readonly FunctionDefinition[] = [
  define(
    "patterns",
    "REGEXP",
    "TRUE when the regular expression (RE2) is found somewhere in the text; anchor it with ^ and $ to match all of it.",
    [signature("text string, pattern regex -> boolean", regexFinds)],
    [
      ["REGEXP('error 42', '[0-9]+')", true],
      ["REGEXP('abc', '^b')", false],
    ],
  ),
  define(
    "patterns",
    "REGEXP_EXTRACT",
    "What the regular expression (RE2) first finds, or what one of its groups holds; NULL when it finds nothing.",
    [
      signature("text string, pattern regex -> string", (text: string, pattern: string) => regexExtract(text, pattern, 0)),
      signature("text string, pattern regex, group bigint -> string", regexExtract),
    ],
    [
      ["REGEXP_EXTRACT('id=42;', 'id=([0-9]+)', 1)", "42"],
      ["REGEXP_EXTRACT('id=42;', '[0-9]+')", "42"],
      ["REGEXP_EXTRACT('x', '[0-9]')", null],
    ],
  ),
  define(
    "patterns",
    "REGEXP_REPLACE",
    "The text with everything that the regular expression (RE2) finds replaced; the replacement is taken as it is.",
    [
      signature("text string, pattern regex, replacement string -> string", (text: string, pattern: string, replacement: string) =>
        regexReplace(text, pattern, replacement, maxProducedText),
      ),
    ],
    [["REGEXP_REPLACE('a1b22', '[0-9]+', '#')", "a#b#"]],
  ),
];
