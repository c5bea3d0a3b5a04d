/** After so many bytes, records without a key go on to the next partition. */
export const bytesPerTurn = 64 << 10;

const seed = 0x9747b28c;
const factor = 0x5bd1e995;

/** MurmurHash2 (Appleby), 32 bits, with the seed of Kafka's own clients. */
export function murmur2(key: Uint8Array): number {
  const { length } = key;
  let hash = seed ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let part = key[at] | (key[at + 1] << 8) | (key[at + 2] << 16) | (key[at + 3] << 24);
    part = Math.imul(part, factor);
    part ^= part >>> 24;
    hash = Math.imul(hash, factor) ^ Math.imul(part, factor);
  }
  const left = length - at;
  if (left === 3) hash ^= key[at + 2] << 16;
  if (left >= 2) hash ^= key[at + 1] << 8;
  if (left >= 1) hash = Math.imul(hash ^ key[at], factor);
  hash = Math.imul(hash ^ (hash >>> 13), factor);
  return hash ^ (hash >>> 15);
}

/**
 * Chooses partitions as Kafka's own clients do: by the hash of the key, so that a key stays where other producers put it;
 * records without a key stick to one partition for a while, which makes for few large batches, and take turns over all.
 */
export class PartitionChooser {
  #turn: number;
  #bytes = 0;

  /** `start`: any number; where the turns begin. */
  constructor(start: number) {
    this.#turn = start;
  }

  choose(key: Uint8Array | null, bytes: number, partitions: number): number {
    if (key !== null) return (murmur2(key) & 0x7fffffff) % partitions;
    this.#bytes += bytes;
    if (this.#bytes > bytesPerTurn) {
      this.#bytes = bytes;
      this.#turn++;
    }
    return this.#turn % partitions;
  }
}
