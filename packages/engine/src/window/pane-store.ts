import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { RowKind } from "../column/batch.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { Panes, Trigger } from "../plan/pane-operator.ts";
import { grownFloat64, grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Changelog } from "../types/stream-type.ts";
import type { PaneEmitter } from "./pane-emitter.ts";

/** How results are said. */
export interface PaneOutput {
  readonly output: Changelog;
  readonly panes: Panes;
  readonly trigger: Trigger | undefined;
}

/**
 * Groups of which results are said while they still grow. A group is the slot that aggregates it; by slot it is known
 * when its latest record was, how many have come since the last result, and, where results are taken back, what was said.
 *
 * A group that says a result with every record needs no copy of it: `change` writes the row that is taken back.
 */
export class PaneStore {
  readonly #aggregates: AggregateSet;
  readonly #emitter: PaneEmitter;
  readonly #output: Changelog;
  readonly #discarding: boolean;
  readonly #copies: boolean;
  /** Time of the latest record; NaN = none has one. */
  latest: Float64Array = new Float64Array(16);
  /** Records since the last result. */
  pending: Int32Array = new Int32Array(16);
  /** Records, less those taken back. */
  records: Float64Array = new Float64Array(16);
  #said: Uint8Array = new Uint8Array(16);
  /** Slot with what was said; 0 = no copy. */
  #copy: Int32Array = new Int32Array(16);
  readonly #into = new Int32Array(1);
  readonly #from = new Int32Array(1);

  constructor(aggregates: AggregateSet, emitter: PaneEmitter, { output, panes, trigger }: PaneOutput) {
    this.#aggregates = aggregates;
    this.#emitter = emitter;
    this.#output = output;
    this.#discarding = panes === "discarding";
    this.#copies = output === "retract" && !(trigger?.kind === "records" && trigger.every === 1);
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.latest.length * 29;
  }

  /** A new group. */
  open(): number {
    const slot = this.#aggregates.allocate();
    if (slot >= this.latest.length) this.#reserve(slot + 1);
    this.latest[slot] = Number.NaN;
    this.pending[slot] = 0;
    this.records[slot] = 0;
    this.#said[slot] = 0;
    this.#copy[slot] = 0;
    return slot;
  }

  remove(slot: number): void {
    this.#into[0] = slot;
    this.#aggregates.free(this.#into, 1);
    if (this.#copy[slot] === 0) return;
    this.#into[0] = this.#copy[slot];
    this.#aggregates.free(this.#into, 1);
  }

  /** To be called before a record of `timeMs` is added to a group (`by` 1) or taken out of it (-1). */
  change(slot: number, by: 1 | -1, timeMs: number, key: number, first: number, second: number, out: Collector): void {
    if (this.#output === "retract" && !this.#copies && this.#said[slot] === 1) {
      this.#emitter.before(key, slot, first, second, timeMs, out);
    }
    this.pending[slot]++;
    this.records[slot] += by;
    if (!(timeMs <= this.latest[slot])) this.latest[slot] = Number.isNaN(timeMs) ? this.latest[slot] : timeMs;
  }

  /** Says what a group holds now. */
  say(slot: number, timeMs: number, key: number, first: number, second: number, out: Collector): void {
    const emitter = this.#emitter;
    this.pending[slot] = 0;
    if (this.records[slot] === 0 && !this.#discarding) this.#sayGone(slot, timeMs, key, first, second, out);
    else if (this.#output === "append" || this.#said[slot] === 0) emitter.add(key, slot, first, second, timeMs, RowKind.insert, out);
    else if (this.#output === "update") emitter.add(key, slot, first, second, timeMs, RowKind.updateAfter, out);
    else {
      if (this.#copies) emitter.before(key, this.#copy[slot], first, second, timeMs, out);
      emitter.after(key, slot, first, second, timeMs, out);
    }
    if (this.records[slot] > 0) this.#said[slot] = 1;
    if (this.#discarding) this.#clear(slot);
    else if (this.#copies && this.records[slot] > 0) this.#keepCopy(slot);
  }

  /** Writes the groups `slots`, which are all that there are, in this order. */
  snapshot(writer: SnapshotWriter, slots: Int32Array): void {
    const said = slots.filter((slot) => this.#copy[slot] !== 0);
    writer.f64Array(Float64Array.from(slots, (slot) => this.latest[slot]));
    writer.f64Array(Float64Array.from(slots, (slot) => this.records[slot]));
    writer.i32Array(slots.map((slot) => this.pending[slot]));
    writer.u8Array(Uint8Array.from(slots, (slot) => this.#said[slot] | (this.#copy[slot] === 0 ? 0 : 2)));
    this.#aggregates.snapshot(writer, slots, slots.length);
    const copies = said.map((slot) => this.#copy[slot]);
    this.#aggregates.snapshot(writer, copies, copies.length);
  }

  /** Returns the groups, in the order in which they were written. */
  restore(reader: SnapshotReader): Int32Array {
    const latest = reader.f64Array();
    const records = reader.f64Array();
    const pending = reader.i32Array();
    const flags = reader.u8Array();
    const slots = Int32Array.from(latest, () => this.open());
    const copies: number[] = [];
    slots.forEach((slot, i) => {
      this.latest[slot] = latest[i];
      this.records[slot] = records[i];
      this.pending[slot] = pending[i];
      this.#said[slot] = flags[i] & 1;
      if ((flags[i] & 2) === 0) return;
      const copy = this.#aggregates.allocate();
      if (copy >= this.latest.length) this.#reserve(copy + 1);
      this.#copy[slot] = copy;
      copies.push(copy);
    });
    this.#aggregates.restore(reader, slots, slots.length);
    this.#aggregates.restore(reader, Int32Array.from(copies), copies.length);
    return slots;
  }

  /** Nothing is left in a group: what was said of it is taken back. */
  #sayGone(slot: number, timeMs: number, key: number, first: number, second: number, out: Collector): void {
    if (this.#said[slot] === 0) return;
    this.#said[slot] = 0;
    if (this.#output === "update") this.#emitter.add(key, slot, first, second, timeMs, RowKind.delete, out);
    if (this.#output !== "retract") return;
    if (this.#copies) this.#emitter.before(key, this.#copy[slot], first, second, timeMs, out);
    this.#emitter.gone(timeMs, out);
  }

  #keepCopy(slot: number): void {
    if (this.#copy[slot] === 0) this.#copy[slot] = this.#aggregates.allocate();
    else this.#clear(this.#copy[slot]);
    this.#into[0] = this.#copy[slot];
    this.#from[0] = slot;
    this.#aggregates.merge("subtractable", this.#into, this.#from, 1);
    this.#aggregates.merge("mergeable", this.#into, this.#from, 1);
  }

  #clear(slot: number): void {
    this.#into[0] = slot;
    this.#aggregates.clear("subtractable", this.#into, 1);
    this.#aggregates.clear("mergeable", this.#into, 1);
  }

  #reserve(slots: number): void {
    this.latest = grownFloat64(this.latest, slots);
    this.pending = grownInt32(this.pending, slots);
    this.records = grownFloat64(this.records, slots);
    this.#said = grownUint8(this.#said, slots);
    this.#copy = grownInt32(this.#copy, slots);
  }
}
