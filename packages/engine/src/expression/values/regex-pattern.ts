import { RE2JS } from "re2js";

/** A pattern, or why there is none and where in its text. */
export type CompiledRegex =
  | { readonly ok: true; readonly regex: RE2JS }
  | { readonly ok: false; readonly unsupported: string | null; readonly reason: string; readonly at: number; readonly length: number };

/** How many compiled patterns are remembered. */
const maxRemembered = 256;
/** The longest pattern: those that records carry may be longer than those in an expression. */
const maxPatternLength = 4096;

const remembered = new Map<string, CompiledRegex>();

/**
 * Compiles a pattern with RE2 semantics: matching takes time linear in the text, whatever the pattern.
 * Patterns are compiled once and remembered, the oldest ones are forgotten first.
 */
export function compileRegex(pattern: string): CompiledRegex {
  const known = remembered.get(pattern);
  if (known !== undefined) return known;
  const compiled = compile(pattern);
  if (remembered.size >= maxRemembered) {
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest);
      break;
    }
  }
  remembered.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): CompiledRegex {
  if (pattern.length > maxPatternLength) {
    return { ok: false, unsupported: null, reason: `it is longer than ${maxPatternLength} characters`, at: 0, length: pattern.length };
  }
  const unsupported = findUnsupported(pattern);
  if (unsupported !== null) return unsupported;
  try {
    return { ok: true, regex: RE2JS.compile(pattern) };
  } catch (problem) {
    // Everything that RE2JS throws for a pattern is an Error whose message holds the reason.
    const reason = problem instanceof Error ? problem.message.replace(/^error parsing regexp: /, "") : "it cannot be read";
    return { ok: false, unsupported: null, reason, at: 0, length: pattern.length };
  }
}

/** Constructs that need backtracking. */
const constructs: readonly (readonly [RegExp, string])[] = [
  [/\\[1-9]\d*/y, "backreference"],
  [/\\k[<{']/y, "backreference"],
  [/\(\?P=/y, "backreference"],
  [/\(\?=/y, "lookahead"],
  [/\(\?!/y, "negative lookahead"],
  [/\(\?<=/y, "lookbehind"],
  [/\(\?<!/y, "negative lookbehind"],
  [/\(\?>/y, "atomic group"],
  [/\(\?\(/y, "conditional group"],
  [/\(\?(?:R|\d+|&)/y, "recursion"],
  [/(?:[*+?]|\{\d+(?:,\d*)?\})\+/y, "possessive quantifier"],
];

function findUnsupported(pattern: string): CompiledRegex | null {
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    if (!inClass) {
      for (const [sticky, name] of constructs) {
        sticky.lastIndex = at;
        if (sticky.test(pattern))
          return { ok: false, unsupported: name, reason: pattern.slice(at, sticky.lastIndex), at, length: sticky.lastIndex - at };
      }
    }
    const character = pattern[at];
    if (pattern.startsWith("\\Q", at) && !inClass) {
      const close = pattern.indexOf("\\E", at + 2);
      at = close === -1 ? pattern.length : close + 1;
    } else if (character === "\\") at++;
    else if (inClass && pattern.startsWith("[:", at)) {
      const close = pattern.indexOf(":]", at + 2);
      if (close !== -1) at = close + 1;
    } else if (character === "[") {
      if (!inClass) {
        inClass = true;
        if (pattern[at + 1] === "^") at++;
        if (pattern[at + 1] === "]") at++;
      }
    } else if (character === "]") inClass = false;
  }
  return null;
}

/** True when the pattern is found somewhere in the text. */
export function regexFinds(text: string, pattern: string): boolean | null {
  if (pattern === "") return false;
  const compiled = compileRegex(pattern);
  return compiled.ok ? compiled.regex.test(text) : null;
}

/** What a group (0 = all) of the first match holds; null without a match or without that group. */
export function regexExtract(text: string, pattern: string, group: number): string | null {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) return null;
  const matcher = compiled.regex.matcher(text);
  if (!matcher.find() || group < 0 || group > matcher.groupCount()) return null;
  return matcher.group(group);
}

/** Replaces every match by a text that is taken as it is; null when the result is longer than `maxLength`. */
export function regexReplace(text: string, pattern: string, replacement: string, maxLength: number): string | null {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) return null;
  const matcher = compiled.regex.matcher(text);
  let result = "";
  let last = 0;
  while (matcher.find()) {
    result += text.slice(last, matcher.start()) + replacement;
    last = matcher.end();
    if (result.length > maxLength) return null;
  }
  result += text.slice(last);
  return result.length > maxLength ? null : result;
}
