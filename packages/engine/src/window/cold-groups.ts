import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { RowKind } from "../column/batch.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { ColdKey, ColdKeys } from "../state/cold-keys.ts";
import { grownInt32 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { TimeWindow } from "./window-assigner.ts";
import type { WindowEmitter } from "./window-emitter.ts";
import type { WindowGroups } from "./window-groups.ts";

/** Says the windows of keys that are outside of memory, and leaves them there: at no time are more than some of them here. */
export class ColdGroups {
  readonly #cold: ColdKeys;
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #groups: WindowGroups;
  readonly #emitter: WindowEmitter;
  #ids: Int32Array = new Int32Array(512);
  /** Slots with the results of `#ids`. */
  #results: Int32Array = new Int32Array(512);
  #count = 0;
  readonly #into = new Int32Array(1);
  readonly #from = new Int32Array(1);

  constructor(cold: ColdKeys, keys: KeyTable, aggregates: AggregateSet, groups: WindowGroups, emitter: WindowEmitter) {
    this.#cold = cold;
    this.#keys = keys;
    this.#aggregates = aggregates;
    this.#groups = groups;
    this.#emitter = emitter;
  }

  /** Adds the rows of a window of the slices `first…end` (exclusive). */
  fire(window: TimeWindow, first: number, end: number, out: Collector): void {
    this.#cold.visit(first, (found) => {
      this.#count = 0;
      for (const key of found) this.#merge(key, first, end);
      const rows = { keys: this.#ids, subtractable: this.#results, mergeable: this.#results };
      for (let from = 0, to = 0; from < this.#count; from = to) {
        to = Math.min(this.#count, from + this.#emitter.free);
        this.#emitter.add(window, rows, from, to, RowKind.insert, out);
      }
      this.#aggregates.free(this.#results, this.#count);
      for (let i = 0; i < this.#count; i++) this.#keys.release(this.#ids[i]);
    });
  }

  /** Aggregates what a key has in the slices, when it has something there. */
  #merge({ text, state }: ColdKey, first: number, end: number): void {
    const { indexes, slots } = this.#groups.readGroups(state);
    const result = this.#aggregates.allocate();
    let merged = 0;
    indexes.forEach((index, i) => {
      if (index < first || index >= end) return;
      merged++;
      this.#into[0] = result;
      this.#from[0] = slots[i];
      this.#aggregates.merge("subtractable", this.#into, this.#from, 1);
      this.#aggregates.merge("mergeable", this.#into, this.#from, 1);
    });
    this.#aggregates.free(slots, slots.length);
    this.#from[0] = result;
    if (merged === 0) {
      this.#aggregates.free(this.#from, 1);
      return;
    }
    this.#ids = grownInt32(this.#ids, this.#count + 1);
    this.#results = grownInt32(this.#results, this.#count + 1);
    this.#ids[this.#count] = this.#keys.idOf(text);
    this.#results[this.#count++] = result;
  }
}
