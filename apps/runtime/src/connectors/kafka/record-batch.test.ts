import { crc32c } from "@node-rs/crc32";
import fc from "fast-check";
import murmurOfKafkajs from "kafkajs/src/producer/partitioners/default/murmur2.js";
import { describe, expect, test } from "vitest";
import { murmur2, PartitionChooser } from "./choose-partition.ts";
import { packingOf, unpack } from "./compressions.ts";
import type { Compression, OutgoingRecord } from "./kafka-driver.ts";
import { decodeRecordBatches } from "./record-batch-decoder.ts";
import { encodeRecordBatch } from "./record-batch-encoder.ts";

const origin = { producerId: 7n, producerEpoch: 1, firstSequence: 0, transactional: false, timeMs: 1_700_000_000_123 };
const recordOf = (value: string): OutgoingRecord => ({ topic: "t", partition: null, key: null, value: Buffer.from(value), headers: {} });

/** A batch as the broker stores it: with its offset. */
function storedAt(offset: number, batch: Buffer): Buffer {
  batch.writeBigInt64BE(BigInt(offset), 0);
  return batch;
}

async function transactional(producerId: bigint, offset: number, values: readonly string[]): Promise<Buffer> {
  const batch = await encodeRecordBatch(values.map(recordOf), { ...origin, producerId, transactional: true }, null);
  return storedAt(offset, batch);
}

/** How a transaction ends: a control record of version 0; 0 aborts, 1 commits. */
async function ending(producerId: bigint, offset: number, type: 0 | 1): Promise<Buffer> {
  const record = { ...recordOf(""), key: Buffer.from([0, 0, 0, type]) };
  const batch = await encodeRecordBatch([record], { ...origin, producerId, transactional: true }, null);
  batch.writeInt16BE(batch.readInt16BE(21) | 0x20, 21);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return storedAt(offset, batch);
}

describe("record batches", () => {
  test("the checksum is CRC-32C", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(Buffer.from("x123456789y").subarray(1, 10))).toBe(0xe3069283);
  });

  test.each(["none", "gzip", "snappy", "lz4", "zstd"] as const)("what is encoded (%s) is decoded", async (compression: Compression) => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 300 }));
    const headers = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 40, unit: "binary" }), {
      noNullPrototype: true,
    });
    const record = fc.record({ key: bytes, value: bytes, headers });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 150 }), fc.nat(2 ** 40), async (drafts, offset) => {
        const records = drafts.map((draft) => ({ topic: "t", partition: null, ...draft }));
        const batch = storedAt(offset, await encodeRecordBatch(records, origin, packingOf(compression)));
        const { records: found, nextOffset } = await decodeRecordBatches(batch, offset, [], unpack);
        expect(nextOffset).toBe(offset + records.length);
        expect(
          found.map(({ key, value, headers, ...place }) => ({
            ...place,
            key: key === null ? null : [...key],
            value: value === null ? null : [...value],
            headers: headers.map(([name, header]) => [name, Buffer.from(header).toString("utf8")]),
          })),
        ).toEqual(
          records.map(({ key, value, headers }, i) => ({
            offset: offset + i,
            timeMs: origin.timeMs,
            key: key === null ? null : [...key],
            value: value === null ? null : [...value],
            headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text).toString("utf8")]),
          })),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("what lies before the asked offset, and a batch that is cut off, are left out", async () => {
    const first = storedAt(10, await encodeRecordBatch(["a", "b", "c"].map(recordOf), origin, null));
    const second = storedAt(13, await encodeRecordBatch(["d"].map(recordOf), origin, null));
    const whole = Buffer.concat([first, second]);
    const all = await decodeRecordBatches(whole, 12, [], unpack);
    expect(all.records.map(({ offset, value }) => `${offset} ${value}`)).toEqual(["12 c", "13 d"]);
    const cut = await decodeRecordBatches(whole.subarray(0, whole.length - 1), 11, [], unpack);
    expect(cut.records.map(({ offset }) => offset)).toEqual([11, 12]);
    expect(cut.nextOffset).toBe(13);
  });

  test("records of aborted transactions and their ends are left out, also between others of the same producer", async () => {
    const bytes = Buffer.concat([
      await transactional(1n, 0, ["a", "b"]),
      await transactional(2n, 2, ["c"]),
      await ending(1n, 3, 0),
      await transactional(1n, 4, ["d"]),
      await ending(2n, 5, 1),
      await ending(1n, 6, 1),
    ]);
    const { records, nextOffset } = await decodeRecordBatches(bytes, 0, [{ producerId: 1n, firstOffset: 0 }], unpack);
    expect(records.map(({ value }) => `${value}`)).toEqual(["c", "d"]);
    expect(nextOffset).toBe(7);
  });

  test("a batch of which a bit has changed is told", async () => {
    const batch = storedAt(5, await encodeRecordBatch([recordOf("intact")], origin, null));
    batch[batch.length - 3] ^= 1;
    await expect(decodeRecordBatches(batch, 5, [], unpack)).rejects.toThrow("the record batch at offset 5 is damaged");
  });
});

describe("partitions", () => {
  test("a key goes where other clients put it", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (key) => murmur2(key) === murmurOfKafkajs(Buffer.from(key))));
    // As Kafka's own tests have it.
    expect(murmur2(Buffer.from("foobar"))).toBe(-790332482);
  });

  test("records without a key stay together for a while, and take turns over all partitions", () => {
    const chooser = new PartitionChooser(5);
    const chosen = Array.from({ length: 3000 }, () => chooser.choose(null, 100, 3));
    expect(new Set(chosen.slice(0, 600)).size).toBe(1);
    for (const partition of [0, 1, 2]) expect(chosen.filter((other) => other === partition).length).toBeGreaterThan(600);
  });
});
