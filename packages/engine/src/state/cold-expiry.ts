import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import type { SpilledRows } from "./spilled-rows.ts";

/** Keys in one row of the index. */
const keysPerRow = 512;

/**
 * Keys outside of memory by when their rows may be given up: lists of keys that are rows themselves, by coarse bucket of
 * time, so that memory holds only how many lists there are. As with `KeyExpiry`, a key may come up more often than once.
 */
export class ColdExpiry {
  readonly #rows: SpilledRows;
  readonly #widthMs: number;
  /** Lists of each bucket. */
  readonly #lists = new Map<number, number>();
  /** Keys that are in no list yet. */
  readonly #open = new Map<number, string[]>();

  constructor(rows: SpilledRows, widthMs: number) {
    this.#rows = rows;
    this.#widthMs = widthMs;
  }

  add(key: string, expiryMs: number): void {
    const bucket = Math.floor(expiryMs / this.#widthMs);
    const keys = this.#open.get(bucket) ?? [];
    if (keys.length === 0) this.#open.set(bucket, keys);
    keys.push(key);
    if (keys.length === keysPerRow) this.#write(bucket, keys);
  }

  /** Hands over the keys of the buckets that are wholly due at a watermark. */
  takeDue(watermark: number, give: (key: string) => void): void {
    const end = Math.floor((watermark + 1) / this.#widthMs);
    for (const [bucket, keys] of this.#open) if (bucket < end) this.#write(bucket, keys);
    for (const [bucket, lists] of this.#lists) {
      if (bucket >= end) continue;
      this.#lists.delete(bucket);
      for (let list = 0; list < lists; list++) {
        const name = listName(bucket, list);
        for (const key of keysOf(this.#rows.get(name))) give(key);
        this.#rows.remove(name);
      }
    }
  }

  /** Leaves no key in memory. To be called before the changes of the rows are taken. */
  snapshot(writer: SnapshotWriter): void {
    for (const [bucket, keys] of this.#open) this.#write(bucket, keys);
    writer.f64Array(Float64Array.from(this.#lists.keys()));
    writer.f64Array(Float64Array.from(this.#lists.values()));
  }

  restore(reader: SnapshotReader): void {
    const buckets = reader.f64Array();
    reader.f64Array().forEach((lists, i) => {
      this.#lists.set(buckets[i], lists);
    });
  }

  #write(bucket: number, keys: readonly string[]): void {
    const list = this.#lists.get(bucket) ?? 0;
    this.#rows.put(listName(bucket, list), encoder.encode(JSON.stringify(keys)));
    this.#lists.set(bucket, list + 1);
    this.#open.delete(bucket);
  }
}

/** Keys of rows begin with another letter. */
function listName(bucket: number, list: number): string {
  return `t${bucket}.${list}`;
}

function keysOf(row: Uint8Array | null): readonly string[] {
  const keys: unknown = row === null ? [] : JSON.parse(decoder.decode(row));
  return Array.isArray(keys) ? keys.map(String) : [];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
