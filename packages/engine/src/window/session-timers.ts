import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import { DueHeap } from "./due-heap.ts";

/** So many buckets reach as far as timers are mostly set ahead. */
const bucketsAhead = 64;
/** Emptied buckets that are kept for the next timers. */
const mostSpare = 4;

/** Timers that are due in one stretch of time, in the order in which they were set. */
interface Bucket {
  index: number;
  sessions: Int32Array;
  due: Float64Array;
  count: number;
}

/**
 * When something is next to be done about each session. A session has one timer or none; ids are positive. Timers are in
 * buckets by time, to which one is added without looking for its place (a timing wheel: Varghese and Lauck, 1987);
 * only those of the bucket that time has reached are in a heap. What was replaced or removed is passed over when its time comes.
 */
export class SessionTimers {
  /** A power of two, so that the bounds of buckets are exact. */
  readonly #widthMs: number;
  /** By session; NaN for none. */
  #due: Float64Array = new Float64Array(16).fill(Number.NaN);
  readonly #buckets: (Bucket | null)[] = [];
  /** By index: place in `#buckets`. */
  readonly #places = new Map<number, number>();
  /** Places in `#buckets` by the time at which they begin. */
  readonly #order = new DueHeap();
  readonly #freePlaces: number[] = [];
  readonly #spare: Bucket[] = [];
  #latest: Bucket | null = null;
  /** Timers due before this are in the heap. */
  #nearMs = Number.NEGATIVE_INFINITY;
  readonly #near = new DueHeap();
  #taken: Int32Array = new Int32Array(16);
  #takenCount = 0;

  /** `aheadMs`: how far ahead timers are mostly set. */
  constructor(aheadMs: number) {
    this.#widthMs = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, aheadMs) / bucketsAhead)));
  }

  /** Approximate bytes held. */
  get bytes(): number {
    let bytes = this.#due.byteLength + this.#near.bytes + this.#order.bytes + this.#taken.byteLength;
    for (const bucket of this.#buckets) bytes += bucket === null ? 0 : bucket.sessions.byteLength + bucket.due.byteLength;
    return bytes;
  }

  /** Sets the timer of a session, unless it has one that is due as early: that stays. */
  set(session: number, dueMs: number): void {
    if (session >= this.#due.length) this.#lengthen(session + 1);
    if (this.#due[session] <= dueMs) return;
    this.#due[session] = dueMs;
    if (dueMs < this.#nearMs) this.#near.push(dueMs, session);
    else this.#append(this.#bucketAt(Math.floor(dueMs / this.#widthMs)), session, dueMs);
  }

  /** False when it has none. */
  remove(session: number): boolean {
    if (!(session < this.#due.length) || Number.isNaN(this.#due[session])) return false;
    this.#due[session] = Number.NaN;
    return true;
  }

  /** Takes off the timers that are due by `timeMs`; returns their sessions, in no particular order. The array is good until the next time. */
  takeDue(timeMs: number): Int32Array {
    this.#takenCount = 0;
    while (this.#order.isDue(timeMs)) this.#open(this.#order.take(), timeMs);
    while (this.#near.isDue(timeMs)) {
      const due = this.#near.firstMs;
      const session = this.#near.take();
      if (this.#due[session] === due) this.#take(session);
    }
    return this.#taken.subarray(0, this.#takenCount);
  }

  /** Takes off what is due of a bucket, and puts the rest into the heap. */
  #open(place: number, timeMs: number): void {
    const bucket = this.#buckets[place];
    if (bucket === null) return;
    const { sessions, due, count } = bucket;
    this.#nearMs = Math.max(this.#nearMs, (bucket.index + 1) * this.#widthMs);
    this.#taken = grownInt32(this.#taken, this.#takenCount + count);
    for (let i = 0; i < count; i++) {
      if (this.#due[sessions[i]] !== due[i]) continue;
      if (due[i] <= timeMs) this.#take(sessions[i]);
      else this.#near.push(due[i], sessions[i]);
    }
    this.#close(bucket, place);
  }

  #take(session: number): void {
    this.#due[session] = Number.NaN;
    this.#taken = grownInt32(this.#taken, this.#takenCount + 1);
    this.#taken[this.#takenCount++] = session;
  }

  #append(bucket: Bucket, session: number, dueMs: number): void {
    if (bucket.count === bucket.sessions.length) {
      bucket.sessions = grownInt32(bucket.sessions, bucket.count + 1);
      bucket.due = grownFloat64(bucket.due, bucket.count + 1);
    }
    bucket.sessions[bucket.count] = session;
    bucket.due[bucket.count++] = dueMs;
  }

  #bucketAt(index: number): Bucket {
    if (this.#latest !== null && this.#latest.index === index) return this.#latest;
    const bucket = this.#buckets[this.#places.get(index) ?? -1] ?? this.#newBucket(index);
    this.#latest = bucket;
    return bucket;
  }

  #newBucket(index: number): Bucket {
    const place = this.#freePlaces.pop() ?? this.#buckets.length;
    const bucket = this.#spare.pop() ?? { index, sessions: new Int32Array(64), due: new Float64Array(64), count: 0 };
    bucket.index = index;
    this.#buckets[place] = bucket;
    this.#places.set(index, place);
    this.#order.push(index * this.#widthMs, place);
    return bucket;
  }

  #close(bucket: Bucket, place: number): void {
    if (this.#latest === bucket) this.#latest = null;
    this.#places.delete(bucket.index);
    this.#buckets[place] = null;
    this.#freePlaces.push(place);
    bucket.count = 0;
    if (this.#spare.length < mostSpare) this.#spare.push(bucket);
  }

  #lengthen(sessions: number): void {
    const { length } = this.#due;
    this.#due = grownFloat64(this.#due, sessions);
    this.#due.fill(Number.NaN, length);
  }
}
