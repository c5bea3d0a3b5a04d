/** The last `most` records of bytes in which every record ends in a line feed, without the line feeds. The pieces share memory. */
export function splitRecords(bytes: Uint8Array, most: number): Buffer[] {
  const records: Buffer[] = [];
  let end = bytes.length;
  while (end > 0 && records.length < most) {
    const start = bytes.lastIndexOf(0x0a, end - 2) + 1;
    records.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - 1 - start));
    end = start;
  }
  return records.reverse();
}
