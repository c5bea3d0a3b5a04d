import type { JoinKeys } from "../join/join-keys.ts";
import type { LookupCacheSpec } from "../plan/lookup-operator.ts";
import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { FoundRows } from "./found-rows.ts";

/** What is known of a key that is no slot of a found row. */
export const noRow = -1;
export const unknown = -2;

/**
 * Answers by key, each until it expires (processing time). When there are as many as may be, the one goes that a hand
 * which sweeps over them all finds unused since its last visit ("clock" replacement): about the least recently used, at no
 * cost for those that are used.
 */
export class LookupCache {
  readonly #spec: LookupCacheSpec;
  readonly #keys: JoinKeys;
  readonly #found: FoundRows;
  /** By place; `#count` places are taken. */
  #keyAt: Int32Array = new Int32Array(16);
  #answerAt: Int32Array = new Int32Array(16);
  #expiryAt: Float64Array = new Float64Array(16);
  #usedAt: Int32Array = new Int32Array(16);
  #count = 0;
  #hand = 0;
  /** By key: place + 1; 0 = none. */
  #placeOf: Int32Array = new Int32Array(16);
  /** Answers that made room for others before their time. */
  evicted = 0;

  constructor(spec: LookupCacheSpec, keys: JoinKeys, found: FoundRows) {
    this.#spec = spec;
    this.#keys = keys;
    this.#found = found;
  }

  get size(): number {
    return this.#count;
  }

  /** Approximate bytes held, without keys and rows. */
  get bytes(): number {
    return [this.#keyAt, this.#answerAt, this.#expiryAt, this.#usedAt, this.#placeOf].reduce((sum, array) => sum + array.byteLength, 0);
  }

  /** The keys that have an answer. */
  keys(): Int32Array {
    return this.#keyAt.slice(0, this.#count);
  }

  /** The slot of the found row of a key, `noRow` or `unknown`. */
  get(key: number, nowMs: number): number {
    const place = key < this.#placeOf.length ? this.#placeOf[key] - 1 : -1;
    if (place < 0) return unknown;
    if (this.#expiryAt[place] <= nowMs) {
      this.#removeAt(place);
      return unknown;
    }
    this.#usedAt[place] = 1;
    return this.#answerAt[place];
  }

  /** Keeps an answer: a slot or `noRow`. It replaces the one before. */
  put(key: number, answer: number, nowMs: number): void {
    const ttlMs = answer === noRow ? this.#spec.missingTtlMs : this.#spec.ttlMs;
    const before = key < this.#placeOf.length ? this.#placeOf[key] - 1 : -1;
    if (before >= 0) this.#removeAt(before);
    if (ttlMs > 0) this.#insert(key, answer, nowMs + ttlMs);
  }

  snapshot(writer: SnapshotWriter): void {
    const answers = this.#answerAt.subarray(0, this.#count);
    const slots = answers.filter((answer) => answer >= 0);
    let row = 0;
    writer.i32Array(this.#keyAt.slice(0, this.#count));
    writer.i32Array(answers.map((answer) => (answer >= 0 ? row++ : answer)));
    writer.f64Array(this.#expiryAt.slice(0, this.#count));
    this.#found.snapshot(writer, slots);
  }

  /** Keys and found rows start out empty but for the keys, which have been restored before. */
  restore(reader: SnapshotReader): void {
    const keys = reader.i32Array();
    const answers = reader.i32Array();
    const expiries = reader.f64Array();
    this.#found.restore(reader);
    keys.forEach((key, i) => {
      this.#insert(key, answers[i], expiries[i]);
    });
  }

  #insert(key: number, answer: number, expiryMs: number): void {
    if (this.#count >= this.#spec.maxEntries) this.#evict();
    const place = this.#count++;
    this.#keyAt = grownInt32(this.#keyAt, this.#count);
    this.#answerAt = grownInt32(this.#answerAt, this.#count);
    this.#expiryAt = grownFloat64(this.#expiryAt, this.#count);
    this.#usedAt = grownInt32(this.#usedAt, this.#count);
    this.#placeOf = grownInt32(this.#placeOf, key + 1);
    this.#keyAt[place] = key;
    this.#answerAt[place] = answer;
    this.#expiryAt[place] = expiryMs;
    this.#usedAt[place] = 0;
    this.#placeOf[key] = place + 1;
    this.#keys.retain(key);
    this.#found.retain(answer);
  }

  #evict(): void {
    for (;;) {
      this.#hand = this.#hand >= this.#count ? 0 : this.#hand;
      if (this.#usedAt[this.#hand] === 0) break;
      this.#usedAt[this.#hand++] = 0;
    }
    this.#removeAt(this.#hand);
    this.evicted++;
  }

  /** The last place takes the one that becomes free. */
  #removeAt(place: number): void {
    const key = this.#keyAt[place];
    const answer = this.#answerAt[place];
    const last = --this.#count;
    this.#placeOf[key] = 0;
    if (place !== last) {
      this.#keyAt[place] = this.#keyAt[last];
      this.#answerAt[place] = this.#answerAt[last];
      this.#expiryAt[place] = this.#expiryAt[last];
      this.#usedAt[place] = this.#usedAt[last];
      this.#placeOf[this.#keyAt[place]] = place + 1;
    }
    this.#keys.drop(key);
    this.#found.drop(answer);
  }
}
