import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { KeyHash } from "../transform/key-hash.ts";
import type { FieldType } from "../types/field-type.ts";
import type { Accumulator } from "./accumulator.ts";

const precision = 11;
const registers = 1 << precision;
/** Bits of a hash that are left for the place of its first one. */
const placeBits = 32 - precision;
/** Up to so many values a slot keeps their hashes, and counts these. */
const keptHashes = 64;

/** One slot: the hashes of few values, or the registers of many. */
type Sketch = number[] | Uint8Array;

/**
 * How many distinct values there are, about: a HyperLogLog of 2,048 registers (Flajolet et al. 2007) with a sparse form
 * for few values, as HyperLogLog++ has (Heule, Nunkesser, Hall 2013), and the estimator of Ertl (2017), which needs no
 * tables of its bias. The standard error is 2.3 %; up to 64 values the count is exact. At most 2 kB a group.
 */
export class ApproximateDistinctAccumulator implements Accumulator {
  readonly slotBytes = 64;
  readonly subtract = null;
  readonly #hash: KeyHash;
  readonly #sketches: (Sketch | null)[] = [];
  #dense = 0;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  readonly #hashes = new Uint32Array(maxBatchRows);

  constructor(argument: FieldType) {
    this.#hash = new KeyHash([{ index: 0, type: argument }]);
  }

  get sharedBytes(): number {
    return this.#dense * registers;
  }

  reserve(slots: number): void {
    while (this.#sketches.length < slots) this.#sketches.push(null);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null, time: Float64Array): void {
    if (column === null) throw new TypeError("an argument is needed");
    const { valid } = column;
    let kept = 0;
    for (let p = 0; p < count; p++) {
      if (valid !== null && valid[rows[p]] === 0) continue;
      this.#rows[kept] = rows[p];
      this.#slots[kept++] = slots[p];
    }
    const batch: Batch = { length: time.length, selection: null, selected: time.length, columns: [column], time, kinds: null };
    this.#hash.hash(batch, this.#rows, kept, this.#hashes);
    for (let p = 0; p < kept; p++) this.#count(this.#slots[p], this.#hashes[p]);
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const source = this.#sketches[from[p]];
      if (source === null || source === undefined) continue;
      if (Array.isArray(source)) for (const hash of source) this.#count(into[p], hash);
      else {
        const target = this.#registersOf(into[p]);
        for (let i = 0; i < registers; i++) if (source[i] > target[i]) target[i] = source[i];
      }
    }
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      if (this.#sketches[slots[p]] instanceof Uint8Array) this.#dense--;
      this.#sketches[slots[p]] = null;
    }
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) {
      const sketch = this.#sketches[slots[p]] ?? [];
      into.set(row + p - from, Array.isArray(sketch) ? sketch.length : Math.round(estimate(sketch)));
    }
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const sketch = this.#sketches[slots[p]] ?? [];
      const isDense = !Array.isArray(sketch);
      writer.boolean(isDense);
      if (isDense) writer.u8Array(sketch);
      else writer.f64Array(Float64Array.from(sketch));
    }
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      if (reader.boolean()) {
        this.#sketches[slots[p]] = reader.bytes().slice();
        this.#dense++;
      } else {
        const hashes = [...reader.f64Array()];
        this.#sketches[slots[p]] = hashes.length === 0 ? null : hashes;
      }
    }
  }

  #count(slot: number, hash: number): void {
    const sketch = this.#sketches[slot];
    if (sketch instanceof Uint8Array) {
      raise(sketch, hash);
      return;
    }
    const hashes = sketch ?? [];
    if (hashes.includes(hash)) return;
    if (hashes.length < keptHashes) {
      hashes.push(hash);
      this.#sketches[slot] = hashes;
    } else raise(this.#registersOf(slot), hash);
  }

  /** The registers of a slot, which is dense from now on. */
  #registersOf(slot: number): Uint8Array {
    const sketch = this.#sketches[slot];
    if (sketch instanceof Uint8Array) return sketch;
    const made = new Uint8Array(registers);
    for (const hash of sketch ?? []) raise(made, hash);
    this.#sketches[slot] = made;
    this.#dense++;
    return made;
  }
}

function raise(sketch: Uint8Array, hash: number): void {
  const register = hash >>> placeBits;
  const rest = (hash << precision) >>> 0;
  const place = rest === 0 ? placeBits + 1 : Math.clz32(rest) + 1;
  if (place > sketch[register]) sketch[register] = place;
}

function estimate(sketch: Uint8Array): number {
  const counts = new Float64Array(placeBits + 2);
  for (const place of sketch) counts[place]++;
  let z = registers * tau(1 - counts[placeBits + 1] / registers);
  for (let place = placeBits; place >= 1; place--) z = 0.5 * (z + counts[place]);
  z += registers * sigma(counts[0] / registers);
  return (registers * registers) / (2 * Math.LN2 * z);
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let y = 1;
  let z = share;
  for (let before = Number.NaN; z !== before; ) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - share;
  for (let before = Number.NaN; z !== before; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
