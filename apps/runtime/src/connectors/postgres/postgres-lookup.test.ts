import {
  bigintType,
  doubleType,
  type Field,
  type JsonObject,
  jsonType,
  type LookupKey,
  type LookupReader,
  stringType,
  timestampType,
} from "@millrace/engine";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../system-clock.ts";
import { createRecordingHost } from "../../testing/connector-host.ts";
import { startTestPostgres, type TestPostgres } from "../../testing/postgres-server.ts";
import { createPostgresLookup } from "./postgres-lookup.ts";

const fields: readonly Field[] = [
  { name: "name", type: stringType },
  { name: "balance", type: doubleType },
  { name: "since", type: timestampType },
  { name: "more", type: jsonType },
];

let server: TestPostgres;
let client: Client;

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
  await client.query("DROP TABLE IF EXISTS people");
  await client.query("CREATE TABLE people (id bigint, region text, name text, balance numeric, since timestamptz, more jsonb)");
  await client.query(`INSERT INTO people VALUES
    (7, 'eu', 'Ann', 12.5, '2026-01-02T03:04:05+01', '{"a": [1]}'), (8, 'us', NULL, NULL, NULL, NULL), (9, 'eu', 'x', 1, now(), '1'), (9, 'us', 'y', 2, now(), '2')`);
});

function open(keys: readonly string[], options: JsonObject = {}, of = fields): Promise<LookupReader> {
  const host = createRecordingHost("/", { secret: (name) => (name === "warehouse" ? server.url : null) });
  const given = { connection: "warehouse", table: "people", ...options };
  return createPostgresLookup(host).open({ options: given, keys, fields: of, clock: systemClock, signal: new AbortController().signal });
}

const ask = (reader: LookupReader, ...keys: LookupKey[]) => reader.lookup(keys, new AbortController().signal);

test("finds rows by one column, in the order of the questions, with values of every type", async () => {
  const reader = await open(["id"]);
  expect(await ask(reader, [8], [1], [7])).toEqual([
    { kind: "row", values: [null, null, null, null] },
    { kind: "none" },
    { kind: "row", values: ["Ann", 12.5, Date.UTC(2026, 0, 2, 2, 4, 5), { a: [1] }] },
  ]);
  await reader.close();
});

test("finds rows by several columns; several rows of one key are a failure", async () => {
  const name: readonly Field[] = [{ name: "name", type: stringType }];
  const both = await open(["id", "region"], {}, name);
  expect(await ask(both, [9, "us"], [9, "eu"], [9, "asia"])).toEqual([
    { kind: "row", values: ["y"] },
    { kind: "row", values: ["x"] },
    { kind: "none" },
  ]);
  await both.close();
  const one = await open(["id"], {}, name);
  expect(await ask(one, [9], [7])).toEqual([
    { kind: "failed", reason: "The table public.people has several rows with these values of id" },
    { kind: "row", values: ["Ann"] },
  ]);
  await one.close();
});

test("a moment is compared with a moment, and numbers may be read as text", async () => {
  const reader = await open(["since"], {}, [{ name: "balance", type: stringType }]);
  expect(await ask(reader, [Date.UTC(2026, 0, 2, 2, 4, 5)])).toEqual([{ kind: "row", values: ["12.5"] }]);
  await reader.close();
});

test("values are parameters: hostile ones are values like any other", async () => {
  const reader = await open(["name"], {}, [{ name: "id", type: bigintType }]);
  const hostile = ["x'; DROP TABLE people; --", "' OR '1'='1", '"', "\\", "{a,b}", "NULL", ""];
  await client.query("DELETE FROM people");
  for (const [i, text] of hostile.entries()) await client.query("INSERT INTO people (id, name) VALUES ($1, $2)", [i, text]);
  expect(await ask(reader, ...hostile.map((text): LookupKey => [text]))).toEqual(hostile.map((_, i) => ({ kind: "row", values: [i] })));
  await reader.close();
});

test("a value that is none of its column's type fails alone", async () => {
  const reader = await open(["id"], {}, [{ name: "name", type: stringType }]);
  expect(await ask(reader, ["7"], ["seven"], ["1e99"])).toEqual([
    { kind: "row", values: ["Ann"] },
    { kind: "failed", reason: expect.stringContaining("seven") },
    { kind: "failed", reason: expect.stringContaining("1e99") },
  ]);
  await reader.close();
});

test.each([
  [{ table: "people; drop" }, ["id"], "TABLE_NAME_INVALID"],
  [{ table: 'people"' }, ["id"], "TABLE_NAME_INVALID"],
  [{ table: "a.b.c" }, ["id"], "TABLE_NAME_INVALID"],
  [{ table: "nowhere" }, ["id"], "TABLE_MISSING"],
  [{}, ['id" = 1; --'], "COLUMN_MISSING"],
  [{ connection: "other" }, ["id"], "CONNECTION_MISSING"],
])("names are checked before anything is asked: %j by %j is %s", async (options, keys, code) => {
  await expect(open(keys, options)).rejects.toMatchObject({ code, retryable: false });
  expect((await client.query("SELECT count(*)::int AS n FROM people")).rows).toEqual([{ n: 4 }]);
});

test("a lost connection is a failure that can pass, and is opened again", async () => {
  const reader = await open(["id"], {}, [{ name: "name", type: stringType }]);
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace'");
  await expect.poll(() => ask(reader, [7]).catch(() => null), { timeout: 10_000 }).toEqual([{ kind: "row", values: ["Ann"] }]);
  await client.query("BEGIN; LOCK TABLE people IN ACCESS EXCLUSIVE MODE");
  const abort = new AbortController();
  const hanging = reader.lookup([[7]], abort.signal);
  setTimeout(() => abort.abort(), 50);
  await expect(hanging).rejects.toMatchObject({ retryable: true });
  await client.query("COMMIT");
  expect(await ask(reader, [7])).toEqual([{ kind: "row", values: ["Ann"] }]);
  await reader.close();
});
