import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { doubleType, type Field, type JsonObject, type LookupReader, stringType } from "@millrace/engine";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../system-clock.ts";
import { createRecordingHost } from "../../testing/connector-host.ts";
import { createEgressPolicy } from "../egress-policy.ts";
import { createHttpLookup } from "./http-lookup.ts";

const fields: readonly Field[] = [
  { name: "name", type: stringType },
  { name: "score", type: doubleType },
];

let server: Server;
let base: string;
let requests: IncomingMessage[] = [];
let respond: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on TCP, it has such an address.
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  respond = (_request, response) => response.end('{"name":"Ann","score":0.5}');
});

function open(parts: readonly string[], more: JsonObject = {}, allow = "127.0.0.0/8"): Promise<LookupReader> {
  const host = createRecordingHost("/", { secret: (name) => (name === "token" ? "s3cret" : null), egress: createEgressPolicy(allow) });
  const options = { parts: [...parts], member: "", secret: null, headers: {}, ...more };
  return createHttpLookup(host).open({ options, keys: ["id"], fields, clock: systemClock, signal: new AbortController().signal });
}

const ask = async (reader: LookupReader, ...key: (string | number)[]) => (await reader.lookup([key], new AbortController().signal))[0];
const answer = (status: number, body = "") => {
  respond = (_request, response) => response.writeHead(status, { location: "http://169.254.169.254/" }).end(body);
};

test("puts encoded values into the address and reads the object that comes back", async () => {
  const reader = await open([`${base}/people/`, "/x?q=", ""], { headers: { "x-team": "mill" }, secret: "token" });
  expect(await ask(reader, "a/b ?#&%é", "1&2=3")).toEqual({ kind: "row", values: ["Ann", 0.5] });
  expect(requests[0].url).toBe("/people/a%2Fb%20%3F%23%26%25%C3%A9/x?q=1%262%3D3");
  expect(requests[0].headers).toMatchObject({ "x-team": "mill", authorization: "Bearer s3cret", accept: "application/json" });
  await reader.close();
});

test("values cannot leave their place in the path", async () => {
  const reader = await open([`${base}/people/`, ""]);
  for (const value of ["..", ".", "%2e%2e"]) {
    const answered = await ask(reader, value);
    if (value === "%2e%2e") expect(requests.at(-1)?.url).toBe("/people/%252e%252e");
    else expect(answered).toMatchObject({ kind: "failed" });
  }
  expect(requests).toHaveLength(1);
  await reader.close();
});

test("reads a member inside of the answer; null is no row", async () => {
  respond = (_request, response) => response.end('{"data":{"one":{"name":"Bo","score":null},"two":null,"three":[1]}}');
  for (const [member, expected] of [
    ["data.one", { kind: "row", values: ["Bo", null] }],
    ["data.two", { kind: "none" }],
    ["data.three", { kind: "failed", reason: expect.stringContaining("no JSON object at data.three") }],
    ["data.constructor", { kind: "failed", reason: expect.stringContaining("no JSON object") }],
  ] as const) {
    const reader = await open([`${base}/`, ""], { member });
    expect(await ask(reader, 1)).toEqual(expected);
    await reader.close();
  }
});

test("tells missing, refused and unavailable apart", async () => {
  const reader = await open([`${base}/`, ""]);
  for (const status of [404, 410, 204]) {
    answer(status);
    expect(await ask(reader, 1)).toEqual({ kind: "none" });
  }
  for (const status of [301, 400, 401, 403]) {
    answer(status);
    expect(await ask(reader, 1)).toMatchObject({ kind: "failed", reason: expect.stringContaining(`${status}`) });
  }
  for (const status of [408, 429, 500, 503]) {
    answer(status);
    await expect(ask(reader, 1)).rejects.toMatchObject({ code: "LOOKUP_UNAVAILABLE", retryable: true });
  }
  answer(200, "<html>");
  expect(await ask(reader, 1)).toMatchObject({ kind: "failed" });
  answer(200, '{"name":7}');
  expect(await ask(reader, 1)).toMatchObject({ kind: "failed", reason: expect.stringContaining("name is declared string") });
  await reader.close();
});

test("gives up on an answer that is too long or too late", async () => {
  const reader = await open([`${base}/`, ""]);
  respond = (_request, response) => response.end("x".repeat((1 << 20) + 1));
  await expect(ask(reader, 1)).rejects.toMatchObject({ retryable: true, message: expect.stringContaining("longer than") });
  respond = () => {};
  await expect(reader.lookup([[1]], AbortSignal.timeout(50))).rejects.toMatchObject({ retryable: true });
  await reader.close();
});

test("goes nowhere that the egress policy denies, and knows its secrets", async () => {
  const reader = await open([`${base}/`, ""], {}, "");
  await expect(ask(reader, 1)).rejects.toMatchObject({ code: "EGRESS_DENIED", retryable: false });
  expect(requests).toEqual([]);
  await expect(open([`${base}/`, ""], { secret: "gone" })).rejects.toMatchObject({ code: "SECRET_MISSING" });
  await reader.close();
});
