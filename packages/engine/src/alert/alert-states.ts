import { grownFloat64, grownUint8 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";

/** Keys without a state are kept until there are so many more of them than of the others, as they are likely to come again. */
const idleKeyLimit = 4096;

/** What is known of a key; a key without a state is idle. */
export const AlertStatus = { idle: 0, raised: 1, cleared: 2 } as const;

/**
 * The alert state of keys: idle, raised, or cleared but still suppressed. Idle keys take no part in snapshots
 * and are forgotten in bulk.
 */
export class AlertStates {
  readonly #keys: KeyTable;
  readonly #suppressMs: number;
  /** By key id. */
  #known: Uint8Array = new Uint8Array(16);
  #status: Uint8Array = new Uint8Array(16);
  #raisedAt: Float64Array = new Float64Array(16);
  #alertedAt: Float64Array = new Float64Array(16);
  /** Keys with a state, and those of them that are raised. */
  #kept = 0;
  #raised = 0;
  /** When the suppression of the first cleared key ends, at the earliest. */
  #nextExpiryMs = Number.POSITIVE_INFINITY;

  constructor(keys: KeyTable, suppressMs: number) {
    this.#keys = keys;
    this.#suppressMs = suppressMs;
  }

  /** Keys with a state. */
  get kept(): number {
    return this.#kept;
  }

  get raised(): number {
    return this.#raised;
  }

  get bytes(): number {
    return this.#keys.bytes + this.#known.byteLength * 18;
  }

  /** The status of a key that the table knows. */
  statusOf(key: number): number {
    if (key >= this.#known.length) this.#reserve(key + 1);
    this.#known[key] = 1;
    return this.#status[key];
  }

  /** When the alert was last raised; of a raised or cleared key. */
  raisedAt(key: number): number {
    return this.#raisedAt[key];
  }

  /** True when nothing but a clearing may be said of a key with a state: its last raise is too recent. */
  isSuppressed(key: number, atMs: number): boolean {
    return atMs - this.#raisedAt[key] < this.#suppressMs;
  }

  /** Whether a key has a state. */
  holds(key: number): boolean {
    return key < this.#status.length && this.#status[key] !== AlertStatus.idle;
  }

  /** The watermark by which the suppression of a cleared key is over; null: nothing is done about a raised key at any. */
  dueMs(key: number): number | null {
    return this.#status[key] === AlertStatus.cleared ? this.#raisedAt[key] + this.#suppressMs - 1 : null;
  }

  /** Writes the state of a key and forgets it. */
  moveOut(key: number, writer: SnapshotWriter): void {
    writer.u32(this.#status[key]);
    writer.f64(this.#raisedAt[key]);
    writer.f64(this.#alertedAt[key]);
    if (this.#status[key] === AlertStatus.raised) this.#raised--;
    this.#toIdle(key);
    this.#known[key] = 0;
    this.#keys.release(key);
  }

  /** Takes back what `moveOut` wrote. Returns whether the key is raised. */
  moveIn(key: number, reader: SnapshotReader): boolean {
    const status = reader.u32();
    this.#take(key, status, reader.f64(), reader.f64());
    return status === AlertStatus.raised;
  }

  /** When anything was last said of a raised key. */
  alertedAt(key: number): number {
    return this.#alertedAt[key];
  }

  raise(key: number, atMs: number): void {
    if (this.#status[key] === AlertStatus.idle) this.#kept++;
    this.#status[key] = AlertStatus.raised;
    this.#raised++;
    this.#raisedAt[key] = atMs;
    this.#alertedAt[key] = atMs;
  }

  repeat(key: number, atMs: number): void {
    this.#alertedAt[key] = atMs;
  }

  clear(key: number): void {
    this.#raised--;
    const expiryMs = this.#raisedAt[key] + this.#suppressMs;
    if (this.#suppressMs > 0 && !Number.isNaN(expiryMs)) {
      this.#status[key] = AlertStatus.cleared;
      this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiryMs);
    } else this.#toIdle(key);
  }

  /** Ends the suppressions that no record on time can meet any more. */
  expire(watermark: number): void {
    if (this.#nextExpiryMs > watermark + 1) return;
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (let key = 0; key < this.#keys.capacity; key++) {
      if (this.#status[key] !== AlertStatus.cleared) continue;
      const expiryMs = this.#raisedAt[key] + this.#suppressMs;
      if (expiryMs <= watermark + 1) this.#toIdle(key);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiryMs);
    }
  }

  /** Forgets idle keys when there are many; not between `assign` of a batch and the use of its ids. */
  forgetIdleKeys(when: "many" | "now"): void {
    if (when === "many" && this.#keys.size <= this.#kept * 2 + idleKeyLimit) return;
    for (let key = 0; key < this.#known.length; key++) {
      if (this.#known[key] === 0 || this.#status[key] !== AlertStatus.idle) continue;
      this.#known[key] = 0;
      this.#keys.release(key);
    }
  }

  snapshot(writer: SnapshotWriter): void {
    this.forgetIdleKeys("now");
    this.#keys.snapshot(writer);
    const kept = Int32Array.from(this.#keptKeys());
    writer.i32Array(kept);
    writer.u8Array(Uint8Array.from(kept, (key) => this.#status[key]));
    writer.f64Array(Float64Array.from(kept, (key) => this.#raisedAt[key]));
    writer.f64Array(Float64Array.from(kept, (key) => this.#alertedAt[key]));
  }

  restore(reader: SnapshotReader): void {
    this.#keys.restore(reader);
    const kept = reader.i32Array();
    const status = reader.u8Array();
    const raisedAt = reader.f64Array();
    const alertedAt = reader.f64Array();
    kept.forEach((key, i) => {
      this.#take(key, status[i], raisedAt[i], alertedAt[i]);
    });
  }

  #take(key: number, status: number, raisedAt: number, alertedAt: number): void {
    this.#reserve(key + 1);
    this.#known[key] = 1;
    this.#status[key] = status;
    this.#raisedAt[key] = raisedAt;
    this.#alertedAt[key] = alertedAt;
    this.#kept++;
    if (status === AlertStatus.raised) this.#raised++;
    else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, raisedAt + this.#suppressMs);
  }

  #toIdle(key: number): void {
    this.#status[key] = AlertStatus.idle;
    this.#kept--;
  }

  #keptKeys(): number[] {
    const kept: number[] = [];
    for (let key = 0; key < this.#status.length; key++) if (this.#status[key] !== AlertStatus.idle) kept.push(key);
    return kept;
  }

  #reserve(keys: number): void {
    this.#known = grownUint8(this.#known, keys);
    this.#status = grownUint8(this.#status, keys);
    this.#raisedAt = grownFloat64(this.#raisedAt, keys);
    this.#alertedAt = grownFloat64(this.#alertedAt, keys);
  }
}
