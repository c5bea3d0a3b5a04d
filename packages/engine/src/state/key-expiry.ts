import { grownInt32 } from "./grown-array.ts";

/** Buckets that a length of time is cut into; keys come up at most one of them too late. */
const bucketsPerSpan = 64;

interface Bucket {
  keys: Int32Array;
  count: number;
}

/**
 * Keys by when their state may be given up, in coarse buckets, so that a watermark costs only what is due. It says
 * where to look: a key may come up several times, or when it has been kept on in the meantime, and its owner
 * decides.
 */
export class KeyExpiry {
  readonly #widthMs: number;
  readonly #buckets = new Map<number, Bucket>();
  /** The first bucket, at the earliest. */
  #first = Number.POSITIVE_INFINITY;
  #all: (() => number) | null = null;

  /** `spanMs`: for about how long keys are kept. */
  constructor(spanMs: number) {
    this.#widthMs = Math.max(1, Math.ceil(spanMs / bucketsPerSpan));
  }

  /** Approximate bytes held. */
  get bytes(): number {
    let bytes = 0;
    for (const bucket of this.#buckets.values()) bytes += bucket.keys.byteLength + 64;
    return bytes;
  }

  /**
   * Keeps no lists from now on, but hands over all keys below `capacity()` as soon as one may be due: for keys that may
   * leave memory, of which entries would stay. Those that are not over have to be added again then.
   */
  sweep(capacity: () => number): void {
    this.#all = capacity;
  }

  /** Whether it keeps no lists. */
  get sweeps(): boolean {
    return this.#all !== null;
  }

  /** Whether the bucket of `expiryMs` is wholly due at a watermark: whatever is in it is given up then, and not before. */
  isOver(expiryMs: number, watermark: number): boolean {
    return Math.floor(expiryMs / this.#widthMs) < Math.floor((watermark + 1) / this.#widthMs);
  }

  /** Notes that the state of a key may be given up at the watermark `expiryMs`. */
  add(key: number, expiryMs: number): void {
    const index = Math.floor(expiryMs / this.#widthMs);
    if (this.#all !== null) {
      this.#first = Math.min(this.#first, index);
      return;
    }
    let bucket = this.#buckets.get(index);
    if (bucket === undefined) {
      bucket = { keys: new Int32Array(8), count: 0 };
      this.#buckets.set(index, bucket);
      this.#first = Math.min(this.#first, index);
    }
    bucket.keys = grownInt32(bucket.keys, bucket.count + 1);
    bucket.keys[bucket.count++] = key;
  }

  /** Hands over the keys of the buckets that are wholly due at a watermark. */
  takeDue(watermark: number, give: (key: number) => void): void {
    // A bucket is due with its last millisecond.
    const end = Math.floor((watermark + 1) / this.#widthMs);
    if (this.#first >= end) return;
    this.#first = Number.POSITIVE_INFINITY;
    if (this.#all !== null) {
      const keys = this.#all();
      for (let key = 0; key < keys; key++) give(key);
      return;
    }
    for (const [index, { keys, count }] of this.#buckets) {
      if (index >= end) {
        this.#first = Math.min(this.#first, index);
        continue;
      }
      this.#buckets.delete(index);
      for (let i = 0; i < count; i++) give(keys[i]);
    }
  }
}
