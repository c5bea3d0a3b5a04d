import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";
import type { SpilledRows } from "./spilled-rows.ts";

/** Keys in one list. */
const keysPerList = 512;

/** A key outside of memory, and which of its goings out is meant: it may have come back, and gone again, since. */
export interface ColdEntry {
  readonly text: string;
  readonly turn: number;
}

/** Some entries of a bucket; null: those that are in no list yet. */
export interface ColdList {
  readonly list: number | null;
  readonly entries: readonly ColdEntry[];
}

/**
 * Keys outside of memory by bucket of time, as lists that are rows themselves, so that memory holds only the numbers of
 * the lists and the beginnings of new ones.
 */
export class ColdLists {
  #rows: SpilledRows | null = null;
  /** Numbers of the written lists of each bucket. */
  readonly #written = new Map<number, number[]>();
  /** Entries that are in no list yet. */
  readonly #open = new Map<number, ColdEntry[]>();
  /** Lists that are of no use any more; see `tidy`. */
  #done: number[] = [];
  #count = 0;

  attach(rows: SpilledRows): void {
    this.#rows = rows;
  }

  add(bucket: number, entry: ColdEntry): void {
    const entries = this.#open.get(bucket) ?? [];
    if (entries.length === 0) this.#open.set(bucket, entries);
    entries.push(entry);
    if (entries.length === keysPerList) this.#write(bucket, entries);
  }

  /** The first bucket from `from` on; undefined when there is none. */
  first(from: number): number | undefined {
    let first: number | undefined;
    for (const buckets of [this.#written, this.#open]) {
      for (const bucket of buckets.keys()) if (bucket >= from && (first === undefined || bucket < first)) first = bucket;
    }
    return first;
  }

  /** The lists of a bucket that there are now, each read when it is asked for. */
  *of(bucket: number): Generator<ColdList> {
    const open = [...(this.#open.get(bucket) ?? [])];
    for (const list of [...(this.#written.get(bucket) ?? [])]) yield { list, entries: this.#read(list) };
    if (open.length > 0) yield { list: null, entries: open };
  }

  /** Removes a list with whose entries everything is done. */
  remove(bucket: number, list: number | null): void {
    if (list === null) {
      this.#open.delete(bucket);
      return;
    }
    const left = this.#written.get(bucket)?.filter((other) => other !== list) ?? [];
    if (left.length > 0) this.#written.set(bucket, left);
    else this.#written.delete(bucket);
    this.#rows?.remove(nameOf(list));
  }

  /** Gives up a bucket. Its lists, and the rows that they name, are handed to `tidy` later. */
  close(bucket: number): void {
    const open = this.#open.get(bucket);
    if (open !== undefined) this.#write(bucket, open);
    for (const list of this.#written.get(bucket) ?? []) this.#done.push(list);
    this.#written.delete(bucket);
  }

  /** Removes one list that was given up, after its entries have been handed over. False: there is none. */
  tidy(give: (entry: ColdEntry) => void): boolean {
    const list = this.#done.pop();
    if (list === undefined) return false;
    for (const entry of this.#read(list)) give(entry);
    this.#rows?.remove(nameOf(list));
    return true;
  }

  /** Leaves no entry in memory. To be called before the changes of the rows are taken. */
  snapshot(writer: SnapshotWriter): void {
    for (const [bucket, entries] of this.#open) this.#write(bucket, entries);
    writer.f64(this.#count);
    writer.f64Array(Float64Array.from(this.#written.keys()));
    for (const lists of this.#written.values()) writer.f64Array(Float64Array.from(lists));
    writer.f64Array(Float64Array.from(this.#done));
  }

  restore(reader: SnapshotReader): void {
    this.#count = reader.f64();
    for (const bucket of reader.f64Array()) this.#written.set(bucket, [...reader.f64Array()]);
    this.#done = [...reader.f64Array()];
  }

  #write(bucket: number, entries: readonly ColdEntry[]): void {
    const writer = new SnapshotWriter(entries.length * 64);
    writer.strings(entries.map(({ text }) => text));
    writer.f64Array(Float64Array.from(entries, ({ turn }) => turn));
    const list = this.#count++;
    this.#rows?.put(nameOf(list), writer.finish());
    const written = this.#written.get(bucket) ?? [];
    if (written.length === 0) this.#written.set(bucket, written);
    written.push(list);
    this.#open.delete(bucket);
  }

  #read(list: number): readonly ColdEntry[] {
    const row = this.#rows?.get(nameOf(list)) ?? null;
    if (row === null) throw new Error(`the list ${nameOf(list)} of keys outside of memory is missing`);
    const reader = new SnapshotReader(row);
    const texts = reader.strings();
    const turns = reader.f64Array();
    return texts.map((text, i) => ({ text, turn: turns[i] }));
  }
}

/** Keys of other rows begin with another letter. */
function nameOf(list: number): string {
  return `t${list}`;
}
