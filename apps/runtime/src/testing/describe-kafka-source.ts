import { bigintType, type Field, type JsonObject, jsonType, type SourceReader, stringType, timestampType } from "@millrace/engine";
import { Kafka, logLevel } from "kafkajs";
import { beforeEach, expect, test } from "vitest";
import { createEgressPolicy } from "../connectors/egress-policy.ts";
import { createKafkaSink } from "../connectors/kafka/kafka-sink.ts";
import { createKafkaSource } from "../connectors/kafka/kafka-source.ts";
import { systemClock } from "../system-clock.ts";
import { createRecordingHost, type RecordingHost } from "./connector-host.ts";
import type { SharedKafka } from "./shared-kafka.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | null): string | null => (value === null ? null : new TextDecoder().decode(value));

/** What the Kafka source does, against a broker. */
export function describeKafkaSource(kafka: SharedKafka): void {
  let host: RecordingHost;
  const signal = new AbortController().signal;
  beforeEach(() => {
    host = kafka.host();
  });

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
    const topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions, compacted: false });
    await kafka.write(values.map((value, i) => ({ topic, partition: i % partitions, value: value === null ? null : bytes(value) })));
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
    await kafka.write([{ topic, partition: 0, value: bytes('{"id":"late"}') }]);
    const again = await open({ topics: [topic], until: "latest" }, position);
    const { lines } = await drain(again);
    expect([...seen, ...lines].map((line) => JSON.parse(line).id).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 3000 }, (_, id) => id),
    );
    expect(again.gauges?.().lag).toBeLessThanOrEqual(1);
    await again.close();
  });

  test("puts key, time, headers and place behind the members of the value, which cannot pretend to them", async () => {
    const topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions: 1, compacted: false });
    await kafka.write([
      { topic, key: bytes("k"), value: bytes(' {"id":\n1, "key": "forged"} '), headers: { a: "1" } },
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
    await kafka.write([{ topic, value: Uint8Array.of(0xff, 0xfe) }]);
    const { letters } = await drain(await open({ topics: [topic], until: "latest", format: "text" }));
    expect(letters).toEqual([`${topic}/0 offset 1: not UTF-8: its value is no text`]);
  });

  test("C1, C2, C7: empty, tombstone and too large go to the dead letters with their place", async () => {
    const topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions: 1, compacted: false });
    await kafka.write([
      { topic, value: bytes('{"id":1}') },
      { topic, value: bytes("  ") },
      { topic, value: null, key: bytes("k") },
      { topic, value: bytes('{"id":2}') },
    ]);
    const { lines, letters } = await drain(await open({ topics: [topic], until: "latest" }));
    expect(lines).toEqual(['{"id":1}', '{"id":2}']);
    expect(letters).toEqual([`${topic}/0 offset 1: its value is empty`, `${topic}/0 offset 2: it has no value (a tombstone)`]);
  });

  test("tombstones are left out, or become records beside whose key all is NULL, when that is wanted", async () => {
    const topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions: 1, compacted: false });
    const gone = { topic, value: null, key: bytes("k") };
    await kafka.write([gone, { topic, value: bytes('{"id":1}') }, gone, gone, { topic, value: bytes('{"id":2}') }, gone]);
    const options = { topics: [topic], until: "latest", details: { key: "key" } };
    const skipping = await open({ ...options, tombstones: "skip" });
    expect(await drain(skipping)).toEqual({ lines: ['{"id":1,"key":null}', '{"id":2,"key":null}'], letters: [] });
    expect(skipping.position()).toMatchObject({ topics: { [topic]: { 0: 6 } } });
    const { lines, letters } = await drain(await open({ ...options, tombstones: "nulls" }));
    const none = '{"key":"k"}';
    expect({ lines, letters }).toEqual({ lines: [none, '{"id":1,"key":null}', none, none, '{"id":2,"key":null}', none], letters: [] });
  });

  test("K16: pipelines that feed each other over two topics are found out, and what goes round becomes a dead letter", async () => {
    const [there, back] = [await topicWith(['{"id":1}']), await topicWith([])];
    const pump = async (from: string, to: string) => {
      const own = kafka.host();
      const context = { fields, clock: systemClock, signal, pipelineId: kafka.fresh() };
      const source = await createKafkaSource(own).open({
        ...context,
        options: { connection: "cluster", topics: [from], start: "earliest" },
        liveFields: fields.map(() => true),
        position: null,
      });
      const sink = await createKafkaSink(own).open({ ...context, sinkId: "out:sink", options: { connection: "cluster", topic: to } });
      let checkpoint = 0;
      /** Copies what is there; a dead letter ends it. */
      return async (): Promise<string | null> => {
        const chunk = await source.poll();
        if (chunk.kind === "batch") {
          await Promise.all([source.close(), sink.close()]);
          return chunk.deadLetters[0].reason;
        }
        if (chunk.kind === "bytes")
          await sink.deliver({ checkpoint: ++checkpoint, fencingToken: 1, bytes: chunk.bytes.slice(), records: 1 });
        return null;
      };
    };
    const pipelines = [await pump(there, back), await pump(back, there)];
    let found: string | null = null;
    for (let turn = 0; turn < 1000 && found === null; turn++) found = await pipelines[turn % 2]();
    expect(found).toMatch(/^LOOP: .* 16 pipelines/);
    // It went round eight times, and no more.
    expect([(await kafka.read(there)).length, (await kafka.read(back)).length]).toEqual([9, 8]);
  });

  test("never shows what was aborted, and skips what transactions leave in the log", async () => {
    const topic = await topicWith(['{"id":1}']);
    const writer = await kafka.driver.openWriter({ transactionalId: kafka.fresh(), compression: "none" });
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
    const prefix = kafka.fresh();
    for (const name of [`${prefix}-a`, `${prefix}-b`]) {
      await kafka.driver.ensureTopic(name, { partitions: 1, compacted: false });
      await kafka.write([{ topic: name, value: bytes(`{"id":"${name.at(-1)} old"}`) }]);
    }
    const between = Date.now() + 20;
    await new Promise((resolve) => setTimeout(resolve, 60));
    await kafka.write([{ topic: `${prefix}-a`, value: bytes('{"id":"new"}') }]);
    const all = await drain(await open({ topics: [`${prefix}-*`], until: "latest" }));
    expect(all.lines.map((line) => JSON.parse(line).id).sort()).toEqual(["a old", "b old", "new"]);
    const since = await drain(await open({ topics: [`${prefix}-*`], until: "latest", start: { timestampMs: between } }));
    expect(since.lines).toEqual(['{"id":"new"}']);
    const latest = await open({ topics: [`${prefix}-a`], start: "latest" });
    expect((await latest.poll()).kind).toBe("idle");
    await kafka.write([{ topic: `${prefix}-a`, value: bytes('{"id":"newest"}') }]);
    expect((await drain(latest, 1)).lines).toEqual(['{"id":"newest"}']);
    await latest.close();
  });

  test("starts at offsets, where one is named", async () => {
    const topic = await topicWith(
      Array.from({ length: 8 }, (_, id) => JSON.stringify({ id })),
      2,
    );
    const { lines } = await drain(await open({ topics: [topic], until: "latest", start: { offsets: { [topic]: { 1: 3 } } } }));
    expect(lines.map((line) => JSON.parse(line).id).sort()).toEqual([0, 2, 4, 6, 7]);
  });

  test("a topic of a pattern that appeared while nobody read is read from its beginning, one that was added by name is not", async () => {
    const prefix = kafka.fresh();
    await kafka.driver.ensureTopic(`${prefix}-a`, { partitions: 1, compacted: false });
    const first = await open({ topics: [`${prefix}-*`], start: "latest" });
    const position = first.position();
    await first.close();
    await kafka.driver.ensureTopic(`${prefix}-b`, { partitions: 1, compacted: false });
    await kafka.write([{ topic: `${prefix}-b`, value: bytes('{"id":1}') }]);
    expect((await drain(await open({ topics: [`${prefix}-*`], start: "latest", until: "latest" }, position))).lines).toEqual(['{"id":1}']);
    const named = await drain(await open({ topics: [`${prefix}-a`, `${prefix}-b`], start: "latest", until: "latest" }, position));
    expect(named.lines).toEqual([]);
  });

  test("finds new partitions and new topics of a pattern while it runs, and reads them from their beginning", async () => {
    const prefix = kafka.fresh();
    await kafka.driver.ensureTopic(`${prefix}-a`, { partitions: 1, compacted: false });
    // Its own clock: looking for what is new every half minute should not take that long here.
    let skippedMs = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + skippedMs };
    const source = await createKafkaSource(host).open({
      options: { connection: "cluster", topics: [`${prefix}-*`], start: "latest" },
      fields,
      liveFields: fields.map(() => true),
      position: null,
      clock,
      signal,
    });
    expect(source.splits?.()).toEqual([`${prefix}-a/0`]);
    const client = new Kafka({ brokers: kafka.server.brokers.split(","), logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic: `${prefix}-a`, count: 2 }] });
    await admin.disconnect();
    await kafka.driver.ensureTopic(`${prefix}-b`, { partitions: 1, compacted: false });
    await kafka.write([
      { topic: `${prefix}-a`, partition: 1, value: bytes('{"id":1}') },
      { topic: `${prefix}-b`, partition: 0, value: bytes('{"id":2}') },
    ]);
    skippedMs = 30_000;
    const { lines } = await drain(source, 2);
    expect(lines.sort()).toEqual(['{"id":1}', '{"id":2}']);
    expect([...(source.splits?.() ?? [])].sort()).toEqual([`${prefix}-a/0`, `${prefix}-a/1`, `${prefix}-b/0`]);
    await source.close();
  });

  test("holds no more than a little of each partition while nothing is taken", async () => {
    const topic = await topicWith([], 2);
    const filler = "x".repeat(20_000);
    for (let round = 0; round < 4; round++) {
      await kafka.write(
        Array.from({ length: 120 }, (_, i) => ({ topic, partition: i % 2, value: bytes(`{"id":${i},"filler":"${filler}"}`) })),
      );
    }
    const source = await open({ topics: [topic], until: "latest" });
    await source.poll();
    // Whatever time passes without a poll, what was not asked for stays at the broker.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(source.gauges?.().lag).toBeGreaterThan(300);
    const { lines } = await drain(source);
    expect(lines.length).toBeGreaterThan(300);
    await source.close();
  });

  test("a topic that is not there is told, and looked for again", async () => {
    await expect(open({ topics: [kafka.fresh()] })).rejects.toMatchObject({ code: "TOPIC_MISSING", retryable: true });
  });

  test("K12, K13: a list that is none, and a forbidden address, are refused without an echo", async () => {
    host = createRecordingHost("/", { secret: () => "kafka://broker:22x,other" });
    await expect(open({ topics: ["t"] })).rejects.toMatchObject({ code: "CONNECTION_INVALID", retryable: false });
    host = createRecordingHost("/", { secret: () => `kafka://${kafka.server.brokers}`, egress: createEgressPolicy("") });
    const failure: unknown = await open({ topics: ["t"] }).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: "EGRESS_DENIED", retryable: false });
  });

  test.runIf((process.env.KAFKA_BROKERS ?? "") === "")("a broker that dies and comes back is waited for", { timeout: 60_000 }, async () => {
    const topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions: 1, compacted: false });
    await kafka.write([{ topic, value: bytes('{"id":1}') }]);
    const fields: Field[] = [{ name: "id", type: bigintType }];
    const source = await createKafkaSource(host).open({
      options: { connection: "cluster", topics: [topic], start: "earliest" },
      fields,
      liveFields: [true],
      position: null,
      clock: systemClock,
      signal,
    });
    const next = async (): Promise<string> => {
      for (;;) {
        const chunk = await source.poll();
        if (chunk.kind === "bytes") return text(chunk.bytes) ?? "";
      }
    };
    expect(await next()).toBe('{"id":1}\n');
    await kafka.server.kill();
    for (let i = 0; i < 10; i++) expect((await source.poll()).kind).toBe("idle");
    await kafka.server.restart();
    for (let sent = false; !sent; )
      sent = await kafka.write([{ topic, value: bytes('{"id":2}') }]).then(
        () => true,
        () => false,
      );
    expect(await next()).toBe('{"id":2}\n');
    await source.close();
  });
}
