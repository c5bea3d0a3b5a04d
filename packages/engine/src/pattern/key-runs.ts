import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { KeyTimers } from "./key-timers.ts";
import { RunKeys } from "./run-keys.ts";
import type { RunsListener } from "./run-rules.ts";
import type { RunTable } from "./run-table.ts";
import type { RunsCodec } from "./runs-snapshot.ts";

/** The partial matches of each key that are in memory, with their timers; a key is known while it has any, or is used by events. */
export class KeyRuns {
  readonly timers = new KeyTimers();
  readonly #keys: KeyTable;
  readonly #table: RunTable;
  readonly #codec: RunsCodec;
  readonly #held = new RunKeys();
  /** By key: uses by events, and 1 when it has partial matches. */
  #uses: Int32Array = new Int32Array(16);
  /** By key: the how-manieth it was that came to have partial matches. */
  #since: Float64Array = new Float64Array(16);
  #count = 0;

  constructor(keys: KeyTable, table: RunTable, codec: RunsCodec) {
    this.#keys = keys;
    this.#table = table;
    this.#codec = codec;
  }

  /** Partial matches, and those that are held back. */
  get size(): number {
    return this.#table.size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#uses.byteLength + this.#since.byteLength + this.#held.bytes + this.#table.bytes;
  }

  /** By key: more than 0 where it has partial matches. The array is replaced by `reserve`. */
  get places(): Int32Array {
    return this.#held.places;
  }

  /** Makes room for all keys that are known. */
  reserve(): void {
    const { capacity } = this.#keys;
    this.#uses = grownInt32(this.#uses, capacity);
    this.#since = grownFloat64(this.#since, capacity);
    this.#held.reserve(capacity);
    this.#table.reserve(capacity);
  }

  has(key: number): boolean {
    return key < this.#held.places.length && this.#held.places[key] > 0;
  }

  isUsed(key: number): boolean {
    return this.#uses[key] > 0;
  }

  /** An event that can begin a match waits. */
  use(key: number, events = 1): void {
    this.#uses[key] += events;
  }

  /** An event that could begin a match waits no longer. */
  release(key: number): void {
    if (--this.#uses[key] === 0) this.#keys.release(key);
  }

  /** Processes the event that was offered to `TakenEvents`; see `RunTable`. Returns how many runs were given up because there are more than `most`. */
  process(key: number, canBegin: boolean, most: number, listener: RunsListener): number {
    const hasChanged = this.#table.process(key, canBegin, listener);
    const dropped = this.#table.limit(key, most);
    if (hasChanged || dropped > 0) this.#settle(key);
    return dropped;
  }

  /** Deals with the earliest timer, which there is; time has reached `timeMs` by it, or by an event before it. */
  expire(timeMs: number, listener: RunsListener): void {
    const key = this.timers.take();
    this.#table.advanceTime(key, timeMs, listener);
    this.#settle(key);
  }

  /** No event comes any more: what was held back comes out, of the keys in the order in which they came to have partial matches. */
  end(listener: RunsListener): void {
    const holding = this.#held.keys().filter((key) => this.#table.holdsBack(key));
    for (const key of holding.sort((a, b) => this.#since[a] - this.#since[b])) {
      this.#table.end(key, listener);
      this.#settle(key);
    }
  }

  /** See `KeyedState`. A key for which events wait stays. */
  dueMs(key: number): number | null {
    if (this.#uses[key] > 1) return Number.NEGATIVE_INFINITY;
    const nextTimeout = this.#table.nextTimeout(key);
    // What is held back comes out at the end.
    return nextTimeout === Number.POSITIVE_INFINITY && !this.#table.holdsBack(key) ? null : nextTimeout;
  }

  /** Writes the runs of a key and forgets them; returns how many they were. */
  moveOut(key: number, writer: SnapshotWriter): number {
    const before = this.size;
    this.#codec.write(writer, this.has(key) ? [key] : []);
    if (this.has(key)) {
      this.#table.clear(key);
      this.#forget(key);
    }
    return before - this.size;
  }

  /** Takes back what `moveOut` wrote; returns how many runs they are. */
  moveIn(key: number, reader: SnapshotReader): number {
    const before = this.size;
    this.reserve();
    // The id that the key had when it went says nothing now.
    for (const runs of this.#codec.read(reader, () => true).values()) {
      this.#held.add(key);
      this.#table.restore(key, runs);
      this.#begin(key);
    }
    return this.size - before;
  }

  snapshot(writer: SnapshotWriter): void {
    this.#held.save(writer, (into, keys) => this.#codec.write(into, keys));
  }

  /** Reads what `snapshot` wrote; the keys have been restored before. */
  restore(reader: SnapshotReader): void {
    this.#held.load(reader, (bytes) => {
      this.reserve();
      for (const [key, runs] of this.#codec.read(new SnapshotReader(bytes), (key) => this.has(key))) {
        this.#table.clear(key);
        this.#table.restore(key, runs);
      }
    });
    for (const key of this.#held.keys()) {
      // That a key waits for no event any more was not written.
      if (this.#table.isIdle(key)) this.#table.restore(key, []);
      this.#begin(key);
    }
  }

  /** Reads runs as they were written when all were written whenever one had changed. */
  restoreAll(reader: SnapshotReader): void {
    for (const [key, runs] of this.#codec.read(reader, () => true)) {
      this.#held.add(key);
      this.#table.restore(key, runs);
      this.#begin(key);
    }
  }

  /** Keeps a key whose runs have changed only while it has any, and its timer up to date. */
  #settle(key: number): void {
    const isKept = this.#held.places[key] > 0;
    if (this.#table.isIdle(key)) {
      if (isKept) this.#forget(key);
      return;
    }
    if (isKept) this.#held.change(key);
    else {
      this.#held.add(key);
      this.#uses[key]++;
      this.#since[key] = this.#count++;
    }
    this.timers.set(key, this.#table.nextTimeout(key));
  }

  #begin(key: number): void {
    this.#uses[key]++;
    this.#since[key] = this.#count++;
    this.timers.set(key, this.#table.nextTimeout(key));
  }

  #forget(key: number): void {
    this.#held.remove(key);
    this.timers.set(key, Number.POSITIVE_INFINITY);
    this.release(key);
  }
}
