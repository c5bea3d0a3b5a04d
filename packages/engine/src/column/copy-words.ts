/** How far beyond its end a run of bytes that is copied by `copyWords` may be read and written. */
export const wordSlack = 3;

/**
 * Copies bytes four at a time, at a third of the cost of one at a time; for runs that are too short for `set` to be worth the view
 * that it takes. Up to `wordSlack` bytes behind the run are read, and written over.
 */
export function copyWords(from: DataView, start: number, length: number, into: DataView, at: number): void {
  const shift = at - start;
  for (let i = start; i < start + length; i += 4) into.setInt32(i + shift, from.getInt32(i, true), true);
}

/** Whether two runs of bytes are the same. Up to `wordSlack` bytes behind each are read. */
export function sameWords(a: DataView, aStart: number, b: DataView, bStart: number, length: number): boolean {
  const shift = bStart - aStart;
  const end = aStart + length;
  let at = aStart;
  for (; at + 4 <= end; at += 4) if (a.getInt32(at, true) !== b.getInt32(at + shift, true)) return false;
  // The last word counts as far as it belongs to the runs.
  return at === end || ((a.getInt32(at, true) ^ b.getInt32(at + shift, true)) & ((1 << ((end - at) * 8)) - 1)) === 0;
}

/**
 * As `copyWords`, of bytes that can stand in a JSON string as they are; false when there is one that cannot (a control
 * character, a quote, a backslash) among those read. The slack counts: what is false may still be plain.
 */
export function copyPlainWords(from: DataView, start: number, length: number, into: DataView, at: number): boolean {
  const shift = at - start;
  let special = 0;
  for (let i = start; i < start + length; i += 4) {
    const word = from.getInt32(i, true);
    into.setInt32(i + shift, word, true);
    special |= specialBytes(word);
  }
  return special === 0;
}

/** Not 0 when one of the four bytes is below a space, a quote or a backslash ("determine if a word has a zero byte", Bit Twiddling Hacks, S. E. Anderson). */
function specialBytes(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const below = (word - 0x20202020) & ~word;
  return (below | ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash)) & -0x7f7f7f80;
}
