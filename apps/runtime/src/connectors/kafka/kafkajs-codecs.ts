import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import kafkajs from "kafkajs";
import lz4 from "lz4js";
import snappy from "snappyjs";
import { packLz4 } from "./lz4-frame.ts";

// Node finds no such names among the exports of this module.
const { CompressionCodecs, CompressionTypes } = kafkajs;

const zstdPack = promisify(zstdCompress);
const zstdUnpack = promisify(zstdDecompress);

/** How Java's snappy streams begin; what follows are blocks with their lengths. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;

interface Encoder {
  readonly buffer: Buffer;
}

let registered = false;

/** Teaches kafkajs, which knows gzip alone, the other compressions of Kafka. */
export function registerCodecs(): void {
  if (registered) return;
  registered = true;
  CompressionCodecs[CompressionTypes.ZSTD] = codec(zstdPack, zstdUnpack);
  CompressionCodecs[CompressionTypes.LZ4] = codec(
    async (bytes) => packLz4(bytes),
    async (bytes) => Buffer.from(lz4.decompress(bytes)),
  );
  CompressionCodecs[CompressionTypes.Snappy] = codec(
    async (bytes) => Buffer.from(snappy.compress(bytes)),
    async (bytes) => unpackSnappy(bytes),
  );
}

function codec(pack: (bytes: Buffer) => Promise<Buffer>, unpack: (bytes: Buffer) => Promise<Buffer>) {
  return () => ({ compress: (encoder: Encoder) => pack(encoder.buffer), decompress: unpack });
}

function unpackSnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return Buffer.from(snappy.uncompress(bytes));
  const blocks: Buffer[] = [];
  for (let at = xerialHeaderBytes; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    blocks.push(Buffer.from(snappy.uncompress(bytes.subarray(at + 4, at + 4 + length))));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}
