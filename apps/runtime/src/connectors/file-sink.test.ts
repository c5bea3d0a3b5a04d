import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bigintType, type Delivery, FencedError, type JsonObject, type SinkWriter, stringType } from "@millrace/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../system-clock.ts";
import { createRecordingHost } from "../testing/connector-host.ts";
import { describeTransactionalSink } from "../testing/sink-conformance.ts";
import type { ConnectorHost } from "./connector-host.ts";
import { committedMarker, createFileSink } from "./file-sink.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "millrace-sink-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function open(options: JsonObject = {}, outputs: ConnectorHost["outputs"] = "durable", pipelineId = "orders"): Promise<SinkWriter> {
  return createFileSink(createRecordingHost(directory, { outputs })).open({
    pipelineId,
    sinkId: "out:sink",
    options: { path: directory, ...options },
    fields: [
      { name: "id", type: bigintType },
      { name: 'a "name", quoted', type: stringType },
    ],
    clock: systemClock,
    signal: new AbortController().signal,
  });
}

function delivery(checkpoint: number, text: string, fencingToken = 1): Delivery {
  return { checkpoint, fencingToken, bytes: new TextEncoder().encode(text), records: text.split("\n").length - 1 };
}

const files = async (): Promise<string[]> => (await readdir(directory)).sort();

describe("as a transactional sink", () => {
  describeTransactionalSink(async () => ({
    open: () => open(),
    async ids() {
      const parts = (await files()).filter((name) => name.startsWith("part-"));
      const texts = await Promise.all(parts.map((name) => readFile(join(directory, name), "utf8")));
      return texts.flatMap((text) => text.trimEnd().split("\n")).map((line) => Number(JSON.parse(line).id));
    },
  }));
});

test("each checkpoint with records is one part, and the marker names the last", async () => {
  const sink = await open();
  expect(await sink.delivered()).toBeNull();
  await sink.deliver(delivery(11, '{"id":1}\n'));
  await sink.deliver(delivery(12, ""));
  await sink.deliver(delivery(13, '{"id":2}\n{"id":3}\n'));
  expect(await files()).toEqual([committedMarker, "part-000000000011.ndjson", "part-000000000013.ndjson"]);
  expect(await readFile(join(directory, "part-000000000013.ndjson"), "utf8")).toBe('{"id":2}\n{"id":3}\n');
  expect(await (await open()).delivered()).toBe(13);
});

test("a checkpoint that was delivered is not delivered again, also by another process", async () => {
  await (await open()).deliver(delivery(5, '{"id":1}\n'));
  const again = await open();
  await again.deliver(delivery(5, '{"id":1,"changed":true}\n', 2));
  await again.deliver(delivery(4, '{"id":0}\n', 2));
  expect(await files()).toEqual([committedMarker, "part-000000000005.ndjson"]);
  expect(await readFile(join(directory, "part-000000000005.ndjson"), "utf8")).toBe('{"id":1}\n');
});

test("a part without its marker, as a crash between the two leaves it, is written again and counts once", async () => {
  const sink = await open();
  await sink.deliver(delivery(1, '{"id":1}\n'));
  const marker = await readFile(join(directory, committedMarker));
  await sink.deliver(delivery(2, '{"id":2}\n'));
  await writeFile(join(directory, committedMarker), marker);
  const restarted = await open();
  expect(await restarted.delivered()).toBe(1);
  await restarted.deliver(delivery(2, '{"id":2}\n', 2));
  expect(await files()).toEqual([committedMarker, "part-000000000001.ndjson", "part-000000000002.ndjson"]);
});

test("a stale fencing token is refused and writes nothing", async () => {
  const zombie = await open();
  await zombie.deliver(delivery(1, '{"id":1}\n', 1));
  await (await open()).deliver(delivery(2, '{"id":2}\n', 2));
  await expect(zombie.deliver(delivery(3, '{"id":666}\n', 1))).rejects.toThrow(FencedError);
  expect(await files()).not.toContain("part-000000000003.ndjson");
});

test("temporary files of a killed process are removed, files of others are not", async () => {
  await writeFile(join(directory, ".part-000000000007.ndjson.tmp-4711"), "half");
  await writeFile(join(directory, "notes.txt"), "mine");
  await open();
  expect(await files()).toEqual(["notes.txt"]);
});

test("CSV parts begin with the names of the columns, quoted where needed", async () => {
  const sink = await open({ format: "csv" });
  await sink.deliver(delivery(1, "1,x\n"));
  expect(await readFile(join(directory, "part-000000000001.csv"), "utf8")).toBe('id,"a ""name"", quoted"\n1,x\n');
});

test("the folder of another sink is refused, and a damaged marker is named", async () => {
  await (await open()).deliver(delivery(1, '{"id":1}\n'));
  await expect(open({}, "durable", "payments")).rejects.toMatchObject({ code: "FOLDER_IN_USE", retryable: false });
  await writeFile(join(directory, committedMarker), "{");
  await expect(open()).rejects.toMatchObject({ code: "MARKER_DAMAGED", retryable: false });
});

test("a run without checkpoints replaces the output of such a run, and nothing else unless told to", async () => {
  await (await open({}, "ephemeral")).deliver(delivery(9, '{"id":1}\n'));
  const second = await open({}, "ephemeral");
  expect(await second.delivered()).toBeNull();
  expect(await files()).toEqual([]);
  await (await open({}, "durable")).deliver(delivery(1, '{"id":1}\n'));
  await expect(open({}, "ephemeral")).rejects.toMatchObject({ code: "FOLDER_IN_USE" });
  expect(await (await open({}, "overwrite")).delivered()).toBeNull();
});
