/** Some consecutive records of a delivery as a JSON array. */
export interface WebhookBatch {
  /** Index in its delivery; the same for every repetition of the delivery. */
  readonly index: number;
  readonly records: readonly Uint8Array[];
  readonly body: Uint8Array;
}

/** Cuts records into JSON arrays of at most `mostRecords` records and `mostBytes` bytes; a single larger record is sent alone. */
export function* webhookBatches(records: readonly Uint8Array[], mostRecords: number, mostBytes: number): Generator<WebhookBatch> {
  let index = 0;
  let from = 0;
  while (from < records.length) {
    let to = from;
    let bytes = 2;
    while (to < records.length && to - from < mostRecords && (to === from || bytes + records[to].length + 1 <= mostBytes)) {
      bytes += records[to].length + 1;
      to++;
    }
    const batch = records.slice(from, to);
    yield { index, records: batch, body: jsonArray(batch) };
    index++;
    from = to;
  }
}

function jsonArray(records: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [Buffer.from("[")];
  records.forEach((record, i) => {
    if (i > 0) pieces.push(Buffer.from(","));
    pieces.push(record);
  });
  pieces.push(Buffer.from("]"));
  return Buffer.concat(pieces);
}
