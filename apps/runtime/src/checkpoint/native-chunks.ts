import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import type { ChunkCoding, ChunkPacking } from "@millrace/engine";
import { nativeSha256 } from "../native-sha256.ts";

/** Smaller chunks are not worth a trip to another thread. */
const leastBytes = 1 << 14;
/** What is written is packed to about a tenth: one piece of output is enough for most. */
const outputBytes = 1 << 17;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Zstandard at its fastest regular level, on threads beside this one. */
const zstandard: ChunkPacking = {
  async pack(bytes) {
    if (bytes.length < leastBytes) return null;
    return await compress(bytes, { chunkSize: outputBytes, params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  },
  unpack: (packed, bytes) => decompress(packed, { maxOutputLength: Math.max(bytes, 1), chunkSize: Math.max(bytes, 64) }),
};

/** Chunks of checkpoints are hashed natively and packed. */
export const nativeChunks: ChunkCoding = { sha256: nativeSha256, packing: zstandard };
