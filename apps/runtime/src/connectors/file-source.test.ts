import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bigintType, type JsonValue, type SourceChunk, type SourceReader, stringType } from "@millrace/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../system-clock.ts";
import { createRecordingHost, type RecordingHost } from "../testing/connector-host.ts";
import { createFileSource, maxRecordBytes } from "./file-source.ts";

let directory = "";
let path = "";
let host: RecordingHost;
let abort: AbortController;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "millrace-files-"));
  path = join(directory, "events.ndjson");
  host = createRecordingHost(directory);
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await rm(directory, { recursive: true, force: true });
});

function open(
  options: { readonly path?: string; readonly follow?: boolean; readonly format?: string; readonly borrows?: boolean } = {},
  position: JsonValue | null = null,
): Promise<SourceReader> {
  const fields = [
    { name: "id", type: bigintType },
    { name: "text", type: stringType },
  ];
  return createFileSource(host).open({
    options: {
      path: options.path ?? path,
      follow: options.follow ?? false,
      ...(options.format === undefined ? {} : { format: options.format }),
    },
    fields,
    liveFields: [true, true],
    position,
    borrows: options.borrows ?? false,
    clock: systemClock,
    signal: abort.signal,
  });
}

/** Polls until the source ends or is idle; answers the text of the chunks. */
async function readAll(reader: SourceReader, chunks: SourceChunk[] = []): Promise<string> {
  let text = "";
  for (;;) {
    const chunk = await reader.poll();
    if (chunk.kind === "end" || chunk.kind === "idle") return text;
    chunks.push(chunk.kind === "bytes" ? { ...chunk, bytes: chunk.bytes.slice() } : chunk);
    if (chunk.kind === "bytes") text += new TextDecoder().decode(chunk.bytes);
  }
}

const line = (id: number): string => `${JSON.stringify({ id, text: `é"\\n ${"x".repeat(id % 500)}` })}\n`;
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => line(from + i)).join("");

describe("a bounded file", () => {
  test("comes whole, in chunks that end at line ends and know their line numbers", async () => {
    const content = lines(0, 4000);
    await writeFile(path, content);
    const chunks: SourceChunk[] = [];
    expect(await readAll(await open(), chunks)).toBe(content);
    expect(chunks.length).toBeGreaterThan(2);
    let next = 1;
    for (const chunk of chunks) {
      if (chunk.kind !== "bytes") throw new Error("bytes expected");
      expect(chunk.firstLine).toBe(next);
      expect(chunk.bytes.at(-1)).toBe(10);
      next += new TextDecoder().decode(chunk.bytes).split("\n").length - 1;
    }
  });

  test("goes on at any position that it gave, and nothing is missing or there twice", async () => {
    const content = lines(0, 3000);
    await writeFile(path, content);
    const whole = await open();
    let before = "";
    for (;;) {
      const position = whole.position();
      const rest = await readAll(await open({}, JSON.parse(JSON.stringify(position))));
      expect(before + rest).toBe(content);
      const chunk = await whole.poll();
      if (chunk.kind !== "bytes") break;
      before += new TextDecoder().decode(chunk.bytes);
    }
  });

  test("may lack the last line feed, be empty, or begin with a byte order mark", async () => {
    await writeFile(path, '{"id":1}\n{"id":2}');
    expect(await readAll(await open())).toBe('{"id":1}\n{"id":2}');
    await writeFile(path, "");
    expect(await readAll(await open())).toBe("");
    await writeFile(path, '\ufeff{"id":1}\n');
    expect(await readAll(await open())).toBe('{"id":1}\n');
  });

  test("with a record over the limit loses that record alone, as a dead letter with its line", async () => {
    const exact = `${"y".repeat(maxRecordBytes)}\n`;
    await writeFile(path, `{"id":1}\n${"x".repeat(maxRecordBytes + 1)}\n${exact}{"id":2}\n`);
    const chunks: SourceChunk[] = [];
    expect(await readAll(await open(), chunks)).toBe(`{"id":1}\n${exact}{"id":2}\n`);
    const letters = chunks.flatMap((chunk) => (chunk.kind === "batch" ? chunk.deadLetters : []));
    expect(letters).toHaveLength(1);
    expect(letters[0].position).toBe("line 2");
    expect(letters[0].reason).toBe("TOO_LARGE: the record is 1048578 bytes long; the limit is 1048576 bytes");
    expect(letters[0].raw).toHaveLength(4096);
    expect(chunks.findLast((chunk) => chunk.kind === "bytes")).toMatchObject({ firstLine: 4 });
  });

  test("of CSV is never cut inside a quoted line break", async () => {
    const row = (id: number): string => `${id},"a ""quoted""\nline ${"z".repeat(300)}"\n`;
    const content = Array.from({ length: 3000 }, (_, i) => row(i)).join("");
    await writeFile(path, content);
    const chunks: SourceChunk[] = [];
    expect(await readAll(await open({ format: "csv" }), chunks)).toBe(content);
    for (const chunk of chunks) {
      if (chunk.kind !== "bytes") throw new Error("bytes expected");
      expect(new TextDecoder().decode(chunk.bytes).split('"').length % 2).toBe(1);
    }
  });

  test("of CSV with a quote that is never closed loses one line, not the rest", async () => {
    await writeFile(path, `1,"open\n${"2,ok\n".repeat(300_000)}`);
    const chunks: SourceChunk[] = [];
    const text = await readAll(await open({ format: "csv" }), chunks);
    expect(text).toBe("2,ok\n".repeat(300_000));
    const letters = chunks.flatMap((chunk) => (chunk.kind === "batch" ? chunk.deadLetters : []));
    expect(letters.map((letter) => letter.reason)).toEqual(["TOO_LARGE: a quoted value is not closed within 1048576 bytes"]);
  });

  test("that is missing or a folder says so, with the path and what to do", async () => {
    await expect(open({ path: join(directory, "none.ndjson") })).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      retryable: false,
      message: expect.stringMatching(/none\.ndjson.*Check the path/),
    });
    await expect(open({ path: directory })).rejects.toMatchObject({ code: "FILE_IS_FOLDER" });
  });

  test("that is not the one of the checkpoint is refused", async () => {
    await writeFile(path, lines(0, 100));
    const reader = await open();
    await readAll(reader);
    const position = reader.position();
    await writeFile(path, lines(100, 300));
    await expect(open({}, position)).rejects.toMatchObject({ code: "FILE_CHANGED", retryable: false });
    await writeFile(path, "short\n");
    await expect(open({}, position)).rejects.toThrow(/6 bytes long, but the checkpoint goes on at byte/);
    await expect(open({}, { offset: -1 })).rejects.toMatchObject({ code: "FILE_POSITION_INVALID" });
  });

  test("that has grown since the checkpoint goes on, also from a position near the start", async () => {
    await writeFile(path, '{"id":1}\n');
    const reader = await open();
    await readAll(reader);
    await appendFile(path, lines(2, 400));
    expect(await readAll(await open({}, reader.position()))).toBe(lines(2, 400));
  });
});

describe("a followed file", () => {
  test("is idle at its end, and brings a line only when it is whole", async () => {
    await writeFile(path, '{"id":1}\n{"id":');
    const reader = await open({ follow: true });
    expect(await readAll(reader)).toBe('{"id":1}\n');
    await appendFile(path, "2}\n");
    expect(await readAll(reader)).toBe('{"id":2}\n');
  });

  test("that is rotated is read to its end, then the new one from its start, with a notice", async () => {
    await writeFile(path, '{"id":1}\n');
    const reader = await open({ follow: true });
    expect(await readAll(reader)).toBe('{"id":1}\n');
    await appendFile(path, '{"id":2}\n');
    await rename(path, `${path}.1`);
    await writeFile(path, '{"id":3}\n');
    expect(await readAll(reader)).toBe('{"id":2}\n{"id":3}\n');
    expect(host.notices.map((notice) => notice.code)).toEqual(["FILE_ROTATED"]);
  });

  test("that is truncated is read from its start, with a notice", async () => {
    await writeFile(path, lines(0, 10));
    const reader = await open({ follow: true });
    await readAll(reader);
    await truncate(path, 0);
    await readAll(reader);
    await writeFile(path, '{"id":1}\n');
    expect(await readAll(reader)).toBe('{"id":1}\n');
    expect(host.notices.map((notice) => notice.code)).toContain("FILE_TRUNCATED");
  });

  test("that was rotated while nobody read is read from its start, with a notice", async () => {
    await writeFile(path, lines(0, 10));
    const reader = await open({ follow: true });
    await readAll(reader);
    await rm(path);
    await writeFile(path, '{"id":99}\n');
    expect(await readAll(await open({ follow: true }, reader.position()))).toBe('{"id":99}\n');
    expect(host.notices.map((notice) => notice.code)).toEqual(["FILE_ROTATED"]);
  });
});

describe("chunks that are lent", () => {
  async function lentChunks(reader: SourceReader, keep: (bytes: Uint8Array) => void): Promise<Set<ArrayBufferLike>> {
    const buffers = new Set<ArrayBufferLike>();
    for (let chunk = await reader.poll(); chunk.kind !== "end"; chunk = await reader.poll()) {
      if (chunk.kind !== "bytes") throw new Error("bytes expected");
      expect(chunk.isLent).toBe(true);
      expect(chunk.bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
      buffers.add(chunk.bytes.buffer);
      keep(chunk.bytes);
    }
    return buffers;
  }

  test("stay as they are while others come", async () => {
    const content = lines(0, 20_000);
    await writeFile(path, content);
    const kept: Uint8Array[] = [];
    const buffers = await lentChunks(await open({ borrows: true }), (bytes) => kept.push(bytes));
    expect(kept.length).toBeGreaterThan(4);
    expect(buffers.size).toBe(kept.length);
    expect(kept.map((bytes) => new TextDecoder().decode(bytes)).join("")).toBe(content);
  });

  test("are followed by others in the same memory when they have come back", async () => {
    const content = lines(0, 20_000);
    await writeFile(path, content);
    const reader = await open({ borrows: true });
    let text = "";
    const buffers = await lentChunks(reader, (bytes) => {
      text += new TextDecoder().decode(bytes);
      reader.takeBack?.(bytes);
    });
    expect(text).toBe(content);
    expect(buffers.size).toBeLessThanOrEqual(2);
  });

  test("hold records that need a larger buffer", async () => {
    const content = `${JSON.stringify({ id: 1, text: "x".repeat(maxRecordBytes - 40) })}\n${lines(0, 10_000)}`;
    await writeFile(path, content);
    const kept: Uint8Array[] = [];
    await lentChunks(await open({ borrows: true }), (bytes) => kept.push(bytes));
    expect(kept.map((bytes) => new TextDecoder().decode(bytes)).join("")).toBe(content);
  });
});
