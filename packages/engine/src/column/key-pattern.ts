/**
 * Bytes to be found at a place, eight at a time: the last eight overlap those before when the length is no multiple
 * of 8. Read as doubles, since ASCII never spells NaN or zero, so that comparing is exact. Shorter patterns are
 * compared four at a time.
 */
export interface KeyPattern {
  /** At least 4. */
  readonly length: number;
  readonly firstEight: number;
  readonly lastEight: number;
  /** What lies between the first and the last eight bytes, in eights. */
  readonly middle: Float64Array;
  readonly firstFour: number;
  readonly lastFour: number;
}

/** A pattern of at least four bytes; null when it is shorter or holds more than ASCII. */
export function createKeyPattern(bytes: Uint8Array): KeyPattern | null {
  if (bytes.length < 4 || bytes.some((byte) => byte >= 0x7f)) return null;
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const long = length >= 8;
  const middle = new Float64Array(Math.max(0, Math.ceil(length / 8) - 2));
  for (let i = 0; i < middle.length; i++) middle[i] = view.getFloat64((i + 1) * 8, true);
  return {
    length,
    firstEight: long ? view.getFloat64(0, true) : 0,
    lastEight: long ? view.getFloat64(length - 8, true) : 0,
    middle,
    firstFour: view.getInt32(0, true),
    lastFour: view.getInt32(length - 4, true),
  };
}

/** True when the pattern stands at `at`; the caller knows that so many bytes are there. */
export function matchesAt(pattern: KeyPattern, view: DataView, at: number): boolean {
  const { length } = pattern;
  if (length < 8) return view.getInt32(at, true) === pattern.firstFour && view.getInt32(at + length - 4, true) === pattern.lastFour;
  if (view.getFloat64(at, true) !== pattern.firstEight || view.getFloat64(at + length - 8, true) !== pattern.lastEight) return false;
  return length <= 16 || matchesMiddle(pattern.middle, view, at + 8);
}

function matchesMiddle(middle: Float64Array, view: DataView, at: number): boolean {
  for (let i = 0; i < middle.length; i++) if (view.getFloat64(at + i * 8, true) !== middle[i]) return false;
  return true;
}
