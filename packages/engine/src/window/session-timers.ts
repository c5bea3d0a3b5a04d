import { grownFloat64, grownInt32 } from "../state/grown-array.ts";

const nowhere = 0;

/**
 * When something is next to be done about each session: a binary heap that knows where each session is in it, so that
 * a timer can be moved and removed. A session has one timer or none; ids are positive.
 */
export class SessionTimers {
  /** Sessions from 1 on, as a heap by due time. */
  #heap: Int32Array = new Int32Array(16);
  #size = 0;
  /** By session: place in the heap. */
  #places: Int32Array = new Int32Array(16);
  /** By session. */
  #due: Float64Array = new Float64Array(16);

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#heap.byteLength + this.#places.byteLength + this.#due.byteLength;
  }

  /** Starts or moves the timer of a session. */
  set(session: number, dueMs: number): void {
    this.#places = grownInt32(this.#places, session + 1);
    this.#due = grownFloat64(this.#due, session + 1);
    this.#due[session] = dueMs;
    if (this.#places[session] === nowhere) {
      this.#heap = grownInt32(this.#heap, this.#size + 2);
      this.#put(++this.#size, session);
    }
    this.#settle(this.#places[session]);
  }

  /** False when it has none. */
  remove(session: number): boolean {
    const place = this.#places[session] ?? nowhere;
    if (place === nowhere) return false;
    const last = this.#heap[this.#size--];
    this.#places[session] = nowhere;
    if (last === session) return true;
    this.#put(place, last);
    this.#settle(place);
    return true;
  }

  /** The session whose timer is due first, if it is due by `timeMs`; its timer is removed. 0 for none. */
  takeDue(timeMs: number): number {
    const session = this.#size === 0 ? 0 : this.#heap[1];
    if (session === 0 || this.#due[session] > timeMs) return 0;
    this.remove(session);
    return session;
  }

  #put(place: number, session: number): void {
    this.#heap[place] = session;
    this.#places[session] = place;
  }

  /** Moves what is at a place up or down to where it belongs. */
  #settle(from: number): void {
    const heap = this.#heap;
    const due = this.#due;
    const session = heap[from];
    let place = from;
    for (let parent = place >> 1; parent > 0 && due[heap[parent]] > due[session]; parent = place >> 1) {
      this.#put(place, heap[parent]);
      place = parent;
    }
    for (let child = place * 2; child <= this.#size; child = place * 2) {
      if (child < this.#size && due[heap[child + 1]] < due[heap[child]]) child++;
      if (due[heap[child]] >= due[session]) break;
      this.#put(place, heap[child]);
      place = child;
    }
    this.#put(place, session);
  }
}
