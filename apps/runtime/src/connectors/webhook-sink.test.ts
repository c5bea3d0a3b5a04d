import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, type Delivery, type JsonObject, type SinkWriter, stringType } from "@millrace/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRecordingHost, type RecordingHost } from "../testing/connector-host.ts";
import { createEgressPolicy } from "./egress-policy.ts";
import { createWebhookSink } from "./webhook-sink.ts";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let server: Server;
let received: Received[] = [];
let answers: ((response: ServerResponse) => void)[] = [];
let slept: number[] = [];
let host: RecordingHost;

/** Sleeps are recorded, not slept. */
const clock: Clock = {
  now: () => 1_700_000_000_000,
  monotonic: () => 0,
  async sleep(ms) {
    slept.push(ms);
  },
};

beforeEach(async () => {
  received = [];
  answers = [];
  slept = [];
  host = createRecordingHost("/", { secret: (name) => (name === "hook" ? "s3cret" : null) });
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += String(piece);
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      const answer = answers.shift() ?? ((ok: ServerResponse) => void ok.writeHead(204).end());
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function open(options: JsonObject = {}): Promise<SinkWriter> {
  return createWebhookSink(host, () => 0.5).open({
    pipelineId: "orders",
    sinkId: "hook:sink",
    options: { url: url(), ...options },
    fields: [{ name: "id", type: stringType }],
    clock,
    signal: new AbortController().signal,
  });
}

function delivery(checkpoint: number, ...records: readonly unknown[]): Delivery {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  return { checkpoint, fencingToken: 1, bytes: new TextEncoder().encode(text), records: records.length };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = "") =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end(body);

test("records are posted as signed JSON arrays with stable keys", async () => {
  const sink = await open({ secret: "hook", batchSize: 2, headers: { "X-Team": "data" } });
  await sink.deliver(delivery(7, { id: "a" }, { id: "b" }, { id: "c" }));
  expect(received.map(({ body }) => JSON.parse(body))).toEqual([[{ id: "a" }, { id: "b" }], [{ id: "c" }]]);
  expect(received.map(({ headers }) => headers["idempotency-key"])).toEqual(["orders:hook:sink:7:0", "orders:hook:sink:7:1"]);
  expect(received[0].headers["x-team"]).toBe("data");
  const mac = createHmac("sha256", "s3cret").update(`1700000000000.${received[0].body}`).digest("hex");
  expect(received[0].headers["millrace-signature"]).toBe(`t=1700000000000,v1=${mac}`);
});

test("records that are written at once have a key that their content makes", async () => {
  const sink = await open({ batchSize: 2 });
  const { bytes, records } = delivery(0, { id: "a" }, { id: "b" }, { id: "c" });
  await sink.writeNow?.({ fencingToken: 1, bytes, records });
  await sink.writeNow?.({ fencingToken: 1, bytes, records });
  const keys = received.map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toMatch(/^orders:hook:sink:[0-9a-f]{32}$/);
  expect(keys).toEqual([keys[0], keys[1], keys[0], keys[1]]);
  expect(keys[0]).not.toBe(keys[1]);
});

test("what fails for now is tried again with growing pauses, or when Retry-After says", async () => {
  answers = [status(500), status(429, { "retry-after": "7" }), status(503), (response) => void response.destroy()];
  await (await open()).deliver(delivery(1, { id: "a" }));
  expect(received).toHaveLength(5);
  expect(new Set(received.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  expect(slept).toEqual([187.5, 7000, 750, 1500]);
});

test("a receiver that stays away fails the delivery, which then goes on with the batch that failed", async () => {
  const sink = await open({ batchSize: 1, retries: 1 });
  answers = [status(200), status(500, {}, "x".repeat(1000)), status(500, {}, "x".repeat(1000))];
  const failure = await sink.deliver(delivery(1, { id: "a" }, { id: "b" })).catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ code: "WEBHOOK_FAILED", retryable: true });
  expect(String(failure).match(/x+/)?.[0].length).toBe(200);
  await sink.deliver(delivery(1, { id: "a" }, { id: "b" }));
  expect(received.map(({ body }) => body)).toEqual(['[{"id":"a"}]', '[{"id":"b"}]', '[{"id":"b"}]', '[{"id":"b"}]']);
});

test("what is refused for good becomes dead letters, and so does a redirect, which is not followed", async () => {
  const sink = await open({ batchSize: 1 });
  answers = [status(400, {}, "no such field"), status(302, { location: url() }), status(200)];
  await sink.deliver(delivery(1, { id: "a" }, { id: "b" }, { id: "c" }));
  expect(received).toHaveLength(3);
  expect(host.deadLetters.map(({ raw }) => raw)).toEqual(['{"id":"a"}', '{"id":"b"}']);
  expect(host.deadLetters[0].reason).toMatch(/answered 400: no such field/);
});

test("an answer that does not come in time is a failure that can pass", async () => {
  answers = [() => {}];
  const sink = await open({ timeoutMs: 50, retries: 0 });
  await expect(sink.deliver(delivery(1, { id: "a" }))).rejects.toMatchObject({
    code: "WEBHOOK_UNREACHABLE",
    message: expect.stringContaining("within 50 ms"),
  });
});

test("addresses that are denied, secrets that are missing and headers that would lie are refused at the start", async () => {
  host = createRecordingHost("/", { egress: createEgressPolicy("") });
  await expect(open()).rejects.toMatchObject({ code: "EGRESS_DENIED", retryable: false });
  host = createRecordingHost("/");
  await expect(open({ secret: "hook" })).rejects.toMatchObject({
    code: "SECRET_MISSING",
    message: expect.stringContaining("MILLRACE_SECRET_HOOK"),
  });
  await expect(open({ headers: { Host: "other" } })).rejects.toMatchObject({ code: "WEBHOOK_INVALID" });
  await expect(open({ headers: { "X-A": "b\r\nX-C: d" } })).rejects.toMatchObject({ code: "WEBHOOK_INVALID" });
});

test("a single connection problem of a name that resolves to loopback is a denial at connect", async () => {
  host = createRecordingHost("/", { egress: createEgressPolicy("") });
  const sink = await open({ url: url().replace("127.0.0.1", "localhost") });
  await expect(sink.deliver(delivery(1, { id: "a" }))).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  expect(received).toHaveLength(0);
});
