import { expect, test } from "vitest";
import type { FetchedRecords, KafkaDriver, KafkaReader, Outgoing, OutgoingRecord } from "../connectors/kafka/kafka-driver.ts";
import { isWriterFenced } from "../connectors/kafka/kafka-failure.ts";

const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes));
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

function record(topic: string, value: string | null, more: Partial<OutgoingRecord> = {}): OutgoingRecord {
  return { topic, partition: null, key: null, value: value === null ? null : bytes(value), headers: {}, ...more };
}

/** Reads until `count` records are there, or `patienceMs` has passed. */
async function read(reader: KafkaReader, count: number, patienceMs = 10_000): Promise<FetchedRecords["records"]> {
  const until = performance.now() + patienceMs;
  const found: FetchedRecords["records"][number][] = [];
  while (found.length < count && performance.now() < until) for (const { records } of await reader.fetch(100)) found.push(...records);
  return found;
}

/** What every Kafka driver must do. `driver`: one for the tests; `fresh`: a name of a topic that nobody has used. */
export function describeKafkaDriver(driver: () => KafkaDriver, fresh: () => string): void {
  const plain = { transactionalId: null, compression: "none" } as const;
  const transactional = (transactionalId: string) => ({ ...plain, transactionalId });

  async function topicWith(partitions: number): Promise<string> {
    const topic = fresh();
    await driver().ensureTopic(topic, { partitions, compacted: false });
    return topic;
  }

  async function readerOf(topic: string, readCommitted = true, offset = 0): Promise<KafkaReader> {
    const reader = await driver().openReader({ readCommitted });
    reader.assign((await driver().partitions(topic)).map((partition) => ({ topic, partition, offset })));
    return reader;
  }

  test("topics and their partitions; one that is missing has none, and asking does not create it", async () => {
    const topic = await topicWith(3);
    await driver().ensureTopic(topic, { partitions: 3, compacted: false });
    expect(await driver().partitions(topic)).toEqual([0, 1, 2]);
    const missing = fresh();
    expect(await driver().partitions(missing)).toEqual([]);
    const topics = await driver().listTopics();
    expect(topics).toContain(topic);
    expect(topics).not.toContain(missing);
  });

  test("what is written is read: values, keys, headers, tombstones, in order within a partition", async () => {
    const topic = await topicWith(1);
    const writer = await driver().openWriter(plain);
    const more = { key: bytes("k\u00e9"), headers: { trace: "1", empty: "" } };
    await writer.send([record(topic, "a", more), record(topic, null, { key: bytes("k") }), record(topic, "")]);
    const reader = await readerOf(topic);
    const found = await read(reader, 3);
    expect(found.map(({ value }) => text(value))).toEqual(["a", null, ""]);
    expect(found.map(({ key }) => text(key))).toEqual(["ké", "k", null]);
    expect(found.map(({ offset }) => offset)).toEqual([0, 1, 2]);
    expect(found[0].headers.map(([name, value]) => [name, text(value)])).toEqual([
      ["trace", "1"],
      ["empty", ""],
    ]);
    expect(Math.abs(found[0].timeMs - Date.now())).toBeLessThan(60_000);
    await Promise.all([reader.close(), writer.close()]);
  });

  test("records of one key stay in one partition; a partition that is named is taken", async () => {
    const topic = await topicWith(4);
    const writer = await driver().openWriter(plain);
    const keyed = Array.from({ length: 40 }, (_, i) => record(topic, `${i}`, { key: bytes(`key ${i % 8}`) }));
    await writer.send([...keyed, record(topic, "here", { partition: 2 })]);
    const reader = await readerOf(topic);
    const places = new Map<string, Set<number>>();
    let here = -1;
    for (let count = 0; count < 41; ) {
      for (const { partition, records } of await reader.fetch(100)) {
        count += records.length;
        for (const { key, value } of records) {
          if (text(value) === "here") here = partition;
          else places.set(text(key) ?? "", (places.get(text(key) ?? "") ?? new Set()).add(partition));
        }
      }
    }
    expect(here).toBe(2);
    expect(places.size).toBe(8);
    for (const partitions of places.values()) expect(partitions.size).toBe(1);
    await Promise.all([reader.close(), writer.close()]);
  });

  test("reading begins where it is told, and goes on behind what was read; a paused partition is left out", async () => {
    const topic = await topicWith(2);
    const writer = await driver().openWriter(plain);
    await writer.send(Array.from({ length: 10 }, (_, i) => record(topic, `${i}`, { partition: i % 2 })));
    const reader = await driver().openReader({ readCommitted: true });
    reader.assign([
      { topic, partition: 0, offset: 2 },
      { topic, partition: 1, offset: 4 },
    ]);
    reader.pause([{ topic, partition: 1 }]);
    expect((await read(reader, 3)).map(({ value }) => text(value))).toEqual(["4", "6", "8"]);
    expect(await read(reader, 1, 400)).toEqual([]);
    reader.resume([{ topic, partition: 1 }]);
    expect((await read(reader, 1)).map(({ value }) => text(value))).toEqual(["9"]);
    await writer.send([record(topic, "more", { partition: 0 })]);
    expect((await read(reader, 1)).map(({ value }) => text(value))).toEqual(["more"]);
    await Promise.all([reader.close(), writer.close()]);
  });

  test("offsets by place and by time", async () => {
    const topic = await topicWith(1);
    const writer = await driver().openWriter(plain);
    await writer.send([record(topic, "a")]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const between = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await writer.send([record(topic, "b"), record(topic, "c")]);
    expect(await driver().offsets(topic, "earliest")).toEqual(new Map([[0, 0]]));
    expect(await driver().offsets(topic, "latest")).toEqual(new Map([[0, 3]]));
    expect(await driver().offsets(topic, { timestampMs: between })).toEqual(new Map([[0, 1]]));
    expect(await driver().offsets(topic, { timestampMs: Date.now() + 60_000 })).toEqual(new Map([[0, 3]]));
    await writer.close();
  });

  test("lines are a record each, with their headers, beside other records and in transactions", async () => {
    const topic = await topicWith(2);
    const lines = (...values: string[]): Outgoing => {
      const bytes = Buffer.from(values.map((value) => `${value}\n`).join(""));
      const ends = Int32Array.from(
        bytes.entries().filter(([, byte]) => byte === 10),
        ([at]) => at,
      );
      return { topic, headers: { kind: "line" }, bytes, ends };
    };
    const [alone, writer] = [await driver().openWriter(plain), await driver().openWriter(transactional(fresh()))];
    await alone.send([lines("a", "", "ccc"), record(topic, "d")]);
    await writer.sendAhead([lines("e"), lines("f", "g")]);
    await writer.sendInTransaction([record(topic, "h"), lines("i")]);
    const reader = await readerOf(topic);
    const found = await read(reader, 9);
    expect(found.map(({ value }) => text(value)).sort()).toEqual(["", "a", "ccc", "d", "e", "f", "g", "h", "i"]);
    const kinds = found.map(({ value, headers }) => [text(value), headers.map(([name, of]) => `${name}=${text(of)}`).join()]);
    for (const [value, kind] of kinds) expect(kind).toBe(value === "d" || value === "h" ? "" : "kind=line");
    await Promise.all([reader.close(), alone.close(), writer.close()]);
  });

  test("a transaction appears whole, over partitions and topics, and only once it is committed", async () => {
    const [one, other] = [await topicWith(2), await topicWith(1)];
    const writer = await driver().openWriter(transactional(fresh()));
    await writer.sendInTransaction([...Array.from({ length: 20 }, (_, i) => record(one, `${i}`)), record(other, "marker")]);
    await writer.sendInTransaction([record(one, "20")]);
    const reader = await readerOf(one);
    expect(new Set((await read(reader, 21)).map(({ value }) => text(value)))).toEqual(
      new Set(Array.from({ length: 21 }, (_, i) => `${i}`)),
    );
    const others = await readerOf(other);
    expect(await read(others, 1)).toHaveLength(1);
    await Promise.all([reader.close(), others.close(), writer.close()]);
  });

  test("what is sent ahead appears with the transaction that follows it, and never where none does", async () => {
    const topic = await topicWith(1);
    const id = fresh();
    const writer = await driver().openWriter(transactional(id));
    await writer.sendAhead([record(topic, "1"), record(topic, "2")]);
    await writer.sendAhead([record(topic, "3")]);
    const reader = await readerOf(topic);
    expect(await read(reader, 1, 400)).toEqual([]);
    await writer.sendInTransaction([record(topic, "4")]);
    expect((await read(reader, 4)).map(({ value }) => text(value))).toEqual(["1", "2", "3", "4"]);
    await writer.sendAhead([record(topic, "given up with its writer")]);
    await writer.close();
    const next = await driver().openWriter(transactional(id));
    await next.sendAhead([record(topic, "given up with a fenced one")]);
    const current = await driver().openWriter(transactional(id));
    expect(isWriterFenced(await next.sendAhead([record(topic, "zombie")]).catch((cause: unknown) => cause))).toBe(true);
    await current.sendInTransaction([record(topic, "5")]);
    expect((await read(reader, 1)).map(({ value }) => text(value))).toEqual(["5"]);
    expect(await read(reader, 1, 400)).toEqual([]);
    await Promise.all([reader.close(), next.close(), current.close()]);
  });

  test("a newer writer of the same transactional id fences the older, which writes nothing more that can be read", async () => {
    const topic = await topicWith(1);
    const id = fresh();
    const old = await driver().openWriter(transactional(id));
    await old.sendInTransaction([record(topic, "old")]);
    const current = await driver().openWriter(transactional(id));
    const failure: unknown = await old.sendInTransaction([record(topic, "zombie")]).catch((cause: unknown) => cause);
    expect(isWriterFenced(failure)).toBe(true);
    await current.sendInTransaction([record(topic, "current")]);
    const reader = await readerOf(topic);
    expect((await read(reader, 2)).map(({ value }) => text(value))).toEqual(["old", "current"]);
    expect(await read(reader, 1, 400)).toEqual([]);
    await Promise.all([reader.close(), old.close(), current.close()]);
  });

  test("written without a transaction, records of a replaced writer are refused where its successor has ended a transaction or written", async () => {
    const [topic, other] = [await topicWith(2), await topicWith(1)];
    const id = fresh();
    const old = await driver().openWriter(transactional(id));
    await old.send([record(topic, "old", { partition: 0 }), record(topic, "old", { partition: 1 }), record(other, "old")]);
    const current = await driver().openWriter(transactional(id));
    await current.sendInTransaction([record(topic, "marker", { partition: 0 })], [{ topic, partition: 1 }]);
    await current.send([record(other, "current")]);
    for (const place of [record(topic, "zombie", { partition: 0 }), record(topic, "zombie", { partition: 1 }), record(other, "zombie")]) {
      const failure: unknown = await old.send([place]).catch((cause: unknown) => cause);
      expect(isWriterFenced(failure)).toBe(true);
    }
    await current.send([record(topic, "current", { partition: 1 })]);
    const readers = [await readerOf(topic), await readerOf(other)];
    expect((await read(readers[0], 4)).map(({ value }) => text(value)).sort()).toEqual(["current", "marker", "old", "old"]);
    expect((await read(readers[1], 2)).map(({ value }) => text(value))).toEqual(["old", "current"]);
    expect(await read(readers[0], 1, 400)).toEqual([]);
    await Promise.all([...readers.map((reader) => reader.close()), old.close(), current.close()]);
  });

  test("a position that was published is the group's, and takes nothing away from readers", async () => {
    const topic = await topicWith(1);
    const writer = await driver().openWriter(plain);
    await writer.send([record(topic, "a"), record(topic, "b")]);
    await driver().publishOffsets(`${topic}-group`, [{ topic, partition: 0, offset: 2 }]);
    const reader = await readerOf(topic);
    expect(await read(reader, 2)).toHaveLength(2);
    await Promise.all([reader.close(), writer.close()]);
  });

  test("an offset that is no longer there is said, with its place", async () => {
    const topic = await topicWith(1);
    const reader = await readerOf(topic, true, 77);
    const failure: unknown = await reader.fetch(100).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: "OFFSET_OUT_OF_RANGE", retryable: false, message: expect.stringContaining(`${topic}/0 at 77`) });
    await reader.close();
  });

  test.each(["gzip", "zstd", "lz4", "snappy"] as const)("records compressed with %s come back", async (compression) => {
    const topic = await topicWith(1);
    const writer = await driver().openWriter({ ...plain, compression });
    const values = Array.from({ length: 300 }, (_, i) => `{"n":${i},"text":"${"abc".repeat(i % 50)}"}`);
    await writer.send(values.map((value) => record(topic, value)));
    const reader = await readerOf(topic);
    expect((await read(reader, 300)).map(({ value }) => text(value))).toEqual(values);
    await Promise.all([reader.close(), writer.close()]);
  });
}
