import { isPlain, offsetOfCharacter } from "./code-points.ts";

/** Decides whether a text matches. */
export type TextMatcher = (text: string) => boolean;

/** A piece between two `%`: its characters, null for a `_`. */
type Segment = readonly (string | null)[];

const remembered = new Map<string, TextMatcher | null>();

/**
 * A LIKE pattern: `%` is any text, `_` any one character; a character behind `escaping` stands for itself. Null
 * when that is used wrongly (not before `%`, `_` or itself). No backtracking: segments are searched from
 * left to right, so that time grows with text × longest segment at worst. Patterns are remembered, up to a bound.
 */
export function likeMatcher(pattern: string, escaping: string | null): TextMatcher | null {
  const key = escaping === null ? `-${pattern}` : `+${escaping}${pattern}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const segments = split(pattern, escaping);
  const matcher = segments === null ? null : matcherOf(segments);
  if (remembered.size >= 256) remembered.clear();
  remembered.set(key, matcher);
  return matcher;
}

function split(pattern: string, escaping: string | null): readonly Segment[] | null {
  const segments: (string | null)[][] = [[]];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i];
    const last = segments[segments.length - 1];
    if (character === escaping) {
      i++;
      const escaped = characters[i];
      if (escaped !== "%" && escaped !== "_" && escaped !== escaping) return null;
      last.push(escaped);
    } else if (character === "%") segments.push([]);
    else last.push(character === "_" ? null : character);
  }
  return segments;
}

function matcherOf(segments: readonly Segment[]): TextMatcher {
  const plain = segments.every((segment) => !segment.includes(null));
  if (plain) return plainMatcher(segments.map((segment) => segment.join("")));
  return (text) => matchCharacters(segments, isPlain(text) ? text : [...text]);
}

/** Without `_`: prefix, suffix, and the pieces between them in order. */
function plainMatcher(pieces: readonly string[]): TextMatcher {
  const first = pieces[0];
  if (pieces.length === 1) return (text) => text === first;
  const last = pieces[pieces.length - 1];
  const middle = pieces.slice(1, -1).filter((piece) => piece !== "");
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    const end = text.length - last.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}

type Characters = string | readonly string[];

function matchCharacters(segments: readonly Segment[], text: Characters): boolean {
  const first = segments[0];
  if (segments.length === 1) return text.length === first.length && fits(first, text, 0);
  const last = segments[segments.length - 1];
  const end = text.length - last.length;
  if (end < first.length || !fits(first, text, 0) || !fits(last, text, end)) return false;
  let at = first.length;
  for (const segment of segments.slice(1, -1)) {
    while (at + segment.length <= end && !fits(segment, text, at)) at++;
    if (at + segment.length > end) return false;
    at += segment.length;
  }
  return true;
}

function fits(segment: Segment, text: Characters, at: number): boolean {
  for (let i = 0; i < segment.length; i++) if (segment[i] !== null && segment[i] !== text[at + i]) return false;
  return true;
}

/** True for a text that is a single character. */
export function isSingleCharacter(text: string): boolean {
  return text !== "" && offsetOfCharacter(text, 1) === text.length;
}
