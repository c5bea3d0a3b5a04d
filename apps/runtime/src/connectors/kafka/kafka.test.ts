import {
  bigintType,
  type Delivery,
  FencedError,
  type Field,
  type JsonObject,
  jsonType,
  type SinkWriter,
  type SourceReader,
  stringType,
  timestampType,
} from "@millrace/engine";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../system-clock.ts";
import { createRecordingHost, type RecordingHost } from "../../testing/connector-host.ts";
import { describeKafkaDriver } from "../../testing/kafka-driver-conformance.ts";
import { kafkaIsMissing, startTestKafka, type TestKafka } from "../../testing/kafka-server.ts";
import { createEgressPolicy } from "../egress-policy.ts";
import type { KafkaDriver, OutgoingRecord } from "./kafka-driver.ts";
import { createKafkaSink } from "./kafka-sink.ts";
import { createKafkaSource } from "./kafka-source.ts";
import { createKafkajsDriver } from "./kafkajs-driver.ts";

const missing = kafkaIsMissing();
if (missing !== null) console.warn(`SKIPPED: Kafka, because ${missing}`);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | null): string | null => (value === null ? null : new TextDecoder().decode(value));

describe.skipIf(missing !== null)("Kafka", () => {
  let kafka: TestKafka;
  let driver: KafkaDriver;
  let host: RecordingHost;
  let names = 0;
  const fresh = (): string => `millrace-test-${process.pid}-${Date.now()}-${names++}`;
  const signal = new AbortController().signal;

  beforeAll(async () => {
    kafka = await startTestKafka();
    driver = createKafkajsDriver({ brokers: kafka.brokers.split(","), tls: false, sasl: null }, createEgressPolicy("127.0.0.0/8"));
  }, 120_000);
  afterAll(async () => {
    await driver.close();
    await kafka.stop();
  });
  beforeEach(() => {
    host = createRecordingHost("/", { secret: (name) => (name === "cluster" ? `kafka://${kafka.brokers}` : null) });
  });

  async function write(records: readonly Partial<OutgoingRecord>[]): Promise<void> {
    const writer = await driver.openWriter({ transactionalId: null, acks: "all", compression: "none" });
    await writer.send(records.map((record) => ({ topic: "", partition: null, key: null, value: null, headers: {}, ...record })));
    await writer.close();
  }

  /** Committed values of a topic, in order within each partition. */
  async function read(topic: string): Promise<(string | null)[]> {
    const reader = await driver.openReader({ readCommitted: true });
    const ends = await driver.offsets(topic, "latest");
    reader.assign([...ends.keys()].map((partition) => ({ topic, partition, offset: 0 })));
    const left = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition));
    const values: (string | null)[] = [];
    while (left.size > 0) {
      for (const { partition, records, nextOffset } of await reader.fetch(100)) {
        values.push(...records.map(({ value }) => text(value)));
        if (nextOffset >= (ends.get(partition) ?? 0)) left.delete(partition);
      }
    }
    await reader.close();
    return values;
  }

  describe("kafkajs as the driver", () => describeKafkaDriver(() => driver, fresh));

  describe("a sink", () => {
    let pipelineId = "";
    let topic = "";
    beforeEach(async () => {
      pipelineId = `p${names}`;
      topic = fresh();
      await driver.ensureTopic(topic, { partitions: 2, compacted: false });
    });

    const open = (options: JsonObject = {}): Promise<SinkWriter> =>
      createKafkaSink(host).open({
        pipelineId,
        sinkId: "out:sink",
        options: { connection: "cluster", topic, ...options },
        fields: [{ name: "id", type: bigintType }],
        clock: systemClock,
        signal,
      });

    function delivery(checkpoint: number, rows: readonly JsonObject[], fencingToken = 1): Delivery {
      return { checkpoint, fencingToken, bytes: bytes(rows.map((row) => `${JSON.stringify(row)}\n`).join("")), records: rows.length };
    }

    const ids = async (): Promise<unknown[]> => (await read(topic)).map((value) => JSON.parse(value ?? "null")?.id).sort();

    test("takes a checkpoint once, and remembers it over restarts", async () => {
      const first = await open();
      expect(await first.delivered()).toBe(null);
      await first.deliver(delivery(3, [{ id: 1 }]));
      await first.deliver(delivery(3, [{ id: 2 }]));
      await first.deliver(delivery(4, []));
      await first.deliver(delivery(5, [{ id: 5 }]));
      await first.close();
      const second = await open();
      expect(await second.delivered()).toBe(5);
      await second.deliver(delivery(5, [{ id: 6 }], 2));
      await second.deliver(delivery(6, [{ id: 7 }], 2));
      await second.close();
      expect(await ids()).toEqual([1, 5, 7]);
    });

    test("of two owners the replaced one stands down and leaves nothing behind", async () => {
      const old = await open();
      await old.delivered();
      await old.deliver(delivery(1, [{ id: 1 }], 1));
      const current = await open();
      expect(await current.delivered()).toBe(1);
      await current.deliver(delivery(2, [{ id: 2 }], 2));
      let failure: unknown;
      for (let attempt = 0; attempt < 5 && !(failure instanceof FencedError); attempt++) {
        failure = await old.deliver(delivery(2, [{ id: 3 }], 1)).catch((cause: unknown) => cause);
      }
      expect(failure).toBeInstanceOf(FencedError);
      // The old one has taken the transactional id for a moment: the current one takes it back.
      for (let attempt = 0; attempt < 5; attempt++) {
        if ((await current.deliver(delivery(3, [{ id: 4 }], 2)).catch((cause: unknown) => cause)) === undefined) break;
      }
      await Promise.all([old.close(), current.close()]);
      expect(await ids()).toEqual([1, 2, 4]);
    });

    test("keys and headers leave the value; what is taken back becomes a tombstone", async () => {
      const writer = await open({ keyMember: "_key", headerMembers: { trace: "_h0" }, upsert: true, compression: "gzip" });
      await writer.deliver(
        delivery(1, [
          { _op: "+I", _key: "a", _h0: "t1", id: 1 },
          { _op: "-U", _key: "a", _h0: "t1", id: 1 },
          { _op: "+U", _key: "a", _h0: null, id: 2 },
          { _op: "-D", _key: "b", _h0: null, id: 9 },
        ]),
      );
      await writer.close();
      const reader = await driver.openReader({ readCommitted: true });
      reader.assign([0, 1].map((partition) => ({ topic, partition, offset: 0 })));
      const found: { readonly key: string | null; readonly value: string | null; readonly headers: unknown }[] = [];
      while (found.length < 3) {
        for (const { records } of await reader.fetch(100)) {
          for (const { key, value, headers } of records) {
            found.push({ key: text(key), value: text(value), headers: headers.map(([name, header]) => [name, text(header)]) });
          }
        }
      }
      await reader.close();
      expect(found.filter(({ key }) => key === "a")).toEqual([
        { key: "a", value: '{"id":1}', headers: [["trace", "t1"]] },
        { key: "a", value: '{"id":2}', headers: [] },
      ]);
      expect(found.filter(({ key }) => key === "b")).toEqual([{ key: "b", value: null, headers: [] }]);
    });

    test("a record that no broker would take goes to the dead letters, the others are written", async () => {
      const writer = await open();
      await writer.deliver(delivery(1, [{ id: 1 }, { id: 2, text: "x".repeat(1_100_000) }, { id: 3 }]));
      await writer.close();
      expect(await ids()).toEqual([1, 3]);
      expect(host.deadLetters.map(({ reason }) => reason.split(":")[0])).toEqual(["TOO_LARGE"]);
    });

    test("writes at once in a pipeline that runs at least once", async () => {
      const writer = await open();
      const { bytes: lines, records } = delivery(0, [{ id: 1 }, { id: 2 }]);
      await writer.writeNow?.({ fencingToken: 1, bytes: lines, records });
      expect(await ids()).toEqual([1, 2]);
      await writer.close();
    });

    test.each([
      [{ topic: "no topic" }, "KAFKA_INVALID"],
      [{ connection: "nowhere" }, "CONNECTION_MISSING"],
    ])("says what is wrong with %j", async (options, code) => {
      await expect(open(options)).rejects.toMatchObject({ code, retryable: false });
    });
  });

  describe("a source", () => {
    const fields: readonly Field[] = [
      { name: "id", type: bigintType },
      { name: "key", type: stringType },
      { name: "time", type: timestampType },
      { name: "headers", type: jsonType },
    ];
    const open = (
      options: JsonObject,
      position: Parameters<ReturnType<typeof createKafkaSource>["open"]>[0]["position"] = null,
    ): Promise<SourceReader> =>
      createKafkaSource(host).open({
        pipelineId: "p",
        sourceId: "s:source",
        options: { connection: "cluster", start: "earliest", ...options },
        fields,
        liveFields: fields.map(() => true),
        position,
        clock: systemClock,
        signal,
      });

    /** Lines and dead letters by split, until the source ends or `count` records are there. */
    async function drain(source: SourceReader, count = Number.POSITIVE_INFINITY) {
      const lines: string[] = [];
      const letters: string[] = [];
      const until = performance.now() + 20_000;
      while (lines.length + letters.length < count && performance.now() < until) {
        const chunk = await source.poll();
        if (chunk.kind === "end") break;
        if (chunk.kind === "bytes") lines.push(...(text(chunk.bytes) ?? "").trimEnd().split("\n"));
        if (chunk.kind === "batch") letters.push(...chunk.deadLetters.map(({ position, reason }) => `${position}: ${reason}`));
      }
      return { lines, letters };
    }

    async function topicWith(values: readonly (string | null)[], partitions = 1): Promise<string> {
      const topic = fresh();
      await driver.ensureTopic(topic, { partitions, compacted: false });
      await write(values.map((value, i) => ({ topic, partition: i % partitions, value: value === null ? null : bytes(value) })));
      return topic;
    }

    test("reads all partitions to the end that there was, and goes on from any position", async () => {
      const topic = await topicWith(
        Array.from({ length: 3000 }, (_, id) => JSON.stringify({ id })),
        3,
      );
      const source = await open({ topics: [topic], until: "latest" });
      expect(source.splits?.()).toEqual([`${topic}/0`, `${topic}/1`, `${topic}/2`]);
      const first = await source.poll();
      expect(first.kind).toBe("bytes");
      const seen = first.kind === "bytes" ? (text(first.bytes) ?? "").trimEnd().split("\n") : [];
      expect(seen.length).toBeLessThanOrEqual(1024);
      const position = JSON.parse(JSON.stringify(source.position()));
      await source.close();
      await write([{ topic, partition: 0, value: bytes('{"id":"late"}') }]);
      const again = await open({ topics: [topic], until: "latest" }, position);
      const { lines } = await drain(again);
      expect([...seen, ...lines].map((line) => JSON.parse(line).id).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 3000 }, (_, id) => id),
      );
      expect(again.gauges?.().lag).toBeLessThanOrEqual(1);
      await again.close();
    });

    test("puts key, time, headers and place before the members of the value", async () => {
      const topic = fresh();
      await driver.ensureTopic(topic, { partitions: 1, compacted: false });
      await write([
        { topic, key: bytes("k"), value: bytes(' {"id":\n1}'), headers: { a: "1" } },
        { topic, value: bytes("{ }") },
      ]);
      const details = { key: "key", time: "time", headers: "headers", partition: "p", offset: "o" };
      const source = await open({ topics: [topic], until: "latest", details });
      const { lines } = await drain(source);
      const rows = lines.map((line) => JSON.parse(line));
      expect(rows).toMatchObject([
        { key: "k", headers: { a: "1" }, p: 0, o: 0, id: 1 },
        { key: null, headers: {}, p: 0, o: 1 },
      ]);
      expect(Math.abs(rows[0].time - Date.now())).toBeLessThan(60_000);
      await source.close();
    });

    test("text and raw bytes stand in the field value", async () => {
      const topic = await topicWith(['say "hi"']);
      const lines = async (format: string) => (await drain(await open({ topics: [topic], until: "latest", format }))).lines;
      expect(await lines("text")).toEqual(['{"value":"say \\"hi\\""}']);
      expect(await lines("raw")).toEqual([`{"value":"${Buffer.from('say "hi"').toString("base64")}"}`]);
    });

    test("C1, C2, C7: empty, tombstone and too large go to the dead letters with their place", async () => {
      const topic = fresh();
      await driver.ensureTopic(topic, { partitions: 1, compacted: false });
      await write([
        { topic, value: bytes('{"id":1}') },
        { topic, value: bytes("  ") },
        { topic, value: null, key: bytes("k") },
        { topic, value: bytes('{"id":2}') },
      ]);
      const { lines, letters } = await drain(await open({ topics: [topic], until: "latest" }));
      expect(lines).toEqual(['{"id":1}', '{"id":2}']);
      expect(letters).toEqual([`${topic}/0 offset 1: its value is empty`, `${topic}/0 offset 2: it has no value (a tombstone)`]);
    });

    test("never shows what was aborted, and skips what transactions leave in the log", async () => {
      const topic = await topicWith(['{"id":1}']);
      const writer = await driver.openWriter({ transactionalId: fresh(), acks: "all", compression: "none" });
      await writer.sendInTransaction([{ topic, partition: 0, key: null, value: bytes('{"id":2}'), headers: {} }]);
      await writer.sendInTransaction([{ topic, partition: 0, key: null, value: bytes('{"id":3}'), headers: {} }]);
      await writer.close();
      const source = await open({ topics: [topic], until: "latest" });
      const letters: string[] = [];
      const chunks: [number, string][] = [];
      for (let chunk = await source.poll(); chunk.kind !== "end"; chunk = await source.poll()) {
        if (chunk.kind === "bytes") chunks.push([chunk.firstLine, text(chunk.bytes) ?? ""]);
      }
      expect(letters).toEqual([]);
      expect(chunks.map(([, lines]) => lines).join("")).toBe('{"id":1}\n{"id":2}\n{"id":3}\n');
      // Offsets are those of the records, whatever lies between them.
      expect(chunks.map(([offset]) => offset)).toEqual([0, 3]);
      await source.close();
    });

    test("starts at the end, at a time, and by a pattern", async () => {
      const prefix = fresh();
      for (const name of [`${prefix}-a`, `${prefix}-b`]) {
        await driver.ensureTopic(name, { partitions: 1, compacted: false });
        await write([{ topic: name, value: bytes(`{"id":"${name.at(-1)} old"}`) }]);
      }
      const between = Date.now() + 20;
      await new Promise((resolve) => setTimeout(resolve, 60));
      await write([{ topic: `${prefix}-a`, value: bytes('{"id":"new"}') }]);
      const all = await drain(await open({ topics: [`${prefix}-*`], until: "latest" }));
      expect(all.lines.map((line) => JSON.parse(line).id).sort()).toEqual(["a old", "b old", "new"]);
      const since = await drain(await open({ topics: [`${prefix}-*`], until: "latest", start: { timestampMs: between } }));
      expect(since.lines).toEqual(['{"id":"new"}']);
      const latest = await open({ topics: [`${prefix}-a`], start: "latest" });
      expect((await latest.poll()).kind).toBe("idle");
      await write([{ topic: `${prefix}-a`, value: bytes('{"id":"newest"}') }]);
      expect((await drain(latest, 1)).lines).toEqual(['{"id":"newest"}']);
      await latest.close();
    });

    test("a topic that is not there is told, and looked for again", async () => {
      await expect(open({ topics: [fresh()] })).rejects.toMatchObject({ code: "TOPIC_MISSING", retryable: true });
    });

    test("K12, K13: a list that is none, and a forbidden address, are refused without an echo", async () => {
      host = createRecordingHost("/", { secret: () => "kafka://broker:22x,other" });
      await expect(open({ topics: ["t"] })).rejects.toMatchObject({ code: "CONNECTION_INVALID", retryable: false });
      host = createRecordingHost("/", { secret: () => `kafka://${kafka.brokers}`, egress: createEgressPolicy("") });
      const failure: unknown = await open({ topics: ["t"] }).catch((cause: unknown) => cause);
      expect(String(failure)).toMatch(/KAFKA_UNAVAILABLE|EGRESS_DENIED|cannot be/);
    });
  });
});
