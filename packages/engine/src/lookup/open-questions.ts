import { grownInt32, grownUint8 } from "../state/grown-array.ts";

const idle = 0;
const toAsk = 1;
const asked = 2;
const none = 0;

/** Which keys are to be asked or are being asked, and which records wait for each. A key is asked once for all of them. */
export class OpenQuestions {
  /** By key. */
  #state: Uint8Array = new Uint8Array(16);
  /** By key: the record that waits since last, + 1. */
  #last: Int32Array = new Int32Array(16);
  /** By slot of a record: the one that waits for the same key since before it, + 1. */
  #previous: Int32Array = new Int32Array(16);
  /** Keys to ask, in order; from `#next` on. */
  #queue: number[] = [];
  #next = 0;
  #open = 0;

  /** Keys that have no answer yet, asked or not. */
  get open(): number {
    return this.#open;
  }

  /** A record waits for the answer to a key. */
  wait(slot: number, key: number): void {
    this.#state = grownUint8(this.#state, key + 1);
    this.#last = grownInt32(this.#last, key + 1);
    this.#previous = grownInt32(this.#previous, slot + 1);
    this.#previous[slot] = this.#last[key];
    this.#last[key] = slot + 1;
    if (this.#state[key] !== idle) return;
    this.#state[key] = toAsk;
    this.#queue.push(key);
    this.#open++;
  }

  /** Up to `most` keys that are to be asked now. */
  take(most: number): number[] {
    const keys = this.#queue.slice(this.#next, this.#next + most);
    this.#next += keys.length;
    if (this.#next === this.#queue.length) {
      this.#queue = [];
      this.#next = 0;
    }
    for (const key of keys) this.#state[key] = asked;
    return keys;
  }

  /** The question of a key is closed; hands over every record that waited for it. */
  close(key: number, onRecord: (slot: number) => void): void {
    let waiting = this.#last[key];
    this.#last[key] = none;
    this.#state[key] = idle;
    this.#open--;
    while (waiting !== none) {
      const slot = waiting - 1;
      waiting = this.#previous[slot];
      onRecord(slot);
    }
  }
}
