import { grownInt32 } from "./grown-array.ts";

/** Up to this many key ids a table is always an array by key id. */
const alwaysDense = 1024;
/** An array by key id is worth it while at least one in so many of its entries is used. */
const sparseness = 8;

/**
 * Maps key ids to slots (not 0), without removal: an array by key id while it is well filled, else open
 * addressing. 0 stands for "none".
 */
export class SlotTable {
  #size = 0;
  #maxKey = -1;
  /** By key id; empty when hashed. */
  #dense: Int32Array = new Int32Array(16);
  /** Key id + 1, 0 = empty; a power of two long, at most half full; empty when dense. */
  #keys: Int32Array = new Int32Array(0);
  #slots: Int32Array = new Int32Array(0);

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#dense.byteLength + this.#keys.byteLength * 2;
  }

  get(key: number): number {
    if (this.#keys.length === 0) return key < this.#dense.length ? this.#dense[key] : 0;
    return this.#slots[this.#find(key)];
  }

  /** The slots of `keys[from…to)`, into the same places of `into`. */
  getAll(keys: Int32Array, from: number, to: number, into: Int32Array): void {
    const dense = this.#dense;
    if (this.#keys.length > 0) for (let p = from; p < to; p++) into[p] = this.#slots[this.#find(keys[p])];
    else for (let p = from; p < to; p++) into[p] = keys[p] < dense.length ? dense[keys[p]] : 0;
  }

  /** Adds a key that is not there yet. */
  set(key: number, slot: number): void {
    this.#size++;
    if (key > this.#maxKey) this.#maxKey = key;
    if (this.#keys.length === 0) this.#setDense(key, slot);
    else this.#setHashed(key, slot);
  }

  #setDense(key: number, slot: number): void {
    if (key >= this.#dense.length) {
      if (key >= alwaysDense && key > this.#size * sparseness) {
        this.#toHashed();
        this.#setHashed(key, slot);
        return;
      }
      this.#dense = grownInt32(this.#dense, key + 1);
    }
    this.#dense[key] = slot;
  }

  #setHashed(key: number, slot: number): void {
    if (this.#size * 2 > this.#keys.length) {
      if (this.#size * sparseness > this.#maxKey) {
        this.#toDense();
        this.#setDense(key, slot);
        return;
      }
      this.#rehash(this.#keys.length * 2);
    }
    this.#put(key, slot);
  }

  #toHashed(): void {
    const dense = this.#dense;
    this.#dense = new Int32Array(0);
    let length = 64;
    while (length < this.#size * 2) length *= 2;
    this.#keys = new Int32Array(length);
    this.#slots = new Int32Array(length);
    for (let key = 0; key < dense.length; key++) if (dense[key] !== 0) this.#put(key, dense[key]);
  }

  #toDense(): void {
    const keys = this.#keys;
    this.#keys = new Int32Array(0);
    this.#dense = new Int32Array(this.#maxKey + 1);
    for (let at = 0; at < keys.length; at++) if (keys[at] !== 0) this.#dense[keys[at] - 1] = this.#slots[at];
    this.#slots = new Int32Array(0);
  }

  #rehash(length: number): void {
    const keys = this.#keys;
    const slots = this.#slots;
    this.#keys = new Int32Array(length);
    this.#slots = new Int32Array(length);
    for (let at = 0; at < keys.length; at++) if (keys[at] !== 0) this.#put(keys[at] - 1, slots[at]);
  }

  #put(key: number, slot: number): void {
    const at = this.#find(key);
    this.#keys[at] = key + 1;
    this.#slots[at] = slot;
  }

  /** Where a key is, or where it would go. */
  #find(key: number): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    let at = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (keys[at] !== 0 && keys[at] !== key + 1) at = (at + 1) & mask;
    return at;
  }
}
