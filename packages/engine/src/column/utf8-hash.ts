/** Start value of a hash over bytes: words of four bytes by `mixWord`, then what is left and the length by `hashTail`. */
export const hashSeed = 0x811c9dc5 | 0;

/** Mixes four bytes (little-endian) into a hash, after MurmurHash3 (A. Appleby). */
export function mixWord(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Ends a hash: up to three bytes in `tail`, and the length of the whole. */
export function hashTail(hash: number, tail: number, length: number): number {
  return mixWord(hash, tail) ^ length;
}

/** The hash of all the bytes. */
export function hashOf(bytes: Uint8Array): number {
  let hash = hashSeed;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4)
    hash = mixWord(hash, bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
  let tail = 0;
  for (let shift = 0; at < bytes.length; at++, shift += 8) tail |= bytes[at] << shift;
  return hashTail(hash, tail, bytes.length);
}

/** Spreads a hash over the low bits, by which slots are chosen. */
export function spreadHash(hash: number): number {
  return hash ^ (hash >>> 15);
}
