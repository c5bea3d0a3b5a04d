/** Arithmetic on four bytes at a time, held little-endian in a 32-bit integer. */

/** Set in words that hold more than ASCII. */
export const nonAsciiMask = 0x80808080 | 0;

/**
 * Non-zero when the word holds a quote, a backslash or a control character. Its lowest set bit is the top bit of the
 * first of them; bits above that may be wrong.
 */
export function specialBytes(word: number): number {
  const quotes = word ^ 0x22222222;
  const slashes = word ^ 0x5c5c5c5c;
  return (((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes) | ((word - 0x20202020) & ~word)) & nonAsciiMask;
}

/** Index (0 to 3) of the first special byte of a non-zero answer of `specialBytes`. */
export function specialIndex(special: number): number {
  return (31 - Math.clz32(special & -special)) >> 3;
}

/** True when all four bytes are digits. */
export function isFourDigits(word: number): boolean {
  return (((word & 0xf0f0f0f0) ^ 0x30303030) | (((word + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030)) === 0;
}

/** The number that four digits spell. */
export function digitValue(word: number): number {
  const digits = word & 0x0f0f0f0f;
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
}
