import { KeyTimers } from "../pattern/key-timers.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";

/** Which flags are set, since when, until when, and until when that was said. A key is known while its flag is set. */
export class FlagStates {
  readonly #keys: KeyTable;
  /** By key; NaN = not set. */
  #expiry: Float64Array = new Float64Array(16).fill(Number.NaN);
  #said: Float64Array = new Float64Array(16);
  #since: Float64Array = new Float64Array(16);
  /** At most one a flag: at an expiry that it had, and moved on when it comes up. */
  readonly #timers = new KeyTimers();
  #size = 0;

  constructor(keys: KeyTable) {
    this.#keys = keys;
  }

  /** Flags that are set. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#keys.bytes + this.#expiry.byteLength + this.#said.byteLength + this.#since.byteLength + this.#size * 48;
  }

  /** Makes room for all keys of the table. */
  reserve(): void {
    const before = this.#expiry.length;
    this.#expiry = grownFloat64(this.#expiry, this.#keys.capacity);
    this.#said = grownFloat64(this.#said, this.#keys.capacity);
    this.#since = grownFloat64(this.#since, this.#keys.capacity);
    if (this.#expiry.length > before) this.#expiry.fill(Number.NaN, before);
  }

  isSet(key: number): boolean {
    return key < this.#expiry.length && !Number.isNaN(this.#expiry[key]);
  }

  /** When a flag that is set expires, as of now. */
  expiryOf(key: number): number {
    return this.#expiry[key];
  }

  /** The expiry that was said last. */
  saidOf(key: number): number {
    return this.#said[key];
  }

  sinceOf(key: number): number {
    return this.#since[key];
  }

  set(key: number, sinceMs: number, expiryMs: number): void {
    this.#size++;
    this.#since[key] = sinceMs;
    this.#expiry[key] = expiryMs;
    this.#said[key] = expiryMs;
    this.#timers.set(key, expiryMs);
  }

  extend(key: number, expiryMs: number): void {
    this.#expiry[key] = expiryMs;
  }

  say(key: number): void {
    this.#said[key] = this.#expiry[key];
  }

  /** The key may be given to another afterwards, once it is released. */
  unset(key: number): void {
    this.#size--;
    this.#expiry[key] = Number.NaN;
    this.#timers.set(key, Number.POSITIVE_INFINITY);
  }

  /** Writes the flag of a key and forgets it, and the key with it. */
  moveOut(key: number, writer: SnapshotWriter): void {
    for (const values of [this.#since, this.#expiry, this.#said]) writer.f64(values[key]);
    this.unset(key);
    this.#keys.release(key);
  }

  /** Takes back what `moveOut` wrote. */
  moveIn(key: number, reader: SnapshotReader): void {
    this.reserve();
    this.set(key, reader.f64(), reader.f64());
    this.#said[key] = reader.f64();
  }

  /** Hands over the flags that have expired by a watermark, by (expiry, key); `give` unsets them. */
  takeExpired(watermark: number, give: (key: number) => void): void {
    while (this.#timers.next <= watermark && this.#timers.next < Number.POSITIVE_INFINITY) {
      const due = this.#timers.next;
      const key = this.#timers.take();
      if (this.#expiry[key] > due) this.#timers.set(key, this.#expiry[key]);
      else give(key);
    }
  }

  snapshot(writer: SnapshotWriter): void {
    this.#keys.snapshot(writer);
    const set = new Int32Array(this.#size);
    let count = 0;
    for (let key = 0; key < this.#expiry.length; key++) if (this.isSet(key)) set[count++] = key;
    writer.i32Array(set);
    for (const values of [this.#since, this.#expiry, this.#said]) writer.f64Array(Float64Array.from(set, (key) => values[key]));
  }

  restore(reader: SnapshotReader): void {
    this.#keys.restore(reader);
    this.reserve();
    const set = reader.i32Array();
    const [since, expiry, said] = [reader.f64Array(), reader.f64Array(), reader.f64Array()];
    set.forEach((key, i) => {
      this.set(key, since[i], expiry[i]);
      this.#said[key] = said[i];
    });
  }
}
