/** Which rows of a table have changed since its last snapshot: a bit a row, so that a mark costs one store and no memory to speak of. */
export class DirtyRows {
  #bits: Int32Array = new Int32Array(4);

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#bits.byteLength;
  }

  mark(row: number): void {
    const word = row >>> 5;
    if (word >= this.#bits.length) this.#grow(word + 1);
    this.#bits[word] |= 1 << (row & 31);
  }

  /** Marks `rows[from…to)`. */
  markAll(rows: Int32Array, from: number, to: number): void {
    let highest = -1;
    for (let i = from; i < to; i++) if (rows[i] > highest) highest = rows[i];
    if (highest >>> 5 >= this.#bits.length && highest >= 0) this.#grow((highest >>> 5) + 1);
    const bits = this.#bits;
    for (let i = from; i < to; i++) bits[rows[i] >>> 5] |= 1 << (rows[i] & 31);
  }

  /** Marked rows below `rows`. */
  count(rows: number): number {
    const bits = this.#bits;
    const whole = Math.min(bits.length, rows >>> 5);
    let count = 0;
    for (let word = 0; word < whole; word++) if (bits[word] !== 0) count += bitsIn(bits[word]);
    return whole < bits.length ? count + bitsIn(this.#masked(whole, rows)) : count;
  }

  /** The marked rows below `rows`, ascending, and no row is marked afterwards. */
  take(rows: number): Int32Array {
    const taken = new Int32Array(this.count(rows));
    const marks = this.#bits;
    const whole = Math.min(marks.length, rows >>> 5);
    const words = Math.min(marks.length, (rows + 31) >>> 5);
    let count = 0;
    for (let word = 0; word < words; word++) {
      let bits = word < whole ? marks[word] : this.#masked(word, rows);
      for (; bits !== 0; bits &= bits - 1) taken[count++] = word * 32 + 31 - Math.clz32(bits & -bits);
    }
    this.clear();
    return taken;
  }

  /** Marks no row. */
  clear(): void {
    this.#bits.fill(0);
  }

  #masked(word: number, rows: number): number {
    const bits = this.#bits[word];
    const inside = rows - word * 32;
    return inside >= 32 ? bits : bits & ((1 << inside) - 1);
  }

  #grow(words: number): void {
    const grown = new Int32Array(Math.max(words, this.#bits.length * 2));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}

function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
