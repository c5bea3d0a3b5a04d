import { promisify } from "node:util";
import { gunzip, gzip, zstdCompress, zstdDecompress } from "node:zlib";
import lz4 from "lz4js";
import snappy from "snappyjs";
import type { Compression } from "./kafka-driver.ts";
import { packLz4 } from "./lz4-frame.ts";
import type { Packing } from "./record-batch-encoder.ts";

/** How Java's snappy streams begin; what follows are blocks with their lengths. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;

interface Codec extends Packing {
  unpack(bytes: Buffer): Promise<Buffer>;
}

const gzipCodec: Codec = { attribute: 1, pack: promisify(gzip), unpack: promisify(gunzip) };
const snappyCodec: Codec = {
  attribute: 2,
  pack: async (bytes) => Buffer.from(snappy.compress(bytes)),
  unpack: async (bytes) => unpackSnappy(bytes),
};
const lz4Codec: Codec = {
  attribute: 3,
  pack: async (bytes) => packLz4(bytes),
  unpack: async (bytes) => Buffer.from(lz4.decompress(bytes)),
};
const zstdCodec: Codec = { attribute: 4, pack: promisify(zstdCompress), unpack: promisify(zstdDecompress) };

const codecs: Readonly<Record<Exclude<Compression, "none">, Codec>> = {
  gzip: gzipCodec,
  snappy: snappyCodec,
  lz4: lz4Codec,
  zstd: zstdCodec,
};

/** How records are packed; null: they are not. */
export function packingOf(compression: Compression): Packing | null {
  return compression === "none" ? null : codecs[compression];
}

/** Unpacks what any producer has packed, by the number that Kafka gives the compression. Rejects when there is no such one. */
export async function unpack(attribute: number, bytes: Buffer): Promise<Buffer> {
  const codec = Object.values(codecs).find((known) => known.attribute === attribute);
  if (codec === undefined) throw new Error(`records are compressed in a way that is not known (${attribute})`);
  return await codec.unpack(bytes);
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
