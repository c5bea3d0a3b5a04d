import { type ChunkRef, maxChunkBytes } from "./checkpoint-store.ts";

/** Gives the lower-case hex SHA-256 of bytes; hosts pass their native one. */
export type Sha256 = (bytes: Uint8Array) => string;

/** Makes chunks smaller, beside this thread where the host can; hosts bring their own. */
export interface ChunkPacking {
  /** The same in fewer bytes; null where that is not worth it. The same bytes are packed in the same way, at least by one version. */
  pack(bytes: Uint8Array): Promise<Uint8Array | null>;
  /** The bytes that were packed, of which there are so many. Rejects when there are not. */
  unpack(packed: Uint8Array, bytes: number): Promise<Uint8Array>;
}

/** How a host makes chunks of bytes, and bytes of chunks. */
export interface ChunkCoding {
  readonly sha256: Sha256;
  /** null: chunks are stored as they are, and none that is packed can be read. */
  readonly packing: ChunkPacking | null;
}

/** A chunk with its address, as it is stored. */
export interface Chunk {
  readonly ref: ChunkRef;
  readonly bytes: Uint8Array;
}

/** Cuts bytes into pieces of at most `maxChunkBytes`; no bytes, no pieces. They share memory with `bytes`. */
export function* cutBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += maxChunkBytes) yield bytes.subarray(at, Math.min(bytes.length, at + maxChunkBytes));
}

/** The chunk of a piece as it is. */
export function plainChunk(piece: Uint8Array, sha256: Sha256): Chunk {
  return { ref: { sha256: sha256(piece), bytes: piece.length }, bytes: piece };
}

/** The chunk of a piece, packed where that makes it smaller. */
export async function packedChunk(piece: Uint8Array, sha256: Sha256, packing: ChunkPacking): Promise<Chunk> {
  const packed = await packing.pack(piece);
  if (packed === null || packed.length >= piece.length) return plainChunk(piece, sha256);
  return { ref: { sha256: sha256(packed), bytes: piece.length, packed: packed.length }, bytes: packed };
}

/** So many chunks are asked for at a time: a log of many small ones does not wait for each. */
const readAtOnce = 8;

/** Puts chunks together again, each verified against its address. Throws `ChunkDamaged`. */
export async function joinChunks(
  refs: readonly ChunkRef[],
  read: (ref: ChunkRef) => Promise<Uint8Array | null>,
  coding: ChunkCoding,
): Promise<Uint8Array> {
  const total = refs.reduce((sum, ref) => sum + ref.bytes, 0);
  const whole = new Uint8Array(total);
  let at = 0;
  for (let from = 0; from < refs.length; from += readAtOnce) {
    const some = refs.slice(from, from + readAtOnce);
    const found = await Promise.all(some.map(async (ref) => await contentOf(ref, await read(ref), coding)));
    for (const bytes of found) {
      whole.set(bytes, at);
      at += bytes.length;
    }
  }
  return whole;
}

async function contentOf(ref: ChunkRef, stored: Uint8Array | null, { sha256, packing }: ChunkCoding): Promise<Uint8Array> {
  const bytes = verified(ref, stored, sha256);
  if (ref.packed === undefined) return bytes;
  if (packing === null) throw new ChunkDamaged(ref, "it is packed, and here is nothing that unpacks it");
  const content = await packing.unpack(bytes, ref.bytes).catch((cause: unknown) => {
    throw new ChunkDamaged(ref, `it cannot be unpacked (${cause instanceof Error ? cause.message : String(cause)})`);
  });
  if (content.length !== ref.bytes) throw new ChunkDamaged(ref, `unpacked it is ${content.length} bytes long instead of ${ref.bytes}`);
  return content;
}

function verified(ref: ChunkRef, bytes: Uint8Array | null, sha256: Sha256): Uint8Array {
  if (bytes === null) throw new ChunkDamaged(ref, "it is missing");
  const length = ref.packed ?? ref.bytes;
  if (bytes.length !== length) throw new ChunkDamaged(ref, `it is ${bytes.length} bytes long instead of ${length}`);
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
