/**
 * Randomness as a function of a place rather than of a history: the number at index i of a named stream
 * depends on the seed, the name and i alone. That is what lets a generator go on anywhere.
 * All arithmetic is exact in IEEE 754, so every JavaScript engine makes the same numbers.
 */

/** A named stream of random numbers under one seed. */
export type RandomStream = number & { readonly __randomStream?: never };

/** Mixes 32 bits; the function `triple32` of Chris Wellons' hash-prospector. */
function mix(value: number): number {
  let x = value ^ (value >>> 17);
  x = Math.imul(x, 0xed5ad4bb);
  x ^= x >>> 11;
  x = Math.imul(x, 0xac4c1b51);
  x ^= x >>> 15;
  x = Math.imul(x, 0x31848bab);
  return x ^ (x >>> 14);
}

/** The stream `name` under `seed`; other names and other seeds are independent of it. */
export function randomStream(seed: number, name: string): RandomStream {
  let state = mix(seed | 0);
  for (let i = 0; i < name.length; i++) state = mix(state ^ name.charCodeAt(i)) + 0x9e3779b9;
  return state | 0;
}

/** 32 random bits, not negative, at `index` (a whole number, 0 to 2^53 - 1). */
export function bitsAt(stream: RandomStream, index: number): number {
  const high = (index / 0x1_0000_0000) | 0;
  return mix(mix(stream ^ (index | 0)) + Math.imul(high, 0x85ebca6b)) >>> 0;
}

/** A number in [0, 1) at `index`. */
export function uniformAt(stream: RandomStream, index: number): number {
  return bitsAt(stream, index) / 0x1_0000_0000;
}

/** A whole number in [0, below) at `index`. */
export function integerAt(stream: RandomStream, index: number, below: number): number {
  return Math.floor(uniformAt(stream, index) * below);
}

/** Bounds by which `pick` chooses in proportion to `weights`. */
export function cumulative(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return Float64Array.from(weights, (weight) => {
    sum += weight;
    return sum / total;
  });
}

/** The index that the uniform number `u` falls on. */
export function pick(bounds: Float64Array, u: number): number {
  let i = 0;
  while (i < bounds.length - 1 && u >= bounds[i]) i++;
  return i;
}
