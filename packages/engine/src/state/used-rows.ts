/** The rows below `rows` whose entry is not 0, ascending. */
export function usedRows(entries: Int32Array | Uint8Array, rows: number): Int32Array {
  const used = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (entries[row] !== 0) used[count++] = row;
  return used.subarray(0, count);
}
