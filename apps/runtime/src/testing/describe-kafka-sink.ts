import { bigintType, type Delivery, FencedError, type JsonObject, type SinkWriter } from "@millrace/engine";
import { Kafka, logLevel } from "kafkajs";
import { beforeEach, describe, expect, test } from "vitest";
import { createKafkaSink } from "../connectors/kafka/kafka-sink.ts";
import { systemClock } from "../system-clock.ts";
import type { RecordingHost } from "./connector-host.ts";
import type { SharedKafka } from "./shared-kafka.ts";
import { describePrewritingSink, describeTransactionalSink, type SinkUnderTest } from "./sink-conformance.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | null): string | null => (value === null ? null : new TextDecoder().decode(value));

/** What the Kafka sink does, against a broker. */
export function describeKafkaSink(kafka: SharedKafka): void {
  let host: RecordingHost;
  const signal = new AbortController().signal;
  beforeEach(() => {
    host = kafka.host();
  });

  let pipelineId = "";
  let topic = "";
  beforeEach(async () => {
    pipelineId = kafka.fresh();
    topic = kafka.fresh();
    await kafka.driver.ensureTopic(topic, { partitions: 2, compacted: false });
  });

  const open = (options: JsonObject = {}, fencingToken?: number): Promise<SinkWriter> =>
    createKafkaSink(host).open({
      pipelineId,
      sinkId: "out:sink",
      ...(fencingToken === undefined ? {} : { fencingToken }),
      options: { connection: "cluster", topic, ...options },
      fields: [{ name: "id", type: bigintType }],
      clock: systemClock,
      signal,
    });

  function delivery(checkpoint: number, rows: readonly JsonObject[], fencingToken = 1): Delivery {
    return { checkpoint, fencingToken, bytes: bytes(rows.map((row) => `${JSON.stringify(row)}\n`).join("")), records: rows.length };
  }

  const ids = async (): Promise<unknown[]> => (await kafka.read(topic)).map((value) => JSON.parse(value ?? "null")?.id).sort();

  const onePartition = async (): Promise<SinkUnderTest> => {
    await kafka.driver.ensureTopic(kafka.fresh(), { partitions: 1, compacted: false });
    const own = { topic: kafka.fresh(), pipelineId: kafka.fresh() };
    await kafka.driver.ensureTopic(own.topic, { partitions: 1, compacted: false });
    const clock = systemClock;
    const options = { connection: "cluster", topic: own.topic };
    return {
      open: () => createKafkaSink(host).open({ ...own, sinkId: "out:sink", options, fields: [], clock, signal }),
      ids: async () => (await kafka.read(own.topic)).map((value) => JSON.parse(value ?? "null").id),
    };
  };
  describe("is transactional", () => describeTransactionalSink(onePartition));
  describe("takes records before they are committed", () => describePrewritingSink(onePartition));

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

  test("sees what it holds also behind the open transaction of another sink", async () => {
    const first = await open({}, 1);
    const client = new Kafka({ brokers: kafka.server.brokers.split(","), logLevel: logLevel.NOTHING });
    const other = client.producer({ transactionalId: kafka.fresh(), idempotent: true, maxInFlightRequests: 1 });
    await other.connect();
    const transaction = await other.transaction();
    await transaction.send({ topic: "millrace-commits", messages: [{ key: "other/sink", value: '{"checkpoint":1,"fencingToken":1}' }] });
    await first.deliver(delivery(1, [{ id: 1 }], 1));
    await first.close();
    const opening = open({}, 2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await transaction.abort();
    const second = await opening;
    expect(await second.delivered()).toBe(1);
    await Promise.all([second.close(), other.disconnect()]);
  });

  test("an owner that was replaced writes nothing, not even before its successor has written", async () => {
    const old = await open({}, 1);
    const current = await open({}, 2);
    await expect(old.deliver(delivery(1, [{ id: 1 }], 1))).rejects.toMatchObject({ retryable: true });
    await expect(old.deliver(delivery(1, [{ id: 1 }], 1))).rejects.toThrow(FencedError);
    await expect(old.deliver(delivery(1, [{ id: 1 }], 1))).rejects.toThrow(FencedError);
    await expect(open({}, 1)).rejects.toThrow(FencedError);
    expect(await current.delivered()).toBe(null);
    // The old one has taken the transactional id for a moment: the current one takes it back.
    await current.deliver(delivery(1, [{ id: 2 }], 2)).catch(() => current.deliver(delivery(1, [{ id: 2 }], 2)));
    await Promise.all([old.close(), current.close()]);
    expect(await ids()).toEqual([2]);
  });

  test("a record may name its partition; one that the topic does not have is a dead letter", async () => {
    const writer = await open({ partitionMember: "_p" });
    await writer.deliver(
      delivery(1, [
        { _p: 1, id: 1 },
        { _p: 1, id: 2 },
        { _p: 2, id: 3 },
      ]),
    );
    await writer.close();
    expect(await kafka.driver.offsets(topic, "latest")).toEqual(
      new Map([
        [0, 0],
        // Two records and the marker of the transaction.
        [1, 3],
      ]),
    );
    expect(host.deadLetters).toMatchObject([{ reason: expect.stringContaining("PARTITION_UNKNOWN"), raw: '{"_p":2,"id":3}' }]);
  });

  test("the topic is created when that is wanted", async () => {
    const created = kafka.fresh();
    await expect(open({ topic: created })).rejects.toMatchObject({ code: "TOPIC_MISSING" });
    const writer = await open({ topic: created, createPartitions: 5 });
    expect(await kafka.driver.partitions(created)).toHaveLength(5);
    await writer.close();
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
    const reader = await kafka.driver.openReader({ readCommitted: true });
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

  test("a record becomes a tombstone where its expression is true", async () => {
    const writer = await open({ keyMember: "_key", tombstoneMember: "_gone" });
    await writer.deliver(
      delivery(1, [
        { _key: "a", _gone: false, id: 1 },
        { _key: "a", _gone: true, id: 2 },
        { _key: "a", _gone: null, id: 3 },
      ]),
    );
    await writer.close();
    expect(await kafka.read(topic)).toEqual(['{"id":1}', null, '{"id":3}']);
  });

  test("a record that no broker would take is told of with its delivery, also when it was prewritten", async () => {
    const writer = await open();
    const large = delivery(1, [{ id: 1, note: "x".repeat(1_100_000) }]);
    const whole = delivery(1, [{ id: 1, note: "x".repeat(1_100_000) }, { id: 2 }]);
    await writer.prewrite?.({ ...large, from: 0, bytes: large.bytes.length, pieces: [large.bytes] });
    expect(host.deadLetters).toEqual([]);
    await writer.deliver({ ...whole, rest: { from: large.bytes.length, pieces: [whole.bytes.subarray(large.bytes.length)] } });
    expect(host.deadLetters.map(({ reason }) => reason.split(":")[0])).toEqual(["TOO_LARGE"]);
    expect(await ids()).toEqual([2]);
    await writer.close();
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

  test("writes at once only as long as nobody else has taken the sink over", async () => {
    const write = (writer: SinkWriter, id: number, fencingToken: number) =>
      writer.writeNow?.({ fencingToken, bytes: bytes(`{"id":${id}}\n`), records: 1 }).catch((cause: unknown) => cause);
    const old = await open({}, 1);
    await write(old, 1, 1);
    const current = await open({}, 2);
    // The broker refuses it in every partition, and then it finds its successor's token.
    expect(await write(old, 2, 1)).toMatchObject({ code: "KAFKA_TRANSACTION_LOST", retryable: true });
    expect(await write(old, 2, 1)).toBeInstanceOf(FencedError);
    expect(await write(old, 2, 1)).toBeInstanceOf(FencedError);
    // The old one has taken the transactional id for a moment: the current one takes it back.
    if ((await write(current, 3, 2)) !== undefined) expect(await write(current, 3, 2)).toBe(undefined);
    await Promise.all([old.close(), current.close()]);
    expect(await ids()).toEqual([1, 3]);
  });

  test.each([
    [{ topic: "no topic" }, "KAFKA_INVALID"],
    [{ connection: "nowhere" }, "CONNECTION_MISSING"],
  ])("says what is wrong with %j", async (options, code) => {
    await expect(open(options)).rejects.toMatchObject({ code, retryable: false });
  });
}
