import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { maxBatchRows } from "../column/batch.ts";
import { grownFloat64, grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { usedRows } from "../state/used-rows.ts";

/**
 * The live sessions by column: a session is the slot that aggregates it, and each key has a list of its sessions, the
 * latest first. Sessions of one key are disjoint. 0 stands for "none".
 *
 * The arrays are replaced when they grow: do not keep them over an `open`.
 */
export class SessionStore {
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  /** By session: times of the first and the last record, ms. */
  first: Float64Array = new Float64Array(16);
  last: Float64Array = new Float64Array(16);
  /** By session: key id. */
  key: Int32Array = new Int32Array(16);
  /** By session: 1 when a row says what it is now. */
  fired: Uint8Array = new Uint8Array(16);
  /** By session: rank by opening; a merged session has that of its earlier part. */
  rank: Float64Array = new Float64Array(16);
  /** By session: 1 when it lives. */
  #live: Uint8Array = new Uint8Array(16);
  /** By session: the next earlier and the next later session of its key. */
  #earlier: Int32Array = new Int32Array(16);
  #later: Int32Array = new Int32Array(16);
  /** By key: its latest session. */
  #latest: Int32Array = new Int32Array(16);
  readonly #one = new Int32Array(1);
  opened = 0;
  #size = 0;
  /** Of no meaning: what is read has to go somewhere, or it is not read. */
  readonly #met = new Float64Array(maxBatchRows);

  constructor(keys: KeyTable, aggregates: AggregateSet) {
    this.#keys = keys;
    this.#aggregates = aggregates;
  }

  /** Live sessions. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes of all state. */
  get bytes(): number {
    return this.#keys.bytes + this.#aggregates.bytes + this.first.length * 38 + this.#latest.byteLength;
  }

  /** The latest session of a key that begins at or before a time. */
  atOrBefore(key: number, timeMs: number): number {
    let session = this.latest(key);
    while (session !== 0 && this.first[session] > timeMs) session = this.#earlier[session];
    return session;
  }

  latest(key: number): number {
    return key < this.#latest.length ? this.#latest[key] : 0;
  }

  /** The session after `earlier` of a key; its first when that is 0. */
  after(key: number, earlier: number): number {
    if (earlier !== 0) return this.#later[earlier];
    let session = this.latest(key);
    while (session !== 0 && this.#earlier[session] !== 0) session = this.#earlier[session];
    return session;
  }

  /** A new, empty session of one moment, after the session `earlier` of its key (0: before all). */
  open(key: number, timeMs: number, earlier: number): number {
    const session = this.#allocate(key, this.after(key, earlier), earlier);
    this.first[session] = timeMs;
    this.last[session] = timeMs;
    this.fired[session] = 0;
    this.rank[session] = this.opened++;
    this.touch(session);
    return session;
  }

  /** Notes that a session has changed other than by records that are added to its aggregates. */
  touch(session: number): void {
    this.#one[0] = session;
    this.#aggregates.mark(this.#one, 1);
  }

  /** Puts the next session of the same key into the one before it. */
  absorb(session: number, next: number): void {
    const into = Int32Array.of(session);
    const from = Int32Array.of(next);
    this.#aggregates.merge("subtractable", into, from, 1);
    this.#aggregates.merge("mergeable", into, from, 1);
    this.last[session] = this.last[next];
    this.touch(session);
    this.remove(next);
  }

  /**
   * Whether a record at `timeMs` belongs to the latest session of its key, and touches nothing but its end: it is no
   * longer than `gapMs` behind its last record, and the session shorter than `mostMs`.
   */
  continues(session: number, timeMs: number, gapMs: number, mostMs: number): boolean {
    const first = this.first[session];
    const last = this.last[session];
    return session !== 0 && first <= timeMs && (timeMs <= last || (timeMs - last <= gapMs && timeMs - first < mostMs));
  }

  /**
   * Reads the latest session of each key, which brings them into the cache: reads that do not wait for each other cost a
   * fraction of those between which much is done.
   */
  meet(keys: Int32Array, count: number): void {
    const [latest, first, last, fired] = [this.#latest, this.first, this.last, this.fired];
    for (let i = 0; i < count; i++) {
      const session = keys[i] < latest.length ? latest[keys[i]] : 0;
      this.#met[i] = first[session] + last[session] + fired[session];
    }
  }

  /** Forgets sessions, and keys with their last session. */
  removeAll(sessions: Int32Array): void {
    for (const session of sessions) this.#unlink(session);
    this.#aggregates.mark(sessions, sessions.length);
    this.#aggregates.free(sessions, sessions.length);
  }

  /** Forgets a session, and its key with its last session. */
  remove(session: number): void {
    this.#one[0] = session;
    this.removeAll(this.#one);
  }

  #unlink(session: number): void {
    const earlier = this.#earlier[session];
    const later = this.#later[session];
    const key = this.key[session];
    if (earlier !== 0) this.#later[earlier] = later;
    if (later !== 0) this.#earlier[later] = earlier;
    else this.#latest[key] = earlier;
    this.#live[session] = 0;
    this.#size--;
    if (this.#latest[key] === 0) this.#keys.release(key);
  }

  /** Writes the sessions of a key, the earliest first, and forgets them with their key. */
  moveOut(key: number, writer: SnapshotWriter): void {
    const sessions = this.ofKey(key);
    writer.u32(sessions.length);
    for (const session of sessions) {
      writer.f64(this.first[session]);
      writer.f64(this.last[session]);
      writer.f64(this.rank[session]);
      writer.boolean(this.fired[session] === 1);
    }
    this.#aggregates.snapshot(writer, sessions, sessions.length);
    for (const session of sessions) this.remove(session);
  }

  /** Takes the sessions of a key back, of which it has none; returns them. */
  moveIn(key: number, reader: SnapshotReader): Int32Array {
    const sessions = new Int32Array(reader.u32());
    for (let i = 0; i < sessions.length; i++) {
      const session = this.#allocate(key, 0, this.latest(key));
      this.first[session] = reader.f64();
      this.last[session] = reader.f64();
      this.rank[session] = reader.f64();
      this.fired[session] = reader.boolean() ? 1 : 0;
      sessions[i] = session;
    }
    this.#aggregates.restore(reader, sessions, sessions.length);
    return sessions;
  }

  /** The sessions of a key, the earliest first. */
  ofKey(key: number): Int32Array {
    let count = 0;
    for (let session = this.latest(key); session !== 0; session = this.#earlier[session]) count++;
    const sessions = new Int32Array(count);
    for (let session = this.latest(key); session !== 0; session = this.#earlier[session]) sessions[--count] = session;
    return sessions;
  }

  snapshot(writer: SnapshotWriter): void {
    this.#keys.snapshot(writer);
    writer.f64(this.opened);
    this.#aggregates.save(writer, "sessions", [this.#live, this.fired, this.key, this.first, this.last, this.rank]);
  }

  /** Returns the sessions, as `all` gives them. */
  restore(reader: SnapshotReader): Int32Array {
    this.#keys.restore(reader);
    this.opened = reader.f64();
    if (reader.hasTable("sessions")) this.#restoreTable(reader);
    else this.#restoreLists(reader);
    return this.all();
  }

  #restoreTable(reader: SnapshotReader): void {
    let sessions: Int32Array = new Int32Array(0);
    this.#aggregates.load(reader, "sessions", (table) => {
      this.#live = table.u8(0);
      this.fired = table.u8(1);
      this.key = table.i32(2);
      this.first = table.f64(3);
      this.last = table.f64(4);
      this.rank = table.f64(5);
      sessions = usedRows(this.#live, table.rows);
      return sessions;
    });
    this.#earlier = new Int32Array(this.first.length);
    this.#later = new Int32Array(this.first.length);
    for (const session of sessions) {
      const key = this.key[session];
      const earlier = this.atOrBefore(key, this.first[session]);
      this.#link(session, key, this.after(key, earlier), earlier);
    }
  }

  /** As snapshots were before they had tables. */
  #restoreLists(reader: SnapshotReader): void {
    const keys = reader.i32Array();
    const firsts = reader.f64Array();
    const lasts = reader.f64Array();
    const ranks = reader.f64Array();
    const fired = reader.u8Array();
    const sessions = new Int32Array(keys.length);
    keys.forEach((key, i) => {
      const session = this.#allocate(key, 0, this.latest(key));
      sessions[i] = session;
      this.first[session] = firsts[i];
      this.last[session] = lasts[i];
      this.rank[session] = ranks[i];
      this.fired[session] = fired[i];
    });
    this.#aggregates.restore(reader, sessions, sessions.length);
  }

  /** All sessions, those of one key together and the earliest first. */
  all(): Int32Array {
    const sessions = new Int32Array(this.#size);
    let at = this.#size;
    for (let key = this.#latest.length - 1; key >= 0; key--) {
      for (let session = this.#latest[key]; session !== 0; session = this.#earlier[session]) sessions[--at] = session;
    }
    return sessions;
  }

  #allocate(key: number, later: number, earlier: number): number {
    const session = this.#aggregates.allocate();
    this.#reserve(session + 1);
    this.key[session] = key;
    this.#live[session] = 1;
    this.#link(session, key, later, earlier);
    return session;
  }

  /** Puts a session between two neighbours of its key. */
  #link(session: number, key: number, later: number, earlier: number): void {
    this.#latest = grownInt32(this.#latest, key + 1);
    this.#earlier[session] = earlier;
    this.#later[session] = later;
    if (earlier !== 0) this.#later[earlier] = session;
    if (later !== 0) this.#earlier[later] = session;
    else this.#latest[key] = session;
    this.#size++;
  }

  #reserve(sessions: number): void {
    if (sessions <= this.first.length) return;
    this.first = grownFloat64(this.first, sessions);
    this.last = grownFloat64(this.last, sessions);
    this.rank = grownFloat64(this.rank, sessions);
    this.key = grownInt32(this.key, sessions);
    this.fired = grownUint8(this.fired, sessions);
    this.#live = grownUint8(this.#live, sessions);
    this.#earlier = grownInt32(this.#earlier, sessions);
    this.#later = grownInt32(this.#later, sessions);
  }
}
