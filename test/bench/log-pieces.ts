import { logLines, logStartMs } from "./log-lines.ts";

const stepMs = 10;
const lineFeed = 0x0a;
const zero = 0x30;
/** Every line begins so; the digits of its time follow. */
const timeAt = '{"timestamp":'.length;
const timeDigits = 13;

/** A log of so many records in pieces of whole lines, each in shared memory of its own, whose times can be moved on. */
export class LogPieces {
  readonly records: number;
  readonly pieces: readonly Uint8Array[];
  #round = 0;

  constructor(records: number, pieceBytes: number) {
    this.records = records;
    const bytes = logLines(records);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const wanted = Math.min(bytes.length, at + pieceBytes);
      const end = bytes.lastIndexOf(lineFeed, wanted - 1) + 1;
      const piece = new Uint8Array(new SharedArrayBuffer(end - at));
      piece.set(bytes.subarray(at, end));
      pieces.push(piece);
      at = end;
    }
    this.pieces = pieces;
  }

  /** Moves all times on, so that the log goes on where it has ended. */
  next(): void {
    this.#round++;
    const digits = new Uint8Array(timeDigits);
    let time = logStartMs + this.#round * this.records * stepMs;
    for (const piece of this.pieces) {
      for (let at = 0; at < piece.length; at = piece.indexOf(lineFeed, at) + 1) {
        writeDigits(digits, time);
        piece.set(digits, at + timeAt);
        time += stepMs;
      }
    }
  }
}

function writeDigits(digits: Uint8Array, value: number): void {
  for (let i = digits.length - 1, rest = value; i >= 0; i--) {
    const next = Math.floor(rest / 10);
    digits[i] = zero + (rest - next * 10);
    rest = next;
  }
}
