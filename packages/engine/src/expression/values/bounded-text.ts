import { characterCount } from "./code-points.ts";

/** The longest text that a function may produce, in UTF-16 units; a longer one is NULL. */
export const maxProducedText = 65_536;

/** The text, or null when it is too long. */
export function bounded(text: string): string | null {
  return text.length > maxProducedText ? null : text;
}

/** All texts one after the other; null as soon as the bound is exceeded. */
export function joinBounded(texts: readonly string[], separator = ""): string | null {
  let length = separator.length * Math.max(0, texts.length - 1);
  for (const text of texts) length += text.length;
  return length > maxProducedText ? null : texts.join(separator);
}

/** Replaces every occurrence; null when the result would exceed the bound. */
export function replaceBounded(text: string, sought: string, replacement: string): string | null {
  if (sought === "") {
    const length = text.length + replacement.length * (characterCount(text) + 1);
    // With u no character is cut in two.
    return length > maxProducedText ? null : text.replaceAll(/(?:)/gu, () => replacement);
  }
  // What does not grow is within bounds while it is made.
  if (replacement.length <= sought.length) return bounded(text.split(sought).join(replacement));
  let length = text.length;
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + sought.length)) {
    length += replacement.length - sought.length;
  }
  return length > maxProducedText ? null : text.split(sought).join(replacement);
}

/** `text` `count` times; null when that would exceed the bound. */
export function repeatBounded(text: string, count: number): string | null {
  if (count <= 0 || text === "") return "";
  return text.length * count > maxProducedText ? null : text.repeat(count);
}
