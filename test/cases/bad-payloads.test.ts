import { createMemoryCheckpointStore, createMemorySink, createPipelineRun, type DeadLetter, type JsonObject } from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { describe, expect, it } from "vitest";
import { createBytesSource } from "../bench/bytes-source.ts";
import { planText } from "./case-folder.ts";

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

/** Counts per key and minute over lines of a file; every other setting is the node's default. */
const pipeline = JSON.stringify({
  formatVersion: 1,
  pipeline: {
    id: "payloads",
    name: "Payloads",
    nodes: {
      events: {
        type: "file-source",
        version: 1,
        params: {
          path: "events.ndjson",
          fields: [
            { name: "key", type: "string" },
            { name: "ts", type: "timestamp" },
            { name: "__proto__", type: "string" },
          ],
          timeField: "ts",
          disorder: "1m",
        },
      },
      per_minute: { type: "tumbling-window", version: 1, params: { keyBy: ["key"], size: "1m", aggregates: [{ as: "n", fn: "count" }] } },
      counts: { type: "file-sink", version: 1, params: { path: "counts" } },
      copy: { type: "file-sink", version: 1, params: { path: "copy" } },
    },
    edges: [
      { from: "events.out", to: "per_minute.in" },
      { from: "events.out", to: "copy.in" },
      { from: "per_minute.out", to: "counts.in" },
    ],
  },
});

async function run(lines: readonly (string | Uint8Array)[]) {
  const encoder = new TextEncoder();
  const parts = lines.flatMap((line) => [typeof line === "string" ? encoder.encode(line) : line, encoder.encode("\n")]);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const sink = createMemorySink();
  const letters: DeadLetter[] = [];
  const { plan, graphHash } = planText(pipeline, "payloads");
  const pipelineRun = createPipelineRun({
    plan,
    graphHash,
    checkpointIntervalMs: 1000,
    connectors: { sources: new Map([["file", createBytesSource(bytes, bytes.length)]]), sinks: new Map([["file", sink]]) },
    store: createMemoryCheckpointStore(),
    clock: createSimulatedClock(),
    startFrom: "latest",
    onEvent: (event) => {
      if (event.kind === "dead-letters") letters.push(...event.letters);
    },
  });
  const globals = [Object.getOwnPropertyNames(Object.prototype).length, Object.getOwnPropertyNames(Array.prototype).length];
  const outcome = await pipelineRun.run();
  expect([Object.getOwnPropertyNames(Object.prototype).length, Object.getOwnPropertyNames(Array.prototype).length]).toEqual(globals);
  expect(outcome).toBe("finished");
  expect(pipelineRun.metrics().unaccounted).toBe(0);
  const rows = (slug: string): readonly JsonObject[] => sink.rows(`${slug}:sink`);
  return { letters, counts: rows("counts"), copy: rows("copy"), metrics: pipelineRun.metrics() };
}

const good = (key = "a", ts: unknown = start) => JSON.stringify({ key, ts });

describe("hostile event payloads end in the dead letters, and the pipeline goes on", () => {
  it("C1 an empty value is no record", async () => {
    const { copy, letters } = await run([good(), "", "   ", good()]);
    expect([copy.length, letters.length]).toEqual([2, 0]);
  });

  it.each([
    ["C2 a tombstone", "null", "not a JSON object"],
    ["C3 invalid UTF-8", Uint8Array.from([0x7b, 0x22, 0x6b, 0x65, 0x79, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]), "not UTF-8"],
    ["C7 a megabyte and a byte", JSON.stringify({ key: `${"x".repeat(1 << 20)}\n` }), "TOO_LARGE"],
    ["C8 a depth of 5,000", `{"other":${"[".repeat(5000)}${"]".repeat(5000)}}`, "TOO_DEEP"],
    ["C11 a time that is text", good("a", "yesterday"), "the field ts is declared timestamp"],
    ["C11 a time beyond all calendars", good("a", 1e16), "the field ts is declared timestamp"],
    ["C11 no time", JSON.stringify({ key: "a" }), "the time field ts is missing or NULL"],
  ])("%s", async (_what, line, reason) => {
    const { copy, letters } = await run([good(), line, good()]);
    expect(copy).toHaveLength(2);
    expect(letters.map((letter) => letter.reason)).toEqual([expect.stringContaining(reason)]);
    expect(letters[0].raw.length).toBeLessThanOrEqual(4096);
  });

  it("C6 names such as __proto__ and constructor are data, in keys as in members", async () => {
    const { counts, letters } = await run([
      '{"__proto__":{"score":0},"key":"x","ts":0}',
      `{"__proto__":"plain","key":"__proto__","ts":${start}}`,
      ...Array.from({ length: 3 }, () => good("constructor")),
      good("__proto__"),
    ]);
    expect(counts.map(({ key, n }) => [key, n]).sort()).toEqual([
      ["__proto__", 2],
      ["constructor", 3],
    ]);
    expect(letters.map((letter) => letter.position)).toEqual(["line 1"]);
  });

  it("C11 seconds for milliseconds, negative times and the year 9999 keep their own windows", async () => {
    const times = [-1, start / 1000, start, Date.UTC(9999, 11, 31)];
    const { counts } = await run(times.map((ts) => good("a", ts)));
    expect(counts.map((row) => row.window_start)).toEqual(times.map((ts) => Math.floor(ts / minute) * minute));
  });

  it("C12 a record that comes a thousand times is counted a thousand times, as no deduplication was asked for", async () => {
    const { counts } = await run(Array.from({ length: 1000 }, () => good()));
    expect(counts.map((row) => row.n)).toEqual([1000]);
  });

  it("C13 keys are compared byte by byte: case and Unicode normal forms differ", async () => {
    const composed = "\u00e9";
    const decomposed = "e\u0301";
    const { counts } = await run([good(composed), good(decomposed), good("\u00c9"), good(composed)]);
    expect(counts.map(({ key, n }) => [key, n])).toEqual([
      [composed, 2],
      [decomposed, 1],
      ["\u00c9", 1],
    ]);
  });

  it("C18 a formula stays what it is in the stream", async () => {
    const formula = "=cmd|'/c calc'!A1";
    expect((await run([good(formula)])).copy[0].key).toBe(formula);
  });

  it("C21 a hundred thousand records of one key are one group", async () => {
    const { counts, metrics } = await run(Array.from({ length: 100_000 }, () => good("same")));
    expect(counts.map((row) => row.n)).toEqual([100_000]);
    expect(metrics.nodes.per_minute.recordsIn).toBe(100_000);
  });
});
