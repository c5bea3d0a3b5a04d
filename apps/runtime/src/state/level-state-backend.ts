import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ColdRows, StateBackend } from "@millrace/engine";
import { ClassicLevel } from "classic-level";

/** Of each operator, in memory: rows before they are sorted into files, and files' blocks that were read last. */
const writeBufferSize = 16 << 20;
const cacheSize = 16 << 20;
/** Rows put together before they are written. */
const batchBytes = 1 << 20;

type Database = ClassicLevel<string, Uint8Array>;

/**
 * Rows in LevelDB, a log-structured merge tree, in a folder for each operator below `folder`. What is there is removed:
 * a run fills it from its checkpoint. Two runs must not share a folder.
 */
export function createLevelStateBackend(folder: string): StateBackend {
  return {
    async open(operator): Promise<ColdRows> {
      const location = join(folder, encodeURIComponent(operator));
      await rm(location, { recursive: true, force: true });
      await mkdir(location, { recursive: true });
      const database: Database = new ClassicLevel(location, { keyEncoding: "utf8", valueEncoding: "view", writeBufferSize, cacheSize });
      await database.open();
      return new LevelRows(database, location);
    },
  };
}

class LevelRows implements ColdRows {
  readonly #database: Database;
  readonly #location: string;
  /** By key, newest; null = removed. `#writing` is under way to the database. */
  #waiting = new Map<string, Uint8Array | null>();
  #writing = new Map<string, Uint8Array | null>();
  #waitingBytes = 0;
  #writingBytes = 0;
  #write: Promise<void> | null = null;
  #failure: unknown = null;

  constructor(database: Database, location: string) {
    this.#database = database;
    this.#location = location;
  }

  get pendingBytes(): number {
    return this.#waitingBytes + this.#writingBytes;
  }

  get(key: string): Uint8Array | null {
    for (const rows of [this.#waiting, this.#writing]) {
      const row = rows.get(key);
      if (row !== undefined) return row === null ? null : row.slice();
    }
    const row = this.#database.getSync(key);
    // A view of its own kind: a Buffer's `slice` copies nothing.
    return row === undefined ? null : new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
  }

  put(key: string, row: Uint8Array): void {
    this.#change(key, row, key.length + row.length);
  }

  remove(key: string): void {
    this.#change(key, null, key.length);
  }

  async settle(): Promise<void> {
    while (this.#write !== null || this.#waiting.size > 0) {
      this.#begin();
      await this.#write;
      if (this.#failure !== null) throw this.#failure;
    }
  }

  async *rows(): AsyncGenerator<readonly [string, Uint8Array]> {
    await this.settle();
    // An iterator reads from a snapshot of its beginning.
    for await (const [key, row] of this.#database.iterator({ highWaterMarkBytes: batchBytes })) yield [key, new Uint8Array(row)];
  }

  async close(): Promise<void> {
    await this.settle().catch(() => undefined);
    await this.#database.close();
    await rm(this.#location, { recursive: true, force: true });
  }

  #change(key: string, row: Uint8Array | null, bytes: number): void {
    this.#waiting.set(key, row);
    this.#waitingBytes += bytes;
    if (this.#waitingBytes >= batchBytes) this.#begin();
  }

  #begin(): void {
    if (this.#write !== null || this.#waiting.size === 0) return;
    [this.#writing, this.#writingBytes] = [this.#waiting, this.#waitingBytes];
    [this.#waiting, this.#waitingBytes] = [new Map(), 0];
    const operations = this.#writing
      .entries()
      .map(([key, value]) => (value === null ? ({ type: "del", key } as const) : ({ type: "put", key, value } as const)))
      .toArray();
    this.#write = this.#database
      .batch(operations)
      .catch((cause: unknown) => {
        this.#failure = cause;
      })
      .finally(() => {
        this.#write = null;
        if (this.#failure !== null) return;
        this.#writing = new Map();
        this.#writingBytes = 0;
        if (this.#waitingBytes >= batchBytes) this.#begin();
      });
  }
}
