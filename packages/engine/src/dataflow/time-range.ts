/** The earliest and the latest of `times[from…to)`, which are not none; `least` is NaN when one of them is NaN. */
export function timeRange(times: Float64Array, from: number, to: number): { readonly least: number; readonly most: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const time = times[i];
    if (time > most) most = time;
    // Also true of NaN.
    if (!(time >= least)) {
      if (Number.isNaN(time)) return { least: Number.NaN, most };
      least = time;
    }
  }
  return { least, most };
}
