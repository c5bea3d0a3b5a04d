import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@millrace/engine";
import avro, { type Schema } from "avsc";
import protobuf from "protobufjs";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../system-clock.ts";
import { createRecordingHost } from "../../../testing/connector-host.ts";
import { createEgressPolicy } from "../../egress-policy.ts";
import type { KafkaRecord } from "../kafka-driver.ts";
import { readSourceOptions } from "../kafka-source-options.ts";
import { openValueFormat, type ValueFormat } from "../value-format.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A registry that answers each path as told; anything else is not there. */
async function registryWith(
  answers: Readonly<Record<string, unknown>>,
): Promise<{ readonly url: string; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const answer = answers[request.url ?? ""];
    if (typeof answer === "function") return (answer as Answer)(request, response);
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { error_code: 40403 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return { url: `http://user:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}/registry`, asked };
}

/** A clock whose pauses take no time and that can be put forward. */
function quickClock(): Clock & { skip(ms: number): void } {
  let now = 0;
  return {
    now: () => now,
    monotonic: () => now,
    async sleep(ms) {
      now += ms;
    },
    skip: (ms) => {
      now += ms;
    },
  };
}

function open(kind: "avro" | "protobuf", url: string, clock: Clock = systemClock): ValueFormat {
  const host = createRecordingHost("/", { secret: (name) => (name === "schemas" ? url : null) });
  const options = readSourceOptions({ connection: "c", topics: ["t"], start: "earliest", format: kind, registry: "schemas" });
  const format = openValueFormat(options, host, clock);
  closers.push(() => format.close());
  return format;
}

function withId(id: number, bytes: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(id, 1);
  return Buffer.concat([prefix, bytes]);
}

const recordOf = (value: Uint8Array | null): KafkaRecord => ({ offset: 0, timeMs: 0, key: null, value, headers: [] });

/** The value as plain data, or why there is none. */
async function read(format: ValueFormat, value: Uint8Array): Promise<unknown> {
  await format.prepare([recordOf(null), recordOf(value)]);
  const json = format.json(value);
  return json instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(json)) : json.reason;
}

describe("Avro", () => {
  const payment: Schema = {
    type: "record",
    name: "Payment",
    fields: [
      { name: "card", type: "string" },
      { name: "amount", type: { type: "bytes", logicalType: "decimal", precision: 12, scale: 2 } },
      { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
      { name: "written", type: { type: "long", logicalType: "timestamp-micros" } },
      { name: "day", type: { type: "int", logicalType: "date" } },
      { name: "note", type: ["null", "string"] },
      { name: "tags", type: { type: "map", values: "int" } },
      { name: "raw", type: "bytes" },
    ],
  } as Schema;
  const plain = avro.Type.forSchema(payment);
  const value = {
    card: "4929",
    amount: Buffer.from([0xfe, 0xd4]),
    at: 1_700_000_000_123,
    written: 1_700_000_000_123_456,
    day: 20_000,
    note: null,
    tags: { a: 1 },
    raw: Buffer.from("bytes"),
  };

  test("values of all kinds become what columns hold; the registry is asked once, with the login", async () => {
    const { url, asked } = await registryWith({ "/registry/schemas/ids/7": { schema: JSON.stringify(payment) } });
    const format = open("avro", url);
    const bytes = withId(7, plain.toBuffer(value));
    const expected = {
      card: "4929",
      amount: "-3.00",
      at: 1_700_000_000_123,
      written: 1_700_000_000_123,
      day: "2024-10-04",
      note: null,
      tags: { a: 1 },
      raw: Buffer.from("bytes").toString("base64"),
    };
    expect(await read(format, bytes)).toEqual(expected);
    expect(await read(format, withId(7, plain.toBuffer({ ...value, note: "x" })))).toEqual({ ...expected, note: "x" });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([`Basic ${Buffer.from("user:p@ss").toString("base64")}`]);
  });

  test("a schema that refers to another one", async () => {
    const country: Schema = { type: "enum", name: "geo.Country", symbols: ["CH", "IT"] };
    const order = { type: "record", name: "Order", fields: [{ name: "country", type: "geo.Country" }] };
    const { url } = await registryWith({
      "/registry/schemas/ids/1": {
        schema: JSON.stringify(order),
        references: [{ name: "geo.Country", subject: "geo/country", version: 3 }],
      },
      "/registry/subjects/geo%2Fcountry/versions/3": { schema: JSON.stringify(country) },
    });
    expect(await read(open("avro", url), withId(1, Buffer.from([2])))).toEqual({ country: "IT" });
  });

  test.each([
    ["no prefix", Buffer.from("{}"), /^SCHEMA_ID_MISSING/],
    ["a long prefix but no value", withId(7, Buffer.alloc(0)), /^SCHEMA_MISMATCH.*schema 7/],
    ["bytes that are left over", withId(7, Buffer.concat([plain.toBuffer(value), Buffer.from("x")])), /^SCHEMA_MISMATCH/],
    ["a schema of another kind", withId(8, Buffer.alloc(4)), /^SCHEMA_UNKNOWN: schema 8 .*PROTOBUF, and AVRO is expected/],
    ["a schema that is none", withId(9, Buffer.alloc(4)), /^SCHEMA_UNKNOWN: schema 9/],
    ["an unknown schema", withId(10, Buffer.alloc(4)), /^SCHEMA_UNKNOWN: schema 10 .*the registry has no schemas\/ids\/10/],
    ["a redirect to metadata", withId(11, Buffer.alloc(4)), /^SCHEMA_UNKNOWN: schema 11 .*answered 302/],
  ])("C17: %s is told", async (_what, bytes, reason) => {
    const { url } = await registryWith({
      "/registry/schemas/ids/7": { schema: JSON.stringify(payment) },
      "/registry/schemas/ids/8": { schema: 'syntax = "proto3";', schemaType: "PROTOBUF" },
      "/registry/schemas/ids/9": { schema: '{"type":"nothing"}' },
      "/registry/schemas/ids/11": (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
      },
    });
    expect(await read(open("avro", url), bytes)).toMatch(reason);
  });

  test("C17: a registry that fails is asked again: soon, and after half a minute for what it did not answer", async () => {
    let failures = 2;
    const answer: Answer = (_request, response) => {
      if (failures-- > 0) response.writeHead(503).end();
      else response.writeHead(200).end(JSON.stringify({ schema: '"string"' }));
    };
    const { url, asked } = await registryWith({ "/registry/schemas/ids/1": answer, "/registry/schemas/ids/2": answer });
    const clock = quickClock();
    const format = open("avro", url, clock);
    const bytes = (id: number) => withId(id, avro.Type.forSchema("string").toBuffer("x"));
    expect(await read(format, bytes(1))).toBe("x");
    expect(asked).toHaveLength(3);
    failures = 5;
    expect(await read(format, bytes(2))).toMatch(/^SCHEMA_UNKNOWN: schema 2 .*answered 503/);
    expect(await read(format, bytes(2))).toMatch(/^SCHEMA_UNKNOWN/);
    expect(asked).toHaveLength(8);
    clock.skip(30_000);
    expect(await read(format, bytes(2))).toBe("x");
  });

  test("K2: a registry where nobody may connect is refused at the start", () => {
    const host = createRecordingHost("/", { secret: () => "http://169.254.169.254/", egress: createEgressPolicy("") });
    const options = readSourceOptions({ connection: "c", topics: ["t"], start: "earliest", format: "avro", registry: "schemas" });
    expect(() => openValueFormat(options, host, systemClock)).toThrow(expect.objectContaining({ code: "EGRESS_DENIED" }));
  });

  test.each([null, "ftp://registry", "registry:8081", "http://registry?x=1"])(
    "a connection that is none (%s) is told without an echo",
    (text) => {
      const host = createRecordingHost("/", { secret: () => text });
      const options = readSourceOptions({ connection: "c", topics: ["t"], start: "earliest", format: "avro", registry: "schemas" });
      expect(() => openValueFormat(options, host, systemClock)).toThrow(/schema registry/);
    },
  );
});

describe("Protobuf", () => {
  const text = `
    syntax = "proto3";
    package shop;
    import "google/protobuf/timestamp.proto";
    import "money.proto";
    message Order {
      string order_id = 1;
      int64 count = 2;
      uint64 huge = 3;
      State state = 4;
      bytes blob = 5;
      google.protobuf.Timestamp at = 6;
      repeated string tags = 7;
      shop.Money total = 8;
      optional string note = 9;
      enum State { NEW = 0; PAID = 1; }
    }
    message Envelope { message Inner { int32 n = 1; } }
  `;
  const money = 'syntax = "proto3"; package shop; message Money { int64 cents = 1; }';
  const answers = {
    "/registry/schemas/ids/3": {
      schema: text,
      schemaType: "PROTOBUF",
      references: [{ name: "money.proto", subject: "money", version: 1 }],
    },
    "/registry/subjects/money/versions/1": { schema: money, schemaType: "PROTOBUF" },
  };
  const root = new protobuf.Root();
  protobuf.parse(money, root, { keepCase: true });
  protobuf.parse(text, root, { keepCase: true });
  root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")?.nested ?? {});
  const encode = (name: string, object: Record<string, unknown>): Uint8Array => {
    const type = root.lookupType(name);
    return type.encode(type.fromObject(object)).finish();
  };

  test("a message of the first type, with what it refers to", async () => {
    const { url } = await registryWith(answers);
    const order = {
      order_id: "o1",
      count: 42,
      huge: "18446744073709551615",
      state: "PAID",
      blob: Buffer.from("b"),
      at: { seconds: 1_700_000_000, nanos: 123_456_789 },
      tags: ["a", "b"],
      total: { cents: 1250 },
    };
    const bytes = withId(3, Buffer.concat([Buffer.from([0]), encode("shop.Order", order)]));
    expect(await read(open("protobuf", url), bytes)).toEqual({
      ...order,
      huge: "18446744073709551615",
      blob: Buffer.from("b").toString("base64"),
      at: 1_700_000_000_123,
    });
  });

  test("what is not sent has its default, or none where it may be absent", async () => {
    const { url } = await registryWith(answers);
    expect(await read(open("protobuf", url), withId(3, Buffer.from([0])))).toEqual({
      order_id: "",
      count: 0,
      huge: 0,
      state: "NEW",
      blob: "",
      at: null,
      tags: [],
      total: null,
    });
  });

  test("a message inside another one is found by its path; a path that leads nowhere is told", async () => {
    const { url } = await registryWith(answers);
    const format = open("protobuf", url);
    const inner = encode("shop.Envelope.Inner", { n: 7 });
    // Two steps: the second message of the file (1), the first inside it (0), as zigzag varints.
    expect(await read(format, withId(3, Buffer.concat([Buffer.from([4, 2, 0]), inner])))).toEqual({ n: 7 });
    expect(await read(format, withId(3, Buffer.from([2, 18])))).toMatch(/^SCHEMA_MISMATCH.*no message at 9/);
    expect(await read(format, withId(3, Buffer.from([0, 0xff])))).toMatch(/^SCHEMA_MISMATCH/);
    expect(await read(format, withId(3, Buffer.alloc(0)))).toMatch(/^SCHEMA_MISMATCH/);
  });
});
