import { noWatermark } from "../time/watermark.ts";
import { type ColdEntry, ColdLists } from "./cold-lists.ts";
import { grownInt32, grownUint8 } from "./grown-array.ts";
import { partKeys } from "./part-keys.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";
import type { SpilledRows } from "./spilled-rows.ts";

/** What is left in memory when there is too much in it. */
const keptShare = 0.9;
/** Lists of keys that are of no use any more and are tidied up after a batch. */
const listsPerBatch = 4;
const bucketsPerSpan = 64;
/** While so many bytes are still to be written nothing is tidied up. */
const mostPendingBytes = 4 << 20;
/** Batches without a look at what could leave memory, after nothing could. */
const batchesOfRest = 16;
/** Of a row: which of its key's goings out it is from, and when the key has to come back. */
const headerBytes = 16;
const arenaBytes = 64 << 10;

/** The ids of keys, and their texts, by which they are known outside of memory. */
export interface KeyTexts {
  /** All ids are below this. */
  readonly capacity: number;
  text(id: number): string;
  /** The id of the key of a text, registered when it is new. */
  idOf(text: string): number;
}

/** A key outside of memory, with what `moveOut` wrote of it. */
export interface ColdKey {
  readonly text: string;
  readonly state: SnapshotReader;
  /** Writes other state in place of it; when the key is due has to stay as it was. */
  rewrite(write: (writer: SnapshotWriter) => void): void;
}

/** The state of an operator by key, of which parts can leave memory. */
export interface KeyedState {
  /** How much of it is in memory, in what its bound counts: keys, or rows. */
  readonly size: number;
  /** Whether memory holds anything of a key. */
  holds(key: number): boolean;
  /**
   * The watermark by which a key has to be in memory, because something is to be done about it then. null: only when a
   * record of it comes; -Infinity: it cannot leave memory now; Infinity: at the end of the input.
   */
  dueMs(key: number): number | null;
  /** Writes all of a key, and lets go of it in memory, its id included. */
  moveOut(key: number, writer: SnapshotWriter): void;
  /** Called after some keys have moved out, for what is cheaper for all of them together. */
  movedOut?(): void;
  /** Forgets the id of a key that has come back of which nothing was left to hold. For state of which that may be. */
  release?(key: number): void;
  /** Takes back what `moveOut` wrote. Nothing is held of the key before. */
  moveIn(key: number, reader: SnapshotReader): void;
}

/**
 * The keys of one operator that have left memory: those that have not come for longest, by the clock algorithm. A key is
 * in memory or outside, never both; it comes back when a record of it comes, and when it is due. When keys are due is
 * in lists by bucket of time, which are outside of memory too. A bucket comes back as a whole when its time begins, and its
 * keys stay until it is over, so that timers in memory say what happens to the millisecond.
 *
 * While nothing may leave memory, all of this costs a look at `active`.
 */
export class ColdKeys {
  readonly #keys: KeyTexts;
  readonly #state: KeyedState;
  readonly #widthMs: number;
  /** What says when keys are due, beside their state. */
  readonly #terms: string;
  readonly #lists = new ColdLists();
  #rows: SpilledRows | null = null;
  #hotKeys = Number.POSITIVE_INFINITY;
  /** Keys outside. */
  #size = 0;
  /** Goings out so far. */
  #turns = 0;
  /** Buckets up to this have come back; rows that belong into them are of no use any more. */
  #through = Number.NEGATIVE_INFINITY;
  #watermark = noWatermark;
  /** Keys are given up where they are. */
  #isVisited = false;
  /** By key: 1 when it came since the hand last passed. */
  #recent: Uint8Array = new Uint8Array(16);
  #hand = 0;
  #rest = 0;
  /** By key: the batch in which its row was last asked for. */
  #asked: Int32Array = new Int32Array(16);
  #batches = 0;
  readonly #writer = new SnapshotWriter();
  #arena: Uint8Array = new Uint8Array(0);
  #arenaUsed = 0;

  /** `spansMs`: all that `dueMs` depends on beside the state of a key; the longest is cut into buckets. */
  constructor(keys: KeyTexts, state: KeyedState, spansMs: readonly number[]) {
    this.#keys = keys;
    this.#state = state;
    this.#widthMs = Math.max(1, Math.ceil(Math.max(...spansMs) / bucketsPerSpan));
    this.#terms = spansMs.join(" ");
  }

  /** Whether keys are outside of memory, or may be. */
  get active(): boolean {
    return this.#size > 0 || this.#hotKeys !== Number.POSITIVE_INFINITY;
  }

  /** The last that was given to `advance`. */
  get watermark(): number {
    return this.#watermark;
  }

  /** Keys outside of memory. */
  get size(): number {
    return this.#size;
  }

  /** See `Spilling`. */
  attach(rows: SpilledRows, hotKeys: number): void {
    this.#rows = rows;
    this.#lists.attach(rows);
    this.#hotKeys = hotKeys;
  }

  /** Brings those of `keys[0…count)` back that are outside; negative ids are passed over. To be called once a batch and input. */
  meet(keys: Int32Array, count: number): void {
    this.#recent = grownUint8(this.#recent, this.#keys.capacity);
    this.#asked = grownInt32(this.#asked, this.#keys.capacity);
    this.#batches++;
    for (let p = 0; p < count; p++) {
      const key = keys[p];
      if (key < 0) continue;
      this.#recent[key] = 1;
      if (this.#size === 0 || this.#asked[key] === this.#batches) continue;
      this.#asked[key] = this.#batches;
      if (!this.#state.holds(key)) this.#fetch(key);
    }
  }

  /** Moves keys out of memory when there is too much in it; to be called after a batch. */
  spill(): void {
    if (this.#rows === null) return;
    this.#tidy(this.#rows);
    if (this.#state.size > this.#hotKeys && this.#rest-- <= 0) this.#moveSome(this.#rows);
  }

  /**
   * Brings back what is due by a watermark, a bucket at a time: after each but the last `step` is called, with a watermark
   * that is to be worked on before those behind it come. To be followed by the work for `watermark` itself.
   */
  advance(watermark: number, step: (watermark: number) => void): void {
    if (!this.active) return;
    const lists = this.#lists;
    const last = this.#bucketOf(watermark);
    for (let bucket = lists.first(this.#through); bucket !== undefined && bucket <= last; bucket = lists.first(bucket)) {
      const until = bucket === Number.POSITIVE_INFINITY ? watermark : (bucket + 1) * this.#widthMs - 1;
      for (const { list, entries } of lists.of(bucket)) {
        const isMuch = this.#rows === null || this.#rows.pendingBytes > mostPendingBytes;
        for (const { text, turn } of entries) this.#bringBack(text, turn, !isMuch);
        if (!isMuch) lists.remove(bucket, list);
        if (bucket !== Number.POSITIVE_INFINITY) continue;
        step(watermark);
        this.spill();
      }
      lists.close(bucket);
      this.#through = bucket;
      if (until >= watermark) continue;
      this.#watermark = until;
      step(until);
      this.spill();
    }
    this.#through = Math.max(this.#through, last);
    this.#watermark = watermark;
  }

  /**
   * Shows the keys outside that were due from `from` on when they went, which stay where they are, some at a time. Of state
   * that is visited `dueMs` may be any number that keys are looked for by; it is given up by `forgetBefore`, never by `advance`.
   */
  visit(from: number, give: (found: readonly ColdKey[]) => void): void {
    if (this.#size === 0) return;
    for (let bucket = this.#lists.first(this.#bucketOf(from)); bucket !== undefined; bucket = this.#lists.first(bucket + 1)) {
      for (const { entries } of this.#lists.of(bucket)) {
        const found: ColdKey[] = [];
        for (const { text, turn } of entries) {
          const row = this.#rows?.get(text) ?? null;
          if (row === null || turnOf(row) !== turn) continue;
          const rewrite = (write: (writer: SnapshotWriter) => void): void => this.#rewrite(text, turn, dueOf(row), write);
          found.push({ text, state: new SnapshotReader(row.subarray(headerBytes)), rewrite });
        }
        if (found.length > 0) give(found);
      }
    }
  }

  /** Gives up the keys outside that were due before `from` when they went. */
  forgetBefore(from: number): void {
    const end = this.#bucketOf(from);
    if (end - 1 <= this.#through) return;
    this.#isVisited = true;
    for (let bucket = this.#lists.first(this.#through); bucket !== undefined && bucket < end; bucket = this.#lists.first(bucket)) {
      this.#lists.close(bucket);
    }
    this.#through = end - 1;
  }

  /** See `Parting`. */
  part(give: (key: string, state: SnapshotReader) => void): void {
    partKeys(
      this.#keys,
      (key) => this.#state.holds(key),
      (key, writer) => this.#state.moveOut(key, writer),
      give,
    );
    this.#state.movedOut?.();
  }

  /** See `Parting`. */
  take(key: string, state: SnapshotReader): void {
    this.#state.moveIn(this.#keys.idOf(key), state);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.string(this.#terms);
    for (const value of [this.#size, this.#turns, this.#through, this.#watermark]) writer.f64(value);
    this.#lists.snapshot(writer);
  }

  /** To be called last: snapshots of before keys could leave memory have nothing of it. */
  restore(reader: SnapshotReader): void {
    if (reader.remaining === 0) return;
    const isAsBefore = reader.string() === this.#terms;
    this.#size = reader.f64();
    this.#turns = reader.f64();
    this.#through = reader.f64();
    this.#watermark = reader.f64();
    this.#lists.restore(reader);
    if (!isAsBefore) this.#listAnew();
  }

  /** Puts all keys that are in lists where they belong now that other things say when they are due. */
  #listAnew(): void {
    if (this.#rows === null) return;
    while (this.#tidyOne(this.#rows));
    this.#through = Number.NEGATIVE_INFINITY;
    for (let bucket = this.#lists.first(this.#through); bucket !== undefined; bucket = this.#lists.first(bucket)) this.#lists.close(bucket);
    const back = ({ text, turn }: ColdEntry): void => {
      this.#bringBack(text, turn, true);
    };
    while (this.#lists.tidy(back)) this.#moveSome(this.#rows);
  }

  #fetch(key: number): void {
    const text = this.#keys.text(key);
    const row = this.#rows?.get(text) ?? null;
    if (row === null) return;
    const isOver = this.#bucketOf(dueOf(row)) <= this.#through;
    if (isOver && !this.#isVisited) return;
    this.#rows?.remove(text);
    if (isOver) this.#size--;
    else this.#moveIn(key, row);
  }

  /** Where much comes back at a time, rows stay until their list is tidied up. */
  #bringBack(text: string, turn: number, removes: boolean): void {
    const row = this.#rows?.get(text) ?? null;
    if (row === null || turnOf(row) !== turn) return;
    if (removes) this.#rows?.remove(text);
    const key = this.#keys.idOf(text);
    if (this.#state.holds(key)) return;
    this.#moveIn(key, row);
    if (!this.#state.holds(key)) this.#state.release?.(key);
  }

  #moveIn(key: number, row: Uint8Array): void {
    this.#size--;
    this.#state.moveIn(key, new SnapshotReader(row.subarray(headerBytes)));
  }

  #moveSome(rows: SpilledRows): void {
    const { capacity } = this.#keys;
    this.#rest = 0;
    this.#recent = grownUint8(this.#recent, capacity);
    const kept = Math.floor(this.#hotKeys * keptShare);
    // Once round to see who has come since the hand last passed, and once more to move those out.
    for (let steps = 2 * capacity + 1; this.#state.size > kept; this.#hand++, steps--) {
      if (steps === 0) {
        this.#rest = batchesOfRest;
        break;
      }
      if (this.#hand >= capacity) this.#hand = 0;
      const key = this.#hand;
      if (!this.#state.holds(key)) continue;
      if (this.#recent[key] === 1) this.#recent[key] = 0;
      else this.#moveOut(key, rows);
    }
    this.#state.movedOut?.();
  }

  #moveOut(key: number, rows: SpilledRows): void {
    const dueMs = this.#state.dueMs(key);
    const bucket = dueMs === null ? Number.NaN : this.#bucketOf(dueMs);
    if (bucket <= this.#through) return;
    const text = this.#keys.text(key);
    const writer = this.#writer;
    writer.reset();
    writer.f64(++this.#turns);
    writer.f64(dueMs ?? Number.NaN);
    this.#state.moveOut(key, writer);
    rows.put(text, this.#copied(writer));
    if (dueMs !== null) this.#lists.add(bucket, { text, turn: this.#turns });
    this.#size++;
  }

  #rewrite(text: string, turn: number, due: number, write: (writer: SnapshotWriter) => void): void {
    const writer = this.#writer;
    writer.reset();
    writer.f64(turn);
    writer.f64(due);
    write(writer);
    this.#rows?.put(text, this.#copied(writer));
  }

  /** What was written, in a part of a larger piece of memory: pieces of their own would be many. */
  #copied(writer: SnapshotWriter): Uint8Array {
    if (this.#arenaUsed + writer.length > this.#arena.length) {
      this.#arena = new Uint8Array(Math.max(arenaBytes, writer.length));
      this.#arenaUsed = 0;
    }
    const at = this.#arenaUsed;
    writer.copyTo(this.#arena, at);
    this.#arenaUsed += writer.length;
    return this.#arena.subarray(at, this.#arenaUsed);
  }

  #tidy(rows: SpilledRows): void {
    for (let lists = 0; lists < listsPerBatch && rows.pendingBytes < mostPendingBytes; lists++) if (!this.#tidyOne(rows)) return;
  }

  #tidyOne(rows: SpilledRows): boolean {
    return this.#lists.tidy(({ text, turn }) => {
      const row = rows.get(text);
      if (row === null || turnOf(row) !== turn) return;
      rows.remove(text);
      if (this.#isVisited) this.#size--;
    });
  }

  #bucketOf(timeMs: number): number {
    return Math.floor(timeMs / this.#widthMs);
  }
}

function turnOf(row: Uint8Array): number {
  return new DataView(row.buffer, row.byteOffset).getFloat64(0, true);
}

/** NaN: never. */
function dueOf(row: Uint8Array): number {
  return new DataView(row.buffer, row.byteOffset).getFloat64(8, true);
}
