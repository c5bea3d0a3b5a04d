import {
  bigintType,
  booleanType,
  type Delivery,
  doubleType,
  FencedError,
  type Field,
  type JsonObject,
  jsonType,
  type SinkWriter,
  stringType,
  timestampType,
} from "@millrace/engine";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../system-clock.ts";
import { createRecordingHost, type RecordingHost } from "../../testing/connector-host.ts";
import { startTestPostgres, type TestPostgres } from "../../testing/postgres-server.ts";
import { describeTransactionalSink } from "../../testing/sink-conformance.ts";
import { createEgressPolicy } from "../egress-policy.ts";
import { createPostgresSink } from "./postgres-sink.ts";

const fields: readonly Field[] = [
  { name: "id", type: bigintType },
  { name: "who", type: stringType },
  { name: "amount", type: doubleType },
  { name: "at", type: timestampType },
  { name: "ok", type: booleanType },
  { name: "more", type: jsonType },
];

let server: TestPostgres;
let client: Client;
let host: RecordingHost;

beforeAll(async () => {
  server = await startTestPostgres();
  client = new Client({ connectionString: server.url });
  await client.connect();
}, 60_000);
afterAll(async () => {
  await client.end();
  await server.stop();
});
beforeEach(async () => {
  host = createRecordingHost("/", { secret: (name) => (name === "warehouse" ? server.url : name === "wrong" ? "http://x" : null) });
  await client.query("DROP TABLE IF EXISTS payments, millrace_deliveries");
  await client.query(
    `CREATE TABLE payments (id bigint PRIMARY KEY, who text NOT NULL, amount numeric(12, 2), at timestamptz, ok boolean, more jsonb)`,
  );
});

function open(options: JsonObject = {}, streamFields = fields): Promise<SinkWriter> {
  return createPostgresSink(host).open({
    pipelineId: "shop",
    sinkId: "payments:sink",
    options: { connection: "warehouse", table: "payments", mode: "insert", ...options },
    fields: streamFields,
    clock: systemClock,
    signal: new AbortController().signal,
  });
}

describe("as a transactional sink", () => {
  describeTransactionalSink(async () => {
    await client.query("CREATE TABLE IF NOT EXISTS numbers (id bigint, seq serial)");
    await client.query("TRUNCATE numbers");
    return {
      open: () => open({ table: "numbers" }, [{ name: "id", type: bigintType }]),
      async ids() {
        const { rows } = await client.query<{ id: string }>("SELECT id FROM numbers ORDER BY seq");
        return rows.map(({ id }) => Number(id));
      },
    };
  });
});

function delivery(checkpoint: number, rows: readonly JsonObject[], fencingToken = 1): Delivery {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { checkpoint, fencingToken, bytes: new TextEncoder().encode(text), records: rows.length };
}

function payment(id: number, more: JsonObject = {}): JsonObject {
  return { id, who: `ann's "${id}"`, amount: 0.1, at: 1_700_000_000_123, ok: true, more: { a: [1, null] }, ...more };
}

async function ids(): Promise<number[]> {
  const { rows } = await client.query<{ id: string }>("SELECT id FROM payments ORDER BY id");
  return rows.map(({ id }) => Number(id));
}

describe("a table of PostgreSQL", () => {
  test("takes values of every type, and NULL", async () => {
    const writer = await open();
    const empty = { id: 2, who: "b", amount: null, at: null, ok: null, more: null };
    await writer.deliver(delivery(1, [payment(1), empty]));
    await writer.close();
    const { rows } = await client.query("SELECT id, who, amount, extract(epoch FROM at) * 1000 AS at, ok, more FROM payments ORDER BY id");
    expect(rows).toEqual([
      { id: "1", who: `ann's "1"`, amount: "0.10", at: "1700000000123.000000", ok: true, more: { a: [1, null] } },
      { id: "2", who: "b", amount: null, at: null, ok: null, more: null },
    ]);
  });

  test("takes a checkpoint once, and remembers it over restarts", async () => {
    const first = await open();
    expect(await first.delivered()).toBe(null);
    await first.deliver(delivery(3, [payment(1)]));
    await first.deliver(delivery(3, [payment(2)]));
    expect(await first.delivered()).toBe(3);
    await first.close();
    const second = await open();
    await second.deliver(delivery(3, [payment(3)], 2));
    await second.deliver(delivery(4, [payment(4)], 2));
    expect(await second.delivered()).toBe(4);
    await second.close();
    expect(await ids()).toEqual([1, 4]);
  });

  test("refuses a runtime that was replaced", async () => {
    const old = await open();
    await old.deliver(delivery(1, [payment(1)], 1));
    const current = await open();
    await current.deliver(delivery(2, [payment(2)], 2));
    await expect(old.deliver(delivery(3, [payment(3)], 1))).rejects.toBeInstanceOf(FencedError);
    expect(await ids()).toEqual([1, 2]);
    await Promise.all([old.close(), current.close()]);
  });

  test("of two runtimes that deliver the same checkpoint at once only one writes", async () => {
    const writers = await Promise.all([open(), open(), open(), open()]);
    await Promise.all(writers.map((writer, i) => writer.deliver(delivery(1, [payment(i)], 1))));
    expect(await ids()).toHaveLength(1);
    await Promise.all(writers.map((writer) => writer.close()));
  });

  test("writes what it can and names the rest in the dead letters", async () => {
    await client.query("ALTER TABLE payments ADD CHECK (amount < 1000)");
    const writer = await open();
    const rows = Array.from({ length: 200 }, (_, i) => payment(i));
    rows[20] = payment(20, { amount: 5000 });
    rows[77] = payment(77, { who: null });
    rows[140] = payment(19);
    await writer.deliver(delivery(7, rows));
    await writer.close();
    expect(await ids()).toEqual(Array.from({ length: 200 }, (_, i) => i).filter((i) => ![20, 77, 140].includes(i)));
    expect(host.deadLetters.map(({ position }) => position)).toEqual(Array(3).fill("checkpoint 7"));
    expect(host.deadLetters.map(({ reason }) => /SQLSTATE (\w+)/.exec(reason)?.[1])).toEqual(["23514", "23502", "23505"]);
    expect(host.deadLetters.map(({ raw }) => JSON.parse(raw).id)).toEqual([20, 77, 19]);
    // A crash before these letters were kept: the same checkpoint is delivered again, and tells them again.
    host.deadLetters.length = 0;
    const again = await open();
    await again.deliver(delivery(7, rows, 2));
    await again.close();
    expect(host.deadLetters.map(({ raw }) => JSON.parse(raw).id)).toEqual([20, 77, 19]);
    expect(await ids()).toHaveLength(197);
  });

  test("writes at once what no checkpoint holds yet, but not for a runtime that was replaced", async () => {
    const writer = await open();
    const now = (id: number, fencingToken: number) => {
      const { bytes, records } = delivery(0, [payment(id)]);
      return writer.writeNow?.({ fencingToken, bytes, records });
    };
    await now(1, 2);
    expect(await writer.delivered()).toBe(null);
    await writer.deliver(delivery(1, [payment(2)], 2));
    await now(3, 2);
    await expect(now(4, 1)).rejects.toBeInstanceOf(FencedError);
    expect(await writer.delivered()).toBe(1);
    await writer.close();
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test("updates by key: the last change of a checkpoint holds, what is taken back goes", async () => {
    const writer = await open({ mode: "upsert", key: ["id"] });
    await writer.deliver(delivery(1, [payment(1), { _op: "+I", ...payment(2) }, { _op: "+I", ...payment(3) }]));
    const changes = [
      { _op: "-U", ...payment(1) },
      { _op: "+U", ...payment(1, { amount: 5 }) },
      { _op: "+U", ...payment(1, { amount: 7 }) },
      { _op: "-D", ...payment(2) },
      { _op: "-D", ...payment(3) },
      { _op: "+I", ...payment(3, { amount: 9 }) },
    ];
    await writer.deliver(delivery(2, changes));
    await writer.close();
    const { rows } = await client.query("SELECT id, amount FROM payments ORDER BY id");
    expect(rows).toEqual([
      { id: "1", amount: "7.00" },
      { id: "3", amount: "9.00" },
    ]);
  });

  test("creates the table when it is told to", async () => {
    const writer = await open({ table: "made_here", createTable: true, mode: "upsert", key: ["id"] });
    await writer.deliver(delivery(1, [payment(1)]));
    await writer.close();
    const { rows } = await client.query("SELECT amount, at FROM made_here");
    expect(rows).toEqual([{ amount: 0.1, at: new Date(1_700_000_000_123) }]);
    await client.query("DROP TABLE made_here");
  });

  test("comes back after its connection was cut", async () => {
    const writer = await open();
    await writer.deliver(delivery(1, [payment(1)]));
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace'");
    for (let attempt = 0; attempt < 20; attempt++) {
      const failure = await writer.deliver(delivery(2, [payment(2)])).catch((cause: unknown) => cause);
      if (failure === undefined) break;
      expect(failure).toMatchObject({ code: "POSTGRES_UNAVAILABLE", retryable: true });
    }
    await writer.close();
    expect(await ids()).toEqual([1, 2]);
  });

  test.each([
    [{ connection: "nowhere" }, "CONNECTION_MISSING", /MILLRACE_SECRET_NOWHERE/],
    [{ connection: "wrong" }, "CONNECTION_INVALID", /postgresql:\/\/user/],
    [{ table: "users; drop" }, "POSTGRES_INVALID", /named by letters/],
    [{ table: '"payments"' }, "POSTGRES_INVALID", /named by letters/],
    [{ table: "no_such" }, "TABLE_MISSING", /public\.no_such/],
    [{ mode: "upsert" }, "POSTGRES_INVALID", /no key is named/],
    [{ mode: "upsert", key: ["nope"] }, "POSTGRES_INVALID", /nope is not in the stream, which has id, who/],
    [{ mode: "upsert", key: ["who"] }, "UNIQUE_INDEX_MISSING", /\(who\).*it has \(id\)/],
  ])("says what is wrong with %j", async (options, code, words) => {
    await expect(open(options)).rejects.toMatchObject({ code, retryable: false, message: expect.stringMatching(words) });
  });

  test("names a field that has no column", async () => {
    await expect(open({}, [...fields, { name: "score", type: doubleType }])).rejects.toMatchObject({
      code: "COLUMN_MISSING",
      message: expect.stringMatching(/score \(double\); it has id, who/),
    });
  });

  test("does not connect where the policy forbids it, and tells no password", async () => {
    host = createRecordingHost("/", { secret: () => server.url, egress: createEgressPolicy("") });
    const failure: unknown = await open().catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: "EGRESS_DENIED" });
    const wrong = server.url.replace(/:[^:@]+@/, ":hunter2@");
    host = createRecordingHost("/", { secret: () => wrong });
    const refused: unknown = await open().catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ code: "POSTGRES_REFUSED", retryable: false });
    expect(String(refused)).not.toContain("hunter2");
  });
});
