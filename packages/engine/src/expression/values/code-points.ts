/** Texts as sequences of Unicode characters (code points): a pair of surrogates is one. */

/** The number of characters. */
export function characterCount(text: string): number {
  let count = text.length;
  if (isPlain(text)) return count;
  for (let i = 0; i < text.length - 1; i++) {
    if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) {
      count--;
      i++;
    }
  }
  return count;
}

/** True when every character is a single UTF-16 unit, so that offsets and characters are the same. */
export function isPlain(text: string): boolean {
  return !/[\uD800-\uDFFF]/.test(text);
}

/** The UTF-16 offset of the character `index` (from 0), at most the length. */
export function offsetOfCharacter(text: string, index: number): number {
  let at = 0;
  for (let left = index; left > 0 && at < text.length; left--) {
    at += isHigh(text.charCodeAt(at)) && at + 1 < text.length && isLow(text.charCodeAt(at + 1)) ? 2 : 1;
  }
  return at;
}

/** Order by code points, which is the order of the UTF-8 bytes: negative, 0 or positive. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for characters above all others, but their units are below U+E000. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
