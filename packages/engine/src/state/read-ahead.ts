/** Of no meaning: what is read has to go somewhere, or it is not read. */
const met = new Float64Array(1);

/**
 * Reads `values[at[0…count)]`, which brings them into the cache. Reads that wait for nothing overlap; in a loop that writes what it has
 * read, or branches by it, each waits for memory by itself, which takes two to three times as long where the values are many.
 */
export function readAhead(values: Float64Array, at: Int32Array, count: number): void {
  let sum = 0;
  for (let p = 0; p < count; p++) sum += values[at[p]];
  met[0] = sum;
}

/** As `readAhead`. A loop for each kind of array: one for both would ask at every number which it is. */
export function readAheadInts(values: Int32Array, at: Int32Array, count: number): void {
  let bits = 0;
  for (let p = 0; p < count; p++) bits ^= values[at[p]];
  met[0] = bits;
}
