const digitBits = 11;
const digits = 1 << digitBits;
/** Fewer are sorted by comparison. */
const worthCounting = 256;
/** Up to so many of one time are put in order one by one. */
const fewEqual = 8;
const mostInt32 = 2 ** 31 - 1;

/**
 * Sorts ids by (time, rank), which are by id. Many with whole times that lie close together are sorted by the digits of their times
 * (radix sort, least significant digit first), which costs a fraction of comparing them.
 */
export function sortByTime(ids: Int32Array, time: Float64Array, rank: Float64Array): void {
  if (isInOrder(ids, time, rank)) return;
  const compare = (a: number, b: number): number => time[a] - time[b] || rank[a] - rank[b];
  const offsets = ids.length < worthCounting ? null : wholeOffsets(ids, time);
  if (offsets === null) ids.sort(compare);
  else {
    sortByOffsets(ids, offsets);
    orderEqual(ids, time, rank, compare);
  }
}

function isInOrder(ids: Int32Array, time: Float64Array, rank: Float64Array): boolean {
  for (let i = 1; i < ids.length; i++) {
    const [before, id] = [ids[i - 1], ids[i]];
    if (time[before] > time[id] || (time[before] === time[id] && rank[before] > rank[id])) return false;
  }
  return true;
}

/** How long after the earliest each time is; null when they are no whole numbers, or 31 bits are too few. */
function wholeOffsets(ids: Int32Array, time: Float64Array): Int32Array | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const id of ids) {
    const at = time[id];
    if (at < least) least = at;
    if (at > most) most = at;
  }
  if (!(most - least <= mostInt32)) return null;
  const offsets = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    const at = time[ids[i]];
    if (Math.floor(at) !== at) return null;
    offsets[i] = at - least;
  }
  return offsets;
}

function sortByOffsets(ids: Int32Array, offsets: Int32Array): void {
  let most = 0;
  for (const offset of offsets) if (offset > most) most = offset;
  let [fromIds, fromOffsets] = [ids, offsets];
  let [intoIds, intoOffsets]: Int32Array[] = [new Int32Array(ids.length), new Int32Array(ids.length)];
  const starts = new Int32Array(digits);
  for (let shift = 0; shift < 31 && most >>> shift > 0; shift += digitBits) {
    countDigits(fromOffsets, shift, starts);
    for (let i = 0; i < fromIds.length; i++) {
      const at = starts[(fromOffsets[i] >>> shift) & (digits - 1)]++;
      intoIds[at] = fromIds[i];
      intoOffsets[at] = fromOffsets[i];
    }
    [fromIds, intoIds] = [intoIds, fromIds];
    [fromOffsets, intoOffsets] = [intoOffsets, fromOffsets];
  }
  if (fromIds !== ids) ids.set(fromIds);
}

/** Where the first of each digit belongs. */
function countDigits(offsets: Int32Array, shift: number, starts: Int32Array): void {
  starts.fill(0);
  for (const offset of offsets) starts[(offset >>> shift) & (digits - 1)]++;
  let start = 0;
  for (let digit = 0; digit < digits; digit++) {
    const count = starts[digit];
    starts[digit] = start;
    start += count;
  }
}

/** Puts those of one time in order of their ranks. */
function orderEqual(ids: Int32Array, time: Float64Array, rank: Float64Array, compare: (a: number, b: number) => number): void {
  for (let from = 0, to = 0; from < ids.length; from = to) {
    for (to = from + 1; to < ids.length && time[ids[to]] === time[ids[from]]; ) to++;
    if (to - from === 1) continue;
    if (to - from > fewEqual) ids.subarray(from, to).sort(compare);
    else for (let i = from + 1; i < to; i++) insert(ids, from, i, rank);
  }
}

function insert(ids: Int32Array, from: number, at: number, rank: Float64Array): void {
  const id = ids[at];
  let place = at;
  for (; place > from && rank[ids[place - 1]] > rank[id]; place--) ids[place] = ids[place - 1];
  ids[place] = id;
}
