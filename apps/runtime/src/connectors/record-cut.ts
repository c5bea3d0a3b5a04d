/** How records end: JSON lines at every line feed, CSV at line feeds outside quotes. */
export type RecordFormat = "json" | "csv";

/** Whole records at the start of some bytes. */
export interface RecordCut {
  /** Bytes of the whole records, their line feeds included; 0 when there is no whole record. */
  readonly end: number;
  /** Line feeds in them. */
  readonly lines: number;
}

const lineFeed = 0x0a;
const quote = 0x22;

/** Finds the last end of a record in `bytes`, which start at a record's start. */
export function cutRecords(bytes: Uint8Array, format: RecordFormat): RecordCut {
  const end = format === "json" ? bytes.lastIndexOf(lineFeed) + 1 : lastUnquotedLineFeed(bytes) + 1;
  return { end, lines: countLineFeeds(bytes, end) };
}

/** Number of line feeds in the first `end` bytes. */
export function countLineFeeds(bytes: Uint8Array, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineFeed); at !== -1 && at < end; at = bytes.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}

/** A doubled quote inside a quoted value toggles twice, so that parity alone tells inside from outside. */
function lastUnquotedLineFeed(bytes: Uint8Array): number {
  let last = -1;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    else if (byte === lineFeed && !quoted) last = at;
  }
  return last;
}
