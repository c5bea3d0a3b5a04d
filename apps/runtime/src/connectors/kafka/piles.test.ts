import { describe, expect, it } from "vitest";
import { PartitionChooser } from "./choose-partition.ts";
import type { Outgoing, OutgoingLines, OutgoingRecord } from "./kafka-driver.ts";
import { type OutgoingOptions, prepareRecords } from "./outgoing-records.ts";
import { Piles } from "./piles.ts";
import { countRecords, encodeRecordBatch } from "./record-batch-encoder.ts";

const origin = { producerId: 7n, producerEpoch: 1, firstSequence: 0, transactional: false, timeMs: 5 };
const plain: OutgoingOptions = {
  topic: "t",
  keyMember: null,
  partitionMember: null,
  headerMembers: {},
  tombstoneMember: null,
  upsert: false,
};

/** Lines of lengths from none to a few thousand bytes, and now and then a very long one. */
function textsOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i}`.padEnd((i * 7919) % 3000, "é") + (i % 400 === 399 ? "x".repeat(90_000) : ""));
}

function preparedLines(texts: readonly string[], headers: Record<string, string>): readonly Outgoing[] {
  const bytes = new TextEncoder().encode(texts.map((text) => `${text}\n`).join(""));
  const { records, letters } = prepareRecords([bytes], plain, { partitions: 3, position: "here", stamp: headers });
  expect(letters).toEqual([]);
  return records;
}

function recordOf(text: string, headers: Record<string, string>): OutgoingRecord {
  return { topic: "t", partition: null, key: null, value: Buffer.from(text), headers };
}

function isLines(record: Outgoing): record is OutgoingLines {
  return "ends" in record;
}

describe("lines that are written many at a time", () => {
  it.each([{}, { "millrace-hops": "2" }])("make the batches that as many records make: headers %j", async (headers) => {
    const texts = textsOf(300);
    const [lines, ...more] = preparedLines(texts, headers);
    expect([more.length, isLines(lines)]).toEqual([0, true]);
    if (!isLines(lines)) return;
    const ranges = [
      { lines, from: 0, to: 1 },
      { lines, from: 1, to: 200 },
      { lines, from: 200, to: 300 },
    ];
    const one = await encodeRecordBatch(ranges, origin, null);
    const other = await encodeRecordBatch(
      texts.map((text) => recordOf(text, headers)),
      origin,
      null,
    );
    expect(one.equals(other)).toBe(true);
    expect(countRecords(ranges)).toBe(300);
  });

  it("take turns over the partitions in runs, each once and in order, and no batch grows too large", () => {
    const texts = textsOf(2000);
    const piles = new Piles(() => 3, new PartitionChooser(0));
    for (const record of preparedLines(texts, {})) if (isLines(record)) piles.addLines(record);
    const seen = new Map<number, string[]>();
    for (const { partition, records, bytes } of piles.all) {
      expect(bytes).toBeLessThan(640 << 10);
      for (const record of records) {
        if (!("lines" in record)) throw new Error("no lines");
        const { ends, bytes: piece } = record.lines;
        for (let i = record.from; i < record.to; i++) {
          const text = new TextDecoder().decode(piece.subarray(i === 0 ? 0 : ends[i - 1] + 1, ends[i]));
          seen.set(partition, [...(seen.get(partition) ?? []), text]);
        }
      }
    }
    expect(seen.size).toBe(3);
    const place = new Map(texts.map((text, i) => [text, i]));
    for (const own of seen.values()) {
      const places = own.map((text) => place.get(text) ?? -1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(own.length).toBeGreaterThan(300);
    }
    expect([...seen.values()].flat().sort()).toEqual([...texts].sort());
  });

  it("are looked at one by one where one of them is too long for a broker, which is a dead letter", () => {
    const bytes = new TextEncoder().encode(`"a"\n"${"x".repeat(1_000_001)}"\n"b"\n`);
    const { records, letters } = prepareRecords([bytes], plain, { partitions: 1, position: "here", stamp: {} });
    expect(records.map((record) => (isLines(record) ? "" : new TextDecoder().decode(record.value ?? undefined)))).toEqual(['"a"', '"b"']);
    expect(letters).toMatchObject([{ position: "here", reason: expect.stringContaining("TOO_LARGE") }]);
  });
});
