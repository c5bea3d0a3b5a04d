import { copyWords, wordSlack } from "../column/copy-words.ts";
import type { Utf8Strings } from "../column/utf8-strings.ts";
import { grownInt32, highest } from "./grown-array.ts";

/** A slot that holds no bytes. */
const none = -1;
/** Where bytes lie is a 32-bit number. */
const mostBytes = 2 ** 31 - 1;
/** Up to this many bytes are copied word by word. */
const longestByWords = 256;

/**
 * Runs of bytes by slot, one behind the other in one array. What is dropped leaves a gap; once gaps are most of it, the rest moves together, so
 * that a byte that comes moves a bounded number of times. Nothing of it is an object for the garbage collector to follow.
 */
export class SlotBytes {
  /** Holds the runs, and `wordSlack` bytes behind the last; replaced by `putAll`. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Over `bytes`. */
  view = new DataView(this.bytes.buffer);
  #end = 0;
  /** Bytes that slots hold. */
  #held = 0;
  /** By slot: where its bytes begin in `bytes`, and how many they are; `none` of a slot without. */
  starts: Int32Array = new Int32Array(0);
  lengths: Int32Array = new Int32Array(0);

  /** Approximate bytes of memory. */
  get memory(): number {
    return this.bytes.byteLength + this.starts.byteLength + this.lengths.byteLength;
  }

  has(slot: number): boolean {
    return slot < this.lengths.length && this.lengths[slot] !== none;
  }

  /**
   * Copies the strings `ids[rows[0…count)]` of a dictionary into `slots[0…count)`, which hold nothing; a row with `valid` 0 gives
   * nothing. False, and nothing is done, where there is no room for all.
   */
  putAll(strings: Utf8Strings, ids: Int32Array, valid: Uint8Array | null, rows: Int32Array, count: number, slots: Int32Array): boolean {
    let total = 0;
    for (let i = 0; i < count; i++) if (valid === null || valid[rows[i]] !== 0) total += strings.lengths[ids[rows[i]]];
    if (!this.#reserve(total)) return false;
    this.#reserveSlots(highest(slots, count) + 1);
    const { bytes, starts, lengths } = this;
    let end = this.#end;
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      if (valid !== null && valid[row] === 0) continue;
      const start = strings.starts[ids[row]];
      const length = strings.lengths[ids[row]];
      copyRun(strings.bytes, strings.view, start, length, bytes, this.view, end);
      starts[slots[i]] = end;
      lengths[slots[i]] = length;
      end += length;
    }
    this.#end = end;
    this.#held += total;
    return true;
  }

  /** Forgets the bytes of a slot that has some. */
  drop(slot: number): void {
    this.#held -= this.lengths[slot];
    this.lengths[slot] = none;
    if (this.#held === 0) this.#end = 0;
  }

  same(a: number, b: number): boolean {
    const length = this.lengths[a];
    if (length !== this.lengths[b]) return false;
    const [bytes, shift] = [this.bytes, this.starts[b] - this.starts[a]];
    for (let at = this.starts[a], end = at + length; at < end; at++) if (bytes[at] !== bytes[at + shift]) return false;
    return true;
  }

  #reserveSlots(slots: number): void {
    const before = this.lengths.length;
    this.starts = grownInt32(this.starts, slots);
    this.lengths = grownInt32(this.lengths, slots);
    this.lengths.fill(none, before);
  }

  #reserve(more: number): boolean {
    if (this.#end + more + wordSlack <= this.bytes.length) return true;
    const needed = this.#held + more + wordSlack;
    if (needed > mostBytes) return false;
    // Half of it empty afterwards: the next time is as many bytes away as are moved now.
    const length = Math.min(mostBytes, Math.max(this.bytes.length, needed * 2));
    const [from, view] = [this.bytes, this.view];
    this.bytes = new Uint8Array(length);
    this.view = new DataView(this.bytes.buffer);
    if (this.#held === this.#end) this.bytes.set(from.subarray(0, this.#end));
    else this.#gather(from, view);
    return true;
  }

  /** Moves what slots hold together, out of the array that was theirs. */
  #gather(from: Uint8Array, view: DataView): void {
    const { starts, lengths } = this;
    let end = 0;
    for (let slot = 0; slot < lengths.length; slot++) {
      if (lengths[slot] === none) continue;
      copyRun(from, view, starts[slot], lengths[slot], this.bytes, this.view, end);
      starts[slot] = end;
      end += lengths[slot];
    }
    this.#end = end;
  }
}

function copyRun(
  from: Uint8Array,
  fromView: DataView,
  start: number,
  length: number,
  into: Uint8Array,
  intoView: DataView,
  at: number,
): void {
  if (length <= longestByWords) copyWords(fromView, start, length, intoView, at);
  else into.set(from.subarray(start, start + length), at);
}
