import { bounded, joinBounded, maxProducedText, repeatBounded, replaceBounded } from "../values/bounded-text.ts";
import { characterCount, isPlain, offsetOfCharacter } from "../values/code-points.ts";
import { likeMatcher } from "../values/like-pattern.ts";
import { define, type FunctionDefinition, signature } from "./function-definition.ts";

/** From the character `start` (from 1; negative counts from the end), `length` characters. */
function substring(text: string, start: number, length: number = Number.MAX_SAFE_INTEGER): string | null {
  if (length < 0) return null;
  const plain = isPlain(text);
  const count = plain ? text.length : characterCount(text);
  const from = start > 0 ? start - 1 : start < 0 ? count + start : 0;
  if (from < 0 || from >= count) return "";
  const to = Math.min(count, from + length);
  return plain ? text.slice(from, to) : text.slice(offsetOfCharacter(text, from), offsetOfCharacter(text, to));
}

/** 1-based position in characters from `start` on, 0 when it does not occur. */
function locate(sought: string, text: string, start = 1): number {
  if (start < 1) return 0;
  const at = text.indexOf(sought, offsetOfCharacter(text, start - 1));
  return at === -1 ? 0 : characterCount(text.slice(0, at)) + 1;
}

function pad(text: string, length: number, padding: string, left: boolean): string | null {
  if (length < 0 || padding === "" || length > maxProducedText) return null;
  const count = characterCount(text);
  if (count >= length) return text.slice(0, offsetOfCharacter(text, length));
  const missing = length - count;
  const repeated = padding.repeat(Math.ceil(missing / characterCount(padding)));
  const filler = repeated.slice(0, offsetOfCharacter(repeated, missing));
  return bounded(left ? filler + text : text + filler);
}

/** Half of a character is none of the characters. */
function holds(characters: string, character: string): boolean {
  return isPlain(characters) ? characters.includes(character) : [...characters].includes(character);
}

function trimLeft(text: string, characters = " "): string {
  let at = 0;
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (!holds(characters, character)) break;
    at += character.length;
  }
  return text.slice(at);
}

function trimRight(text: string, characters = " "): string {
  let end = text.length;
  while (end > 0) {
    const pair = end > 1 ? text.slice(end - 2, end) : "";
    const character = characterCount(pair) === 1 && pair.length === 2 ? pair : text[end - 1];
    if (!holds(characters, character)) break;
    end -= character.length;
  }
  return text.slice(0, end);
}

function concatenate(...texts: readonly string[]): string | null {
  return joinBounded(texts);
}

function concatenateWith(separator: string | null, ...texts: readonly (string | null)[]): string | null {
  return separator === null
    ? null
    : joinBounded(
        texts.filter((text) => text !== null),
        separator,
      );
}

/** Part `index` (from 0) of the text between separators; an empty separator splits at white space. */
function splitIndex(text: string, separator: string, index: number): string | null {
  if (index < 0 || text === "") return null;
  if (separator === "") return text.split(/\s/)[index] ?? null;
  let from = 0;
  for (let left = index; left > 0; left--) {
    const at = text.indexOf(separator, from);
    if (at === -1) return null;
    from = at + separator.length;
  }
  const end = text.indexOf(separator, from);
  return end === -1 ? text.slice(from) : text.slice(from, end);
}

function capitalise(text: string): string {
  return text.replace(/[\p{L}\p{N}]+/gu, (word) => {
    const first = offsetOfCharacter(word, 1);
    return word.slice(0, first).toUpperCase() + word.slice(first).toLowerCase();
  });
}

function left(text: string, count: number): string {
  return count <= 0 ? "" : text.slice(0, offsetOfCharacter(text, count));
}

function right(text: string, count: number): string {
  return count <= 0 ? "" : text.slice(offsetOfCharacter(text, Math.max(0, characterCount(text) - count)));
}

function like(text: string, pattern: string, escaping: string | null = null): boolean | null {
  return likeMatcher(pattern, escaping)?.(text) ?? null;
}

export const text: readonly FunctionDefinition[] = [
  define(
    "text",
    "||",
    "Texts one after the other; NULL when one is NULL.",
    [signature("text string... -> string", concatenate)],
    [["'a' || 'b' || 'c'", "abc"]],
    {
      syntax: "a || b",
    },
  ),
  define(
    "text",
    "LIKE",
    "TRUE when the text fits the pattern: % is any text, _ any one character, as they stand behind the ESCAPE character. Upper and lower case differ.",
    [signature("text string, pattern string -> boolean", like), signature("text string, pattern string, escape escape -> boolean", like)],
    [
      ["'sensor-12' LIKE 'sensor-%'", true],
      ["'abc' LIKE 'a_'", false],
      ["'50%' LIKE '50!%' ESCAPE '!'", true],
    ],
    { syntax: "a LIKE pattern" },
  ),
  define(
    "text",
    "UPPER",
    "The text in upper case.",
    [signature("text string -> string", (s: string) => s.toUpperCase())],
    [["UPPER('abc')", "ABC"]],
  ),
  define(
    "text",
    "LOWER",
    "The text in lower case.",
    [signature("text string -> string", (s: string) => s.toLowerCase())],
    [["LOWER('ABC')", "abc"]],
  ),
  define(
    "text",
    "INITCAP",
    "Every word with its first letter in upper case and the rest in lower case.",
    [signature("text string -> string", capitalise)],
    [["INITCAP('new yORK')", "New York"]],
  ),
  define(
    "text",
    "TRIM",
    "The text without the spaces at both ends, or without those characters.",
    [
      signature("text string -> string", (s: string) => trimRight(trimLeft(s))),
      signature("text string, characters string -> string", (s: string, c: string) => trimRight(trimLeft(s, c), c)),
    ],
    [
      ["TRIM('  a  ')", "a"],
      ["TRIM(BOTH 'x' FROM 'xxaxx')", "a"],
    ],
    { syntax: "TRIM([BOTH | LEADING | TRAILING] [characters] FROM text)" },
  ),
  define(
    "text",
    "LTRIM",
    "The text without the spaces at its start, or without those characters.",
    [signature("text string -> string", (s: string) => trimLeft(s)), signature("text string, characters string -> string", trimLeft)],
    [
      ["LTRIM('  a ')", "a "],
      ["TRIM(LEADING '0' FROM '007')", "7"],
    ],
  ),
  define(
    "text",
    "RTRIM",
    "The text without the spaces at its end, or without those characters.",
    [signature("text string -> string", (s: string) => trimRight(s)), signature("text string, characters string -> string", trimRight)],
    [
      ["RTRIM(' a  ')", " a"],
      ["TRIM(TRAILING '/' FROM 'a/b/')", "a/b"],
    ],
  ),
  define(
    "text",
    "CHAR_LENGTH",
    "The number of characters.",
    [signature("text string -> bigint", characterCount)],
    [
      ["CHAR_LENGTH('abc')", 3],
      ["LENGTH('')", 0],
    ],
    {
      aliases: ["LENGTH", "CHARACTER_LENGTH"],
    },
  ),
  define(
    "text",
    "SUBSTRING",
    "Characters from a position on (from 1; a negative one counts from the end), to the end or as many as given.",
    [
      signature("text string, start bigint -> string", substring),
      signature("text string, start bigint, length bigint -> string", substring),
    ],
    [
      ["SUBSTRING('abcdef', 3)", "cdef"],
      ["SUBSTRING('abcdef' FROM 2 FOR 3)", "bcd"],
      ["SUBSTRING('abcdef', -2)", "ef"],
    ],
    { aliases: ["SUBSTR"] },
  ),
  define(
    "text",
    "LEFT",
    "That many characters from the start.",
    [signature("text string, count bigint -> string", left)],
    [["LEFT('abc', 2)", "ab"]],
  ),
  define(
    "text",
    "RIGHT",
    "That many characters from the end.",
    [signature("text string, count bigint -> string", right)],
    [["RIGHT('abc', 2)", "bc"]],
  ),
  define(
    "text",
    "POSITION",
    "Where a text first occurs in another, from 1; 0 when it does not.",
    [signature("sought string, text string -> bigint", (sought: string, s: string) => locate(sought, s))],
    [
      ["POSITION('b' IN 'abc')", 2],
      ["POSITION('x' IN 'abc')", 0],
    ],
    { syntax: "POSITION(sought IN text)" },
  ),
  define(
    "text",
    "LOCATE",
    "Where a text first occurs in another from a position on, from 1; 0 when it does not.",
    [
      signature("sought string, text string -> bigint", (sought: string, s: string) => locate(sought, s)),
      signature("sought string, text string, start bigint -> bigint", locate),
    ],
    [["LOCATE('b', 'abcb', 3)", 4]],
  ),
  define(
    "text",
    "CONCAT",
    "Texts one after the other; NULL when one is NULL.",
    [signature("text string... -> string", concatenate)],
    [
      ["CONCAT('a', 'b')", "ab"],
      ["CONCAT('a', NULL)", null],
    ],
  ),
  define(
    "text",
    "CONCAT_WS",
    "Texts one after the other with the first argument between them; those that are NULL are left out.",
    [signature("separator string, text string... -> string", concatenateWith, { nulls: "see" })],
    [["CONCAT_WS('-', 'a', NULL, 'b')", "a-b"]],
  ),
  define(
    "text",
    "REPLACE",
    "The text with every occurrence of one text replaced by another.",
    [signature("text string, sought string, replacement string -> string", replaceBounded)],
    [
      ["REPLACE('a-b-c', '-', '+')", "a+b+c"],
      ["REPLACE('a😀', '', '-')", "-a-😀-"],
    ],
  ),
  define(
    "text",
    "LPAD",
    "The text filled up at its start to that many characters, or cut to them.",
    [signature("text string, length bigint, padding string -> string", (s: string, n: number, p: string) => pad(s, n, p, true))],
    [
      ["LPAD('7', 3, '0')", "007"],
      ["LPAD('abc', 2, '0')", "ab"],
    ],
  ),
  define(
    "text",
    "RPAD",
    "The text filled up at its end to that many characters, or cut to them.",
    [signature("text string, length bigint, padding string -> string", (s: string, n: number, p: string) => pad(s, n, p, false))],
    [["RPAD('7', 3, 'ab')", "7ab"]],
  ),
  define(
    "text",
    "REPEAT",
    "The text that many times; NULL when that is longer than 64 KB.",
    [signature("text string, count bigint -> string", repeatBounded)],
    [
      ["REPEAT('ab', 3)", "ababab"],
      ["REPEAT('ab', 1000000)", null],
    ],
  ),
  define(
    "text",
    "REVERSE",
    "The characters in reverse order.",
    [signature("text string -> string", (s: string) => (isPlain(s) ? s.split("") : [...s]).reverse().join(""))],
    [["REVERSE('abc')", "cba"]],
  ),
  define(
    "text",
    "STARTSWITH",
    "TRUE when the text starts with another.",
    [signature("text string, start string -> boolean", (s: string, start: string) => s.startsWith(start))],
    [["STARTS_WITH('abc', 'ab')", true]],
    { aliases: ["STARTS_WITH"], flink: ([s, start]) => `(POSITION(${start} IN ${s}) = 1)` },
  ),
  define(
    "text",
    "ENDSWITH",
    "TRUE when the text ends with another.",
    [signature("text string, end string -> boolean", (s: string, end: string) => s.endsWith(end))],
    [["ENDS_WITH('abc', 'ab')", false]],
    { aliases: ["ENDS_WITH"], flink: ([s, end]) => `(POSITION(REVERSE(${end}) IN REVERSE(${s})) = 1)` },
  ),
  define(
    "text",
    "CONTAINS",
    "TRUE when a text occurs in another.",
    [signature("text string, sought string -> boolean", (s: string, sought: string) => s.includes(sought))],
    [["CONTAINS('abc', 'bc')", true]],
    { flink: ([s, sought]) => `(POSITION(${sought} IN ${s}) > 0)` },
  ),
  define(
    "text",
    "SPLIT_INDEX",
    "A part of the text between separators, from 0; NULL when there is none.",
    [signature("text string, separator string, index bigint -> string", splitIndex)],
    [
      ["SPLIT_INDEX('a/b/c', '/', 1)", "b"],
      ["SPLIT_INDEX('a/b/c', '/', 3)", null],
    ],
  ),
];
