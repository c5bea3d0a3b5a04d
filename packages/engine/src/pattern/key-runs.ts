import { grownInt32 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { EventRow } from "./event-row.ts";
import { KeyTimers } from "./key-timers.ts";
import type { PatternLayout } from "./pattern-layout.ts";
import { PatternRuns, type RunRules } from "./pattern-runs.ts";
import { RunKeys } from "./run-keys.ts";
import { type RestoredRuns, readRuns, writeRuns } from "./runs-snapshot.ts";

/** Rough size of a partial match and the event that it has taken last. */
const runBytes = 160;

/** The partial matches of each key that are in memory, with their timers; a key is known while it has any, or is used by events. */
export class KeyRuns {
  readonly timers = new KeyTimers();
  readonly #keys: KeyTable;
  readonly #rules: RunRules<EventRow>;
  readonly #stages: readonly string[];
  readonly #layout: PatternLayout;
  readonly #runsOf = new Map<number, PatternRuns<EventRow>>();
  readonly #held = new RunKeys();
  /** By key: uses by events, and 1 when it has partial matches. */
  #uses: Int32Array = new Int32Array(16);
  /** For a key that has none: it is not kept unless the event begins something. */
  #fresh: PatternRuns<EventRow>;
  #size = 0;

  constructor(keys: KeyTable, rules: RunRules<EventRow>, stages: readonly string[], layout: PatternLayout) {
    this.#keys = keys;
    this.#rules = rules;
    this.#stages = stages;
    this.#layout = layout;
    this.#fresh = new PatternRuns(rules);
  }

  /** Partial matches. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#uses.byteLength + this.#held.bytes + this.#size * runBytes;
  }

  /** By key: more than 0 where it has partial matches. The array is replaced by `reserve`. */
  get places(): Int32Array {
    return this.#held.places;
  }

  /** Makes room for all keys that are known. */
  reserve(): void {
    this.#uses = grownInt32(this.#uses, this.#keys.capacity);
    this.#held.reserve(this.#keys.capacity);
  }

  has(key: number): boolean {
    return key < this.#held.places.length && this.#held.places[key] > 0;
  }

  /** The runs of a key; of one that has none, some that have nothing: see `settle`. */
  of(key: number): PatternRuns<EventRow> {
    return this.#runsOf.get(key) ?? this.#fresh;
  }

  [Symbol.iterator](): Iterator<[number, PatternRuns<EventRow>]> {
    return [...this.#runsOf][Symbol.iterator]();
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

  /** Keeps the runs of a key, of which there were `before`, only while it has any, and its timer up to date. */
  settle(key: number, runs: PatternRuns<EventRow>, before: number): void {
    this.#size += countOf(runs) - before;
    const wasFresh = runs === this.#fresh;
    if (runs.idle) {
      if (wasFresh) return;
      this.#forget(key);
      this.#fresh = runs;
      return;
    }
    if (wasFresh) {
      this.#runsOf.set(key, runs);
      this.#held.add(key);
      this.#uses[key]++;
      this.#fresh = new PatternRuns(this.#rules);
    } else this.#held.change(key);
    this.timers.set(key, runs.nextTimeout);
  }

  /** See `KeyedState`. A key for which events wait stays. */
  dueMs(key: number): number | null {
    const { nextTimeout, completed } = this.of(key);
    if (this.#uses[key] > 1) return Number.NEGATIVE_INFINITY;
    // What is held back comes out at the end.
    return nextTimeout === Number.POSITIVE_INFINITY && completed.length === 0 ? null : nextTimeout;
  }

  /** Writes the runs of a key and forgets them; returns how many they were. */
  moveOut(key: number, writer: SnapshotWriter): number {
    writeRuns(writer, [key], this.#runsOf, this.#stages, this.#layout.keptFields);
    if (!this.has(key)) return 0;
    const count = countOf(this.of(key));
    this.#size -= count;
    this.#forget(key);
    return count;
  }

  /** Takes back what `moveOut` wrote; returns how many runs they are. */
  moveIn(key: number, reader: SnapshotReader): number {
    const before = this.#size;
    this.reserve();
    // The id that the key had when it went says nothing now.
    for (const restored of readRuns(reader, this.#stages, this.#layout).values()) {
      this.#held.add(key);
      this.#restore(key, restored);
    }
    return this.#size - before;
  }

  snapshot(writer: SnapshotWriter): void {
    this.#held.save(writer, (into, keys) => writeRuns(into, keys, this.#runsOf, this.#stages, this.#layout.keptFields));
  }

  /** Reads what `snapshot` wrote; the keys have been restored before. */
  restore(reader: SnapshotReader): void {
    const found = new Map<number, RestoredRuns>();
    this.#held.load(reader, (bytes) => {
      for (const [key, runs] of readRuns(new SnapshotReader(bytes), this.#stages, this.#layout)) if (this.has(key)) found.set(key, runs);
    });
    for (const [key, runs] of found) this.#restore(key, runs);
  }

  /** Reads runs as they were written when all were written whenever one had changed. */
  restoreAll(reader: SnapshotReader): void {
    for (const [key, runs] of readRuns(reader, this.#stages, this.#layout)) {
      this.#held.add(key);
      this.#restore(key, runs);
    }
  }

  #restore(key: number, restored: RestoredRuns): void {
    const runs = new PatternRuns(this.#rules, restored);
    this.#runsOf.set(key, runs);
    this.#uses[key]++;
    this.#size += countOf(runs);
    this.timers.set(key, runs.nextTimeout);
  }

  #forget(key: number): void {
    this.#runsOf.delete(key);
    this.#held.remove(key);
    this.timers.set(key, Number.POSITIVE_INFINITY);
    this.release(key);
  }
}

export function countOf(runs: PatternRuns<EventRow>): number {
  return runs.runs.length - 1 + runs.completed.length;
}
