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

/** Puts chunks together again, each verified against its address. Throws `ChunkDamaged`. */
export async function joinChunks(
  refs: readonly ChunkRef[],
  read: (ref: ChunkRef) => Promise<Uint8Array | null>,
  sha256: Sha256,
): Promise<Uint8Array> {
  const total = refs.reduce((sum, ref) => sum + ref.bytes, 0);
  const whole = new Uint8Array(total);
  let at = 0;
  for (const ref of refs) {
    const bytes = await read(ref);
    if (bytes === null) throw new ChunkDamaged(ref, "it is missing");
    if (bytes.length !== ref.bytes) throw new ChunkDamaged(ref, `it is ${bytes.length} bytes long instead of ${ref.bytes}`);
    const actual = sha256(bytes);
    if (actual !== ref.sha256) throw new ChunkDamaged(ref, `its SHA-256 is ${actual}`);
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

/** A chunk of a committed checkpoint is missing or not what was written. */
export class ChunkDamaged extends Error {
  constructor(ref: ChunkRef, what: string) {
    super(`Checkpoint chunk ${ref.sha256} is damaged: ${what}.`);
    this.name = "ChunkDamaged";
  }
}
