/** `values`, or a longer copy of it with room for `needed` entries; lengths double, new entries are 0. */
export function grownInt32(values: Int32Array, needed: number): Int32Array {
  if (needed <= values.length) return values;
  const grown = new Int32Array(Math.max(needed, values.length * 2));
  grown.set(values);
  return grown;
}

/** As `grownInt32`. */
export function grownFloat64(values: Float64Array, needed: number): Float64Array {
  if (needed <= values.length) return values;
  const grown = new Float64Array(Math.max(needed, values.length * 2));
  grown.set(values);
  return grown;
}

/** As `grownInt32`. */
export function grownUint8(values: Uint8Array, needed: number): Uint8Array {
  if (needed <= values.length) return values;
  const grown = new Uint8Array(Math.max(needed, values.length * 2));
  grown.set(values);
  return grown;
}

/** The greatest of `values[0…count)`; -1 when there is none, or none is more. */
export function highest(values: Int32Array, count: number): number {
  let most = -1;
  for (let i = 0; i < count; i++) if (values[i] > most) most = values[i];
  return most;
}
