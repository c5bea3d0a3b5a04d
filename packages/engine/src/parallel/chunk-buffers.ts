/** Smaller chunks are not worth keeping a buffer for. */
const leastBytes = 64 << 10;
/** Room for a few tasks of each of a few workers; more is left to the collector. */
const mostBytes = 32 << 20;

/**
 * Copies of chunks for other threads, in buffers that come back when their task is done. Fresh memory costs as much as a good
 * part of the decoding: the system hands it out page by page, and clears it.
 */
export class ChunkBuffers {
  readonly #spare: ArrayBuffer[] = [];
  #bytes = 0;

  /** A copy, whose buffer may be given away. */
  copy(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
    if (chunk.length < leastBytes) return new Uint8Array(chunk);
    const copy = new Uint8Array(this.#take(chunk.length), 0, chunk.length);
    copy.set(chunk);
    return copy;
  }

  /** Takes buffers back that nobody uses any more. */
  keep(buffers: readonly ArrayBuffer[]): void {
    for (const buffer of buffers) {
      if (!isReusable(buffer) || this.#bytes + buffer.byteLength > mostBytes) continue;
      this.#spare.push(buffer);
      this.#bytes += buffer.byteLength;
    }
  }

  #take(bytes: number): ArrayBuffer {
    const at = this.#spare.findLastIndex(({ byteLength }) => byteLength >= bytes);
    if (at < 0) return new ArrayBuffer(Math.ceil(bytes / leastBytes) * leastBytes);
    const [buffer] = this.#spare.splice(at, 1);
    this.#bytes -= buffer.byteLength;
    return buffer;
  }
}

/** Whether a buffer is worth sending back. */
export function isReusable(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return buffer instanceof ArrayBuffer && buffer.byteLength >= leastBytes;
}
