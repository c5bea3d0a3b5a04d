import type { Collector } from "../dataflow/operator.ts";
import type { ColdKeys, KeyedState } from "../state/cold-keys.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime } from "../time/watermark.ts";
import type { SliceLayout } from "../window/slice-layout.ts";
import type { JoinKeys } from "./join-keys.ts";
import type { WindowPairs } from "./window-pairs.ts";

/**
 * The records of a window join that are outside of memory, by key. Windows close where they are: at no time are more than
 * some of their keys here.
 */
export class ColdPairs {
  readonly #keys: JoinKeys;
  readonly #layout: SliceLayout;
  readonly #held: WindowPairs;
  /** Room for what is looked at. */
  readonly #visited: WindowPairs;
  /** Records outside that are in a window which is not closed. */
  #size = 0;
  /** No such record has an earlier time. */
  #firstMs = endOfTime;
  /** Records before this are in no window that is not closed. */
  #liveMs = Number.NEGATIVE_INFINITY;

  constructor(keys: JoinKeys, layout: SliceLayout, held: WindowPairs, visited: WindowPairs) {
    this.#keys = keys;
    this.#layout = layout;
    this.#held = held;
    this.#visited = visited;
  }

  get size(): number {
    return this.#size;
  }

  get firstMs(): number {
    return this.#size === 0 ? endOfTime : this.#firstMs;
  }

  /** All windows before this one are closed. */
  openFrom(window: number): void {
    this.#liveMs = Math.max(this.#liveMs, this.#layout.windowStartMs(window));
  }

  keyedState(): KeyedState {
    const { left, right } = this.#held;
    return {
      get size() {
        return left.size + right.size;
      },
      holds: (key) => left.firstOfKey(key) >= 0 || right.firstOfKey(key) >= 0,
      // Not a time: what is outside is looked for by the last window that it is in.
      dueMs: (key) => this.#layout.lastWindow(this.#layout.sliceAt(Math.max(left.lastMs(key), right.lastMs(key)))),
      moveOut: (key, writer) => {
        for (const buffer of [left, right]) {
          this.#size += buffer.countOfKey(key);
          const first = buffer.firstOfKey(key);
          if (first >= 0) this.#firstMs = Math.min(this.firstMs, buffer.rows.time[first]);
        }
        for (const buffer of [left, right]) buffer.moveOut(key, writer);
      },
      movedOut: () => {
        left.movedOut();
        right.movedOut();
      },
      moveIn: (key, reader) => {
        for (const buffer of [left, right]) {
          const slots = buffer.moveIn(key, reader);
          this.#size -= slots.filter((slot) => buffer.rows.time[slot] >= this.#liveMs).length;
        }
        for (const buffer of [left, right]) buffer.removeThrough(this.#liveMs - 1);
      },
    };
  }

  /** Emits the rows of a window, before which all are closed, and closes it. */
  close(cold: ColdKeys, window: number, out: Collector): void {
    const pairs = this.#visited;
    const openMs = this.#layout.windowStartMs(window + 1);
    let firstMs = endOfTime;
    cold.visit(window, (found) => {
      for (const { text, state } of found) {
        const key = this.#keys.idOf(text);
        for (const buffer of pairs.sides) buffer.moveIn(key, state);
      }
      for (const buffer of pairs.sides) buffer.removeThrough(this.#liveMs - 1);
      pairs.close(window, out);
      const before = pairs.size;
      pairs.removeBefore(window + 1);
      this.#size -= before - pairs.size;
      firstMs = Math.min(firstMs, pairs.firstMs);
      for (const buffer of pairs.sides) buffer.removeThrough(endOfTime);
    });
    this.#firstMs = firstMs;
    this.#liveMs = Math.max(this.#liveMs, openMs);
  }

  snapshot(writer: SnapshotWriter): void {
    for (const value of [this.#size, this.#firstMs, this.#liveMs]) writer.f64(value);
  }

  restore(reader: SnapshotReader): void {
    this.#size = reader.f64();
    this.#firstMs = reader.f64();
    this.#liveMs = reader.f64();
  }
}
