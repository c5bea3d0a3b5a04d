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
  let at = 0;
  for (; at < end && ((bytes.byteOffset + at) & 3) !== 0; at++) if (bytes[at] === lineFeed) lines++;
  if (at === end) return lines;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2);
  lines += countInWords(words);
  for (at += words.length * 4; at < end; at++) if (bytes[at] === lineFeed) lines++;
  return lines;
}

/** Four bytes at a time: a byte of `marks` is 1 where that of the word is a line feed. Sums per byte are folded before they can overflow. */
function countInWords(words: Int32Array): number {
  let lines = 0;
  for (let from = 0; from < words.length; from += 255) {
    const to = Math.min(words.length, from + 255);
    let sums = 0;
    for (let i = from; i < to; i++) {
      const word = words[i] ^ 0x0a0a0a0a;
      const marks = ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f) >>> 7;
      sums = (sums + marks) | 0;
    }
    lines += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
  }
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
