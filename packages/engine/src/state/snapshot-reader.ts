/** Reads what a `SnapshotWriter` wrote, in the same order. Reading past the end throws `SnapshotCorrupt`. */
export class SnapshotReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  boolean(): boolean {
    return this.#bytes[this.#take(1)] === 1;
  }

  string(): string {
    const length = this.u32();
    const at = this.#take(length);
    return decoder.decode(this.#bytes.subarray(at, at + length));
  }

  strings(): string[] {
    const count = this.u32();
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(this.string());
    return values;
  }

  /** A copy. */
  bytes(): Uint8Array {
    const length = this.u32();
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  f64Array(): Float64Array {
    return new Float64Array(this.bytes().buffer);
  }

  i32Array(): Int32Array {
    return new Int32Array(this.bytes().buffer);
  }

  u8Array(): Uint8Array {
    return this.bytes();
  }

  json(): unknown {
    return JSON.parse(this.string());
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#bytes.length) throw new SnapshotCorrupt(at, bytes, this.#bytes.length);
    this.#at = at + bytes;
    return at;
  }
}

/** A snapshot ended before its reader did. */
export class SnapshotCorrupt extends Error {
  constructor(at: number, wanted: number, length: number) {
    super(`The snapshot is cut short: ${wanted} bytes wanted at ${at}, but it is ${length} bytes long.`);
    this.name = "SnapshotCorrupt";
  }
}

const decoder = new TextDecoder();
