import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import type { LookBackChains } from "./look-back-chains.ts";
import { type LookBackKeys, totalOf } from "./look-back-keys.ts";
import { type LookBackRecords, roles } from "./look-back-records.ts";

/**
 * Aggregates that cannot be subtracted, as two stacks for each key (Tangwongsan et al., "General incremental sliding-window
 * aggregation", 2015): the slot of a record of the front aggregates the records from it to the end of the front; the
 * records behind the front are merged in the slot of their key.
 */
export class LookBackStacks {
  readonly #aggregates: AggregateSet;
  readonly #ofKeys: LookBackKeys;
  readonly #records: LookBackRecords;
  readonly #chains: LookBackChains;
  readonly #into = new Int32Array(1);
  readonly #from = new Int32Array(1);
  readonly #result = new Int32Array(1);

  constructor(aggregates: AggregateSet, ofKeys: LookBackKeys, records: LookBackRecords, chains: LookBackChains) {
    this.#aggregates = aggregates;
    this.#ofKeys = ofKeys;
    this.#records = records;
    this.#chains = chains;
    this.#result[0] = aggregates.allocate();
  }

  /** To be called when the aggregates have been restored, which forgets all other slots. */
  restored(): void {
    this.#result[0] = this.#aggregates.allocate();
  }

  /** Adds the last record of a key. One of the front only when it is restored: it holds what is behind it already. */
  add(key: number, slot: number): void {
    if (this.#records.roles[slot] === roles.front) this.#chains.setFront(key, this.#chains.front(key) + 1);
    else this.#merge(this.#totalOf(key), slot);
  }

  /** Takes the first record of a key, which is still in its chain, from the front. */
  takeFirst(key: number): void {
    if (this.#chains.front(key) === 0) this.#turnOver(key);
    this.#chains.setFront(key, this.#chains.front(key) - 1);
  }

  /** What the records of a key come to, in a slot that holds it until the next call. */
  resultOf(key: number): Int32Array {
    this.#aggregates.clear("mergeable", this.#result, 1);
    if (this.#chains.front(key) > 0) this.#merge(this.#result[0], this.#chains.first(key));
    this.#merge(this.#result[0], this.#totalOf(key));
    return this.#result;
  }

  /** Makes all records of a key its front. */
  #turnOver(key: number): void {
    let count = 0;
    let behind = 0;
    for (let slot = this.#chains.last(key); slot !== 0; slot = this.#chains.previous(slot)) {
      if (behind !== 0) this.#merge(slot, behind);
      this.#records.roles[slot] = roles.front;
      this.#from[0] = slot;
      this.#aggregates.mark(this.#from, 1);
      behind = slot;
      count++;
      if (slot === this.#chains.first(key)) break;
    }
    this.#chains.setFront(key, count);
    this.#into[0] = this.#totalOf(key);
    this.#aggregates.clear("mergeable", this.#into, 1);
  }

  #totalOf(key: number): number {
    return this.#ofKeys.of(key, totalOf);
  }

  #merge(into: number, from: number): void {
    this.#into[0] = into;
    this.#from[0] = from;
    this.#aggregates.merge("mergeable", this.#into, this.#from, 1);
  }
}
