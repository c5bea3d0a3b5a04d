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

  /** Notes that the state of a key may be given up at the watermark `expiryMs`. */
  add(key: number, expiryMs: number): void {
    const index = Math.floor(expiryMs / this.#widthMs);
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
