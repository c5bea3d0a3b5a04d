import { type ChunkRef, maxChunkBytes } from "./checkpoint-store.ts";

/** Gives the lower-case hex SHA-256 of bytes; hosts pass their native one. */
export type Sha256 = (bytes: Uint8Array) => string;

/** A chunk with its address. */
export interface Chunk {
  readonly ref: ChunkRef;
  readonly bytes: Uint8Array;
}

/** Cuts bytes into chunks of at most `maxChunkBytes`; no bytes, no chunks. The chunks share memory with `bytes`. */
export function cutIntoChunks(bytes: Uint8Array, sha256: Sha256): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; at += maxChunkBytes) {
    const piece = bytes.subarray(at, Math.min(bytes.length, at + maxChunkBytes));
    chunks.push({ ref: { sha256: sha256(piece), bytes: piece.length }, bytes: piece });
  }
  return chunks;
}

/** So many chunks are asked for at a time: a log of many small ones does not wait for each. */
const readAtOnce = 8;

/** Puts chunks together again, each verified against its address. Throws `ChunkDamaged`. */
export async function joinChunks(
  refs: readonly ChunkRef[],
  read: (ref: ChunkRef) => Promise<Uint8Array | null>,
  sha256: Sha256,
): Promise<Uint8Array> {
  const total = refs.reduce((sum, ref) => sum + ref.bytes, 0);
  const whole = new Uint8Array(total);
  let at = 0;
  for (let from = 0; from < refs.length; from += readAtOnce) {
    const some = refs.slice(from, from + readAtOnce);
    const found = await Promise.all(some.map(read));
    some.forEach((ref, i) => {
      const bytes = verified(ref, found[i], sha256);
      whole.set(bytes, at);
      at += bytes.length;
    });
  }
  return whole;
}

function verified(ref: ChunkRef, bytes: Uint8Array | null, sha256: Sha256): Uint8Array {
  if (bytes === null) throw new ChunkDamaged(ref, "it is missing");
  if (bytes.length !== ref.bytes) throw new ChunkDamaged(ref, `it is ${bytes.length} bytes long instead of ${ref.bytes}`);
  const actual = sha256(bytes);
  if (actual !== ref.sha256) throw new ChunkDamaged(ref, `its SHA-256 is ${actual}`);
  return bytes;
}

/** A chunk of a committed checkpoint is missing or not what was written. */
export class ChunkDamaged extends Error {
  constructor(ref: ChunkRef, what: string) {
    super(`Checkpoint chunk ${ref.sha256} is damaged: ${what}.`);
    this.name = "ChunkDamaged";
  }
}
