import { type FileHandle, open, stat } from "node:fs/promises";
import {
  ConnectorError,
  type DeadLetter,
  type JsonValue,
  type SourceChunk,
  type SourceConnector,
  type SourceContext,
  type SourceReader,
} from "@millrace/engine";
import type { ConnectorHost } from "./connector-host.ts";
import { emptyBatch } from "./empty-batch.ts";
import { FileHead, type FilePosition, headBytes, parseFilePosition } from "./file-position.ts";
import { countLineFeeds, cutRecords, type RecordFormat } from "./record-cut.ts";
import { recordFormatOf, recordFormatOfPath } from "./record-format.ts";

const chunkBytes = 256 << 10;
/** Where workers decode, which hands over a buffer at a time. */
const lentBytes = 1 << 20;
/** Room for as much as workers have at a time; more is left to the collector. */
const mostSpare = 32;
/** The longest record; longer ones go to the dead letters. */
export const maxRecordBytes = 1 << 20;
const idlePollMs = 100;
const deadLetterBytes = 4096;
const split = "file";
const lineFeed = 0x0a;

/**
 * Reads JSON lines or CSV from a file. Options: `path`, `format`, `follow` (keep reading what is appended,
 * as `tail -F` does; a rotated or truncated file is read from its start, with a notice).
 * Without `follow` the source is bounded. The position survives restarts and is refused for another file.
 */
export function createFileSource(host: ConnectorHost): SourceConnector {
  return {
    async open(context) {
      const reader = new FileSourceReader(host, context, await host.files.locate(String(context.options.path)));
      // A run that fails while it is still opening its sources closes none of them: the signal tells.
      context.signal.addEventListener("abort", () => void reader.close(), { once: true });
      try {
        await reader.start();
        return reader;
      } catch (cause) {
        await reader.close();
        throw cause;
      }
    },
  };
}

class FileSourceReader implements SourceReader {
  readonly #host: ConnectorHost;
  readonly #context: SourceContext;
  readonly #path: string;
  readonly #format: RecordFormat;
  readonly #follow: boolean;
  #file: FileHandle | null = null;
  #inode = 0;
  #head = new FileHead();
  /** Chunks are lent, in shared memory. */
  readonly #lends: boolean;
  /** Bytes of the file from `#offset` on. */
  #buffer: Uint8Array;
  /** What holds no chunk that is still read: as long as nothing is lent, the buffer of the chunk before the last. */
  readonly #spare: Uint8Array[] = [];
  #filled = 0;
  #offset = 0;
  #line = 1;
  /** A read that was begun before it was asked for. */
  #ahead: Promise<number> | null = null;

  constructor(host: ConnectorHost, context: SourceContext, path: string) {
    this.#host = host;
    this.#context = context;
    this.#path = path;
    this.#format = recordFormatOf(formatOption(context)) ?? recordFormatOfPath(path);
    this.#follow = context.options.follow === true;
    this.#lends = context.borrows === true;
    this.#buffer = this.#allocate(this.#lends ? lentBytes : chunkBytes);
  }

  async start(): Promise<void> {
    await this.#open();
    if (this.#context.position === null) return;
    const position = parseFilePosition(this.#context.position);
    if (position === null) throw this.#refused("FILE_POSITION_INVALID", "the checkpoint's position is not one of a file");
    const problem = await this.#mismatch(position);
    if (problem === null) {
      this.#offset = position.offset;
      this.#line = position.line;
      return;
    }
    if (!this.#follow) throw this.#refused("FILE_CHANGED", problem);
    this.#notice("FILE_ROTATED", `${this.#path} is read from its start: ${problem}.`);
    this.#head = new FileHead();
  }

  async poll(): Promise<SourceChunk> {
    for (;;) {
      if (this.#file === null) return { kind: "idle" };
      const read = await (this.#ahead ?? this.#fill());
      this.#ahead = null;
      this.#skipByteOrderMark();
      const { end, lines } = cutRecords(this.#buffer.subarray(0, this.#filled), this.#format);
      if (end > 0) return this.#take(end, lines);
      if (this.#filled > maxRecordBytes) return this.#skipTooLarge();
      if (this.#filled === this.#buffer.length) this.#grow();
      else if (read === 0) {
        const chunk = await this.#atEnd();
        if (chunk !== null) return chunk;
      }
    }
  }

  position(): JsonValue {
    return { offset: this.#offset, line: this.#line, head: this.#head.upTo(this.#offset) } satisfies FilePosition;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #open(): Promise<void> {
    try {
      this.#file = await open(this.#path, "r");
      const info = await this.#file.stat();
      if (info.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
      this.#inode = info.ino;
    } catch (cause) {
      await this.close();
      throw openFailure(this.#path, cause);
    }
  }

  /** Reads into the free part of the buffer; 0 at the end of the file. */
  async #fill(): Promise<number> {
    const file = this.#file;
    if (file === null) throw new Error("the file source is closed");
    const at = this.#offset + this.#filled;
    const { bytesRead } = await file.read(this.#buffer, this.#filled, this.#buffer.length - this.#filled, at);
    this.#head.note(at, this.#buffer.subarray(this.#filled, this.#filled + bytesRead));
    this.#filled += bytesRead;
    return bytesRead;
  }

  takeBack(bytes: Uint8Array): void {
    if (this.#spare.length < mostSpare) this.#spare.push(new Uint8Array(bytes.buffer));
  }

  /** Hands out the start of the buffer, which stays as it is until the next poll, or until it comes back; reading goes on in another one. */
  #take(end: number, lines: number): SourceChunk {
    const bytes = this.#buffer.subarray(0, end);
    const firstLine = this.#line;
    const other = this.#spareOf(this.#buffer.length);
    other.set(this.#buffer.subarray(end, this.#filled));
    if (!this.#lends) this.#spare.push(this.#buffer);
    this.#buffer = other;
    this.#filled -= end;
    this.#offset += end;
    this.#line += lines;
    this.#readAhead();
    return { kind: "bytes", split, bytes, firstLine, isLent: this.#lends };
  }

  #spareOf(length: number): Uint8Array {
    for (let spare = this.#spare.pop(); spare !== undefined; spare = this.#spare.pop()) if (spare.length === length) return spare;
    return this.#allocate(length);
  }

  #allocate(length: number): Uint8Array {
    return this.#lends ? new Uint8Array(new SharedArrayBuffer(length)) : new Uint8Array(length);
  }

  /** Reads on while the chunk is being worked on. Whether it failed is seen by the next poll. */
  #readAhead(): void {
    this.#ahead = this.#fill();
    this.#ahead.catch(() => {});
  }

  #advance(bytes: number, lines: number): void {
    this.#buffer.copyWithin(0, bytes, this.#filled);
    this.#filled -= bytes;
    this.#offset += bytes;
    this.#line += lines;
  }

  #skipByteOrderMark(): void {
    const [a, b, c] = this.#buffer;
    if (this.#offset === 0 && this.#filled >= 3 && a === 0xef && b === 0xbb && c === 0xbf) this.#advance(3, 0);
  }

  #grow(): void {
    const grown = this.#allocate(Math.min(this.#buffer.length * 2, maxRecordBytes + 1));
    grown.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = grown;
  }

  /** Nothing more to read for now, and no whole record in the buffer. */
  async #atEnd(): Promise<SourceChunk | null> {
    if (!this.#follow) {
      if (this.#filled === 0) return { kind: "end" };
      return this.#take(this.#filled, 1);
    }
    const now = await stat(this.#path).catch(() => null);
    // Between the two renames of a rotation there is no file: wait for the new one.
    if (now !== null && now.ino !== this.#inode) return await this.#rotated();
    if (now !== null && now.size < this.#offset + this.#filled) {
      this.#notice(
        "FILE_TRUNCATED",
        `${this.#path} was truncated to ${now.size} bytes; reading had reached ${this.#offset}. It is read from its start.`,
      );
      this.#restart();
      return null;
    }
    await this.#context.clock.sleep(idlePollMs, this.#context.signal);
    return { kind: "idle" };
  }

  /** The path names another file; the old one has been read to its end. */
  async #rotated(): Promise<SourceChunk | null> {
    // It may have grown between the last read and the rotation.
    if ((await this.#fill()) > 0) return null;
    if (this.#filled > 0) return this.#take(this.#filled, 1);
    this.#notice("FILE_ROTATED", `${this.#path} was rotated after ${this.#offset} bytes; the new file is read from its start.`);
    await this.close();
    await this.#open();
    this.#restart();
    return null;
  }

  #restart(): void {
    this.#offset = 0;
    this.#line = 1;
    this.#filled = 0;
    this.#head = new FileHead();
  }

  /** A record longer than the limit: one dead letter, and reading goes on behind its line feed. */
  async #skipTooLarge(): Promise<SourceChunk> {
    const line = this.#line;
    const raw = new TextDecoder().decode(this.#buffer.subarray(0, deadLetterBytes));
    let lineFeedAt = this.#buffer.subarray(0, this.#filled).indexOf(lineFeed);
    let bytes = 0;
    while (lineFeedAt === -1 && !this.#context.signal.aborted) {
      bytes += this.#filled;
      this.#advance(this.#filled, 0);
      if ((await this.#fill()) === 0) break;
      lineFeedAt = this.#buffer.subarray(0, this.#filled).indexOf(lineFeed);
    }
    const rest = lineFeedAt === -1 ? this.#filled : lineFeedAt + 1;
    this.#advance(rest, countLineFeeds(this.#buffer, rest));
    const letter: DeadLetter = {
      position: `line ${line}`,
      reason: tooLarge(bytes + rest),
      raw,
    };
    return { kind: "batch", split, batch: emptyBatch(this.#context.fields), deadLetters: [letter] };
  }

  async #mismatch(position: FilePosition): Promise<string | null> {
    const file = this.#file;
    if (file === null) return "it is closed";
    const { size } = await file.stat();
    if (size < position.offset) return `it is ${size} bytes long, but the checkpoint goes on at byte ${position.offset}`;
    const start = new Uint8Array(Math.min(headBytes, position.offset));
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    this.#head.note(0, start.subarray(0, bytesRead));
    const head = this.#head.upTo(position.head.bytes);
    return head.sha256 === position.head.sha256 ? null : "its content is not that of the file which the checkpoint has read";
  }

  #refused(code: string, problem: string): ConnectorError {
    const advice = "Put the original file back, or deploy with an empty start.";
    return new ConnectorError(code, `${this.#path} cannot be continued: ${problem}. ${advice}`, { retryable: false });
  }

  #notice(code: string, message: string): void {
    this.#host.onNotice({ code, message });
  }
}

/** The format stands in the context or, for connectors that are opened without a plan, among the options. */
function formatOption(context: SourceContext): JsonValue | undefined {
  return "format" in context ? (context.format as JsonValue) : context.options.format;
}

function tooLarge(bytes: number): string {
  if (bytes <= maxRecordBytes) return `TOO_LARGE: a quoted value is not closed within ${maxRecordBytes} bytes`;
  return `TOO_LARGE: the record is ${bytes} bytes long; the limit is ${maxRecordBytes} bytes`;
}

function openFailure(path: string, cause: unknown): ConnectorError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") {
    const advice = "Check the path of the source; relative paths start at MILLRACE_FILES, or in the working directory on the command line.";
    return new ConnectorError("FILE_NOT_FOUND", `There is no file ${path}. ${advice}`, { retryable: false, cause });
  }
  if (code === "EISDIR") return new ConnectorError("FILE_IS_FOLDER", `${path} is a folder; name a file.`, { retryable: false, cause });
  if (code === "EACCES" || code === "EPERM") {
    return new ConnectorError("FILE_NOT_READABLE", `${path} may not be read by this user. Change its permissions.`, {
      retryable: false,
      cause,
    });
  }
  return new ConnectorError("FILE_NOT_READABLE", `${path} cannot be opened (${String(code ?? cause)}).`, { retryable: true, cause });
}
