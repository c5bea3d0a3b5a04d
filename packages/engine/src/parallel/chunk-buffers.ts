/** Smaller chunks are not worth keeping a buffer for. */
const leastBytes = 64 << 10;
/** Room for a few tasks of each of a few workers; more is left to the collector. */
const mostBytes = 64 << 20;

/**
 * Copies of chunks for other threads, in buffers that are used again when their task is done. Fresh memory costs as much as a
 * good part of the decoding: the system hands it out page by page, and clears it. It is shared memory: buffers that are
 * handed over back and forth make the collector of each thread believe that it holds more and more.
 */
export class ChunkBuffers {
  readonly #spare: ArrayBufferLike[] = [];
  #bytes = 0;

  /** A copy, at the start of a buffer of its own. */
  copy(chunk: Uint8Array): Uint8Array {
    const copy = new Uint8Array(this.#take(chunk.length), 0, chunk.length);
    copy.set(chunk);
    return copy;
  }

  /** Takes back a copy that nobody reads any more. */
  keep({ buffer }: Uint8Array): void {
    if (buffer.byteLength < leastBytes || this.#bytes + buffer.byteLength > mostBytes) return;
    this.#spare.push(buffer);
    this.#bytes += buffer.byteLength;
  }

  #take(bytes: number): ArrayBufferLike {
    if (bytes < leastBytes) return sharedBuffer(bytes);
    const at = this.#spare.findLastIndex(({ byteLength }) => byteLength >= bytes);
    if (at < 0) return sharedBuffer(Math.ceil(bytes / leastBytes) * leastBytes);
    const [buffer] = this.#spare.splice(at, 1);
    this.#bytes -= buffer.byteLength;
    return buffer;
  }
}

/** Pages of browsers may have no shared memory; messages then copy. */
function sharedBuffer(bytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
}
