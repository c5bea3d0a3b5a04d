import lz4 from "lz4js";
import xxh32 from "lz4js/xxh32.js";

const magic = 0x184d2204;
/** Version 1, independent blocks, no checksums: what Kafka's own clients write. */
const flags = 0x60;
/** Blocks of at most 64 kB. */
const blockSizeCode = 0x40;
const blockBytes = 64 << 10;
const uncompressedBit = 0x8000_0000;

/** Packs bytes into an LZ4 frame as Kafka reads it (the library's own frames have linked blocks, which it refuses). */
export function packLz4(bytes: Uint8Array): Buffer {
  const pieces: Buffer[] = [frameHeader()];
  const hashTable = new Uint32Array(1 << 16);
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = bytes.subarray(at, Math.min(bytes.length, at + blockBytes));
    const packed = new Uint8Array(lz4.compressBound(block.length));
    hashTable.fill(0);
    const size = lz4.compressBlock(block, packed, 0, block.length, hashTable);
    const compressed = size > 0 && size < block.length;
    const head = Buffer.alloc(4);
    head.writeUInt32LE(compressed ? size : (block.length | uncompressedBit) >>> 0);
    pieces.push(head, Buffer.from(compressed ? packed.subarray(0, size) : block));
  }
  return Buffer.concat([...pieces, Buffer.alloc(4)]);
}

function frameHeader(): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt32LE(magic);
  header[4] = flags;
  header[5] = blockSizeCode;
  header[6] = (xxh32.hash(0, header, 4, 2) >>> 8) & 0xff;
  return header;
}
