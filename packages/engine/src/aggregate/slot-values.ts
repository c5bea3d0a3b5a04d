/** The values of `slots[0…count)`, in that order. */
export function gather(values: Float64Array | Int32Array, slots: Int32Array, count: number): Float64Array {
  const gathered = new Float64Array(count);
  for (let p = 0; p < count; p++) gathered[p] = values[slots[p]];
  return gathered;
}

/** Puts values that `gather` took back at `slots[0…count)`. */
export function scatter(gathered: Float64Array, slots: Int32Array, count: number, into: Float64Array): void {
  for (let p = 0; p < count; p++) into[slots[p]] = gathered[p];
}
