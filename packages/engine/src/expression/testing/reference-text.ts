import { RE2JS } from "re2js";
import { type ReferenceFunction, strict, textOrNull } from "./reference-function.ts";

/** Characters: pairs are one. */
const chars = (text: string): string[] => Array.from(text);

function ofText(evaluate: (text: string, ...rest: readonly string[]) => unknown): ReferenceFunction {
  return strict((args) => evaluate(String(args[0]), ...args.slice(1).map(String)));
}

function trim(left: boolean, right: boolean): ReferenceFunction {
  return ofText((text, characters = " ") => {
    const gone = new Set(chars(characters));
    const all = chars(text);
    const isKept = (char: string): boolean => !gone.has(char);
    const from = left ? all.findIndex(isKept) : 0;
    const to = right ? all.findLastIndex(isKept) + 1 : all.length;
    return from < 0 ? "" : all.slice(from, to).join("");
  });
}

function pad(left: boolean): ReferenceFunction {
  return strict(([text, length, padding]) => {
    const [all, wanted, filler] = [chars(String(text)), Number(length), chars(String(padding))];
    if (wanted < 0 || filler.length === 0 || wanted > 65_536) return null;
    if (all.length >= wanted) return all.slice(0, wanted).join("");
    const missing = Array.from({ length: wanted - all.length }, (_, i) => filler[i % filler.length]).join("");
    return textOrNull(left ? missing + all.join("") : all.join("") + missing);
  });
}

/** Whether a text fits a LIKE pattern, by trying everything; NULL: the pattern is none. */
function like(text: readonly string[], pattern: readonly string[], escaping: string | null): boolean | null {
  const wanted: { readonly any: "one" | "many" | null; readonly char: string }[] = [];
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === escaping) {
      const next = pattern.at(i + 1);
      if (next === undefined || (next !== "%" && next !== "_" && next !== escaping)) return null;
      wanted.push({ any: null, char: next });
      i++;
    } else wanted.push({ any: pattern[i] === "%" ? "many" : pattern[i] === "_" ? "one" : null, char: pattern[i] });
  }
  // fits[j]: the text read so far fits the first j pieces.
  let fits = wanted.map(() => false);
  fits = [true, ...fits];
  wanted.forEach(({ any }, j) => {
    fits[j + 1] = fits[j] && any === "many";
  });
  for (const char of text) {
    const next = [false, ...wanted.map(() => false)];
    wanted.forEach((piece, j) => {
      if (piece.any === "many") next[j + 1] = next[j] || fits[j + 1];
      else next[j + 1] = fits[j] && (piece.any === "one" || piece.char === char);
    });
    fits = next;
  }
  return fits[wanted.length];
}

/** What RE2 makes of a pattern; null when it is none. */
function regex(pattern: string): RE2JS | null {
  if (pattern.length > 4096) return null;
  try {
    return RE2JS.compile(pattern);
  } catch {
    return null;
  }
}

function locate(sought: string, text: string, start: number): number {
  if (start < 1) return 0;
  const skipped = chars(text)
    .slice(0, start - 1)
    .join("").length;
  const at = text.indexOf(sought, skipped);
  return at < 0 ? 0 : chars(text.slice(0, at)).length + 1;
}

/** Text and patterns. */
export const referenceText: Readonly<Record<string, ReferenceFunction>> = {
  "||": strict((args) => textOrNull(args.map(String).join(""))),
  CONCAT: strict((args) => textOrNull(args.map(String).join(""))),
  CONCAT_WS: ([separator, ...texts]) =>
    separator === null ? null : textOrNull(texts.filter((text) => text !== null).join(String(separator))),
  LIKE: strict(([text, pattern, escaping]) =>
    like(chars(String(text)), chars(String(pattern)), escaping === undefined ? null : String(escaping)),
  ),
  UPPER: ofText((text) => text.toUpperCase()),
  LOWER: ofText((text) => text.toLowerCase()),
  INITCAP: ofText((text) =>
    text.replace(/[\p{L}\p{N}]+/gu, (word) => {
      const [first, ...rest] = chars(word);
      return first.toUpperCase() + rest.join("").toLowerCase();
    }),
  ),
  TRIM: trim(true, true),
  LTRIM: trim(true, false),
  RTRIM: trim(false, true),
  CHAR_LENGTH: ofText((text) => chars(text).length),
  SUBSTRING: strict(([text, start, length = Number.MAX_SAFE_INTEGER]) => {
    const [all, from, count] = [chars(String(text)), Number(start), Number(length)];
    if (count < 0) return null;
    const at = from > 0 ? from - 1 : from < 0 ? all.length + from : 0;
    return at < 0 ? "" : all.slice(at, at + count).join("");
  }),
  LEFT: strict(([text, count]) =>
    chars(String(text))
      .slice(0, Math.max(0, Number(count)))
      .join(""),
  ),
  RIGHT: strict(([text, count]) => {
    const all = chars(String(text));
    return Number(count) <= 0 ? "" : all.slice(Math.max(0, all.length - Number(count))).join("");
  }),
  POSITION: strict(([sought, text]) => locate(String(sought), String(text), 1)),
  LOCATE: strict(([sought, text, start = 1]) => locate(String(sought), String(text), Number(start))),
  REPLACE: ofText((text, sought, replacement) => {
    const pieces = sought === "" ? ["", ...chars(text), ""] : text.split(sought);
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0) + (pieces.length - 1) * replacement.length;
    return length > 65_536 ? null : pieces.join(replacement);
  }),
  LPAD: pad(true),
  RPAD: pad(false),
  REPEAT: strict(([text, count]) => {
    const [piece, times] = [String(text), Number(count)];
    if (times <= 0 || piece === "") return "";
    return piece.length * times > 65_536 ? null : Array.from({ length: times }, () => piece).join("");
  }),
  REVERSE: ofText((text) => chars(text).reverse().join("")),
  STARTSWITH: ofText((text, start) => text.slice(0, start.length) === start),
  ENDSWITH: ofText((text, end) => end === "" || text.slice(-end.length) === end),
  CONTAINS: ofText((text, sought) => text.indexOf(sought) >= 0),
  SPLIT_INDEX: strict(([text, separator, index]) => {
    const at = Number(index);
    if (at < 0 || text === "") return null;
    return String(text).split(separator === "" ? /\s/ : String(separator))[at] ?? null;
  }),
  REGEXP: ofText((text, pattern) => (pattern === "" ? false : (regex(pattern)?.matcher(text).find() ?? null))),
  REGEXP_EXTRACT: strict(([text, pattern, group = 0]) => {
    const matcher = regex(String(pattern))?.matcher(String(text));
    if (matcher === undefined || !matcher.find() || Number(group) < 0 || Number(group) > matcher.groupCount()) return null;
    return matcher.group(Number(group));
  }),
  REGEXP_REPLACE: ofText((text, pattern, replacement) => {
    const matcher = regex(pattern)?.matcher(text);
    if (matcher === undefined) return null;
    const pieces: string[] = [];
    let last = 0;
    while (matcher.find()) {
      pieces.push(text.slice(last, matcher.start()), replacement);
      last = matcher.end();
    }
    return textOrNull([...pieces, text.slice(last)].join(""));
  }),
};
