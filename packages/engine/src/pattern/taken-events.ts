import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import type { Field } from "../types/field-type.ts";
import { TakenColumn } from "./taken-column.ts";

/** What has been taken by a run that has taken nothing. */
export const nothingTaken = -1;

/** Arrays have room for so many from the first on. */
const leastRoom = 16;

/** What of the aggregates over taken events says where to keep what is known of them. */
export interface AggregatedStages {
  readonly count: number;
  /** By stage: whether an aggregate is over it. */
  readonly of: readonly boolean[];
}

/**
 * What runs have taken, in columns. An event that runs have taken is a number, and so is a *taken*: an event as it was taken for a
 * stage, behind what had been taken before it. Runs that begin alike share their beginnings (the shared versioned match
 * buffer of Agrawal et al., "Efficient Pattern Matching over Event Streams", SIGMOD 2008). Both are counted by who refers to
 * them, and their numbers are given again when nobody does.
 */
export class TakenEvents {
  /** By kept field. */
  readonly columns: readonly TakenColumn[];
  readonly #keep: (event: number) => void;
  readonly #aggregated: AggregatedStages;
  /** By event. */
  sequences: Float64Array = new Float64Array(0);
  times: Float64Array = new Float64Array(0);
  #eventUses: Int32Array = new Int32Array(0);
  #freeEvent = -1;
  #events = 0;
  /** By taken: index of its stage, its event, what was taken before it, and the first event of all. */
  stages: Int32Array = new Int32Array(0);
  events: Int32Array = new Int32Array(0);
  befores: Int32Array = new Int32Array(0);
  firsts: Int32Array = new Int32Array(0);
  #uses: Int32Array = new Int32Array(0);
  #freeTaken = -1;
  #takens = 0;
  /**
   * By taken: the taken at which is noted what is known of aggregates up to there; one that no aggregate is over shares that of
   * the one before it. By that * aggregates + aggregate: the count, -1 while nothing is known, and a value; see `stage-values.ts`.
   */
  foldRows: Int32Array = new Int32Array(0);
  foldCounts: Int32Array = new Int32Array(0);
  foldValues: Float64Array = new Float64Array(0);
  /** The event that may be taken, and what it became when it was; -1 before. */
  #candidate = -1;
  #sequence = 0;
  #time = 0;

  /** `keep`: puts the values of the event that may be taken into the columns. */
  constructor(kept: readonly Field[], aggregated: AggregatedStages, keep: (event: number) => void) {
    this.columns = kept.map(({ type }) => new TakenColumn(type));
    this.#aggregated = aggregated;
    this.#keep = keep;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    const own = this.sequences.length * 20 + this.stages.length * 24 + this.foldCounts.length * 12;
    return this.columns.reduce((sum, column) => sum + column.bytes, own);
  }

  /** All events, and all takens, are below these. */
  get eventCapacity(): number {
    return this.sequences.length;
  }

  get takenCapacity(): number {
    return this.stages.length;
  }

  /** Names the event that may be taken. */
  offer(sequence: number, time: number): void {
    this.#candidate = -1;
    this.#sequence = sequence;
    this.#time = time;
  }

  /** Takes the event that was offered for a stage, behind what was taken before. Nobody refers to it yet. */
  take(stage: number, before: number): number {
    if (this.#candidate < 0) {
      this.#candidate = this.addEvent(this.#sequence, this.#time);
      this.#keep(this.#candidate);
    }
    return this.add(stage, this.#candidate, before);
  }

  /** A new event to which nobody refers yet, and whose values are still to be set. */
  addEvent(sequence: number, time: number): number {
    let event = this.#freeEvent;
    if (event >= 0) this.#freeEvent = this.#eventUses[event];
    else {
      event = this.#events++;
      if (event === this.sequences.length) this.#reserveEvents(event + 1);
    }
    this.sequences[event] = sequence;
    this.times[event] = time;
    this.#eventUses[event] = 0;
    return event;
  }

  /** A new taken to which nobody refers yet. */
  add(stage: number, event: number, before: number): number {
    let taken = this.#freeTaken;
    if (taken >= 0) this.#freeTaken = this.befores[taken];
    else {
      taken = this.#takens++;
      if (taken === this.stages.length) this.#reserveTakens(taken + 1);
    }
    this.stages[taken] = stage;
    this.events[taken] = event;
    this.#eventUses[event]++;
    this.befores[taken] = before;
    this.#uses[taken] = 0;
    if (before < 0) this.firsts[taken] = event;
    else {
      this.firsts[taken] = this.firsts[before];
      this.#uses[before]++;
    }
    this.#beginFold(taken, stage, before);
    return taken;
  }

  retain(taken: number): void {
    this.#uses[taken]++;
  }

  /** Ends a reference; what nobody refers to any more is forgotten. */
  release(taken: number): void {
    if (--this.#uses[taken] === 0) this.#forget(taken);
  }

  /** Number of the first event of all. */
  numberOfFirst(taken: number): number {
    return this.sequences[this.firsts[taken]];
  }

  /** Number of the last event that has been taken. */
  numberOfLast(taken: number): number {
    return this.sequences[this.events[taken]];
  }

  #forget(from: number): void {
    const [uses, befores] = [this.#uses, this.befores];
    for (let taken = from; ; ) {
      const event = this.events[taken];
      if (--this.#eventUses[event] === 0) this.#forgetEvent(event);
      const before = befores[taken];
      befores[taken] = this.#freeTaken;
      this.#freeTaken = taken;
      if (before < 0 || --uses[before] > 0) return;
      taken = before;
    }
  }

  #forgetEvent(event: number): void {
    for (const column of this.columns) column.clear(event);
    this.#eventUses[event] = this.#freeEvent;
    this.#freeEvent = event;
    if (this.#candidate === event) this.#candidate = -1;
  }

  #beginFold(taken: number, stage: number, before: number): void {
    const { count, of } = this.#aggregated;
    if (count === 0) return;
    if (before >= 0 && !of[stage]) {
      this.foldRows[taken] = this.foldRows[before];
      return;
    }
    this.foldRows[taken] = taken;
    for (let at = taken * count; at < taken * count + count; at++) this.foldCounts[at] = -1;
  }

  #reserveEvents(needed: number): void {
    this.sequences = grownFloat64(this.sequences, Math.max(needed, leastRoom));
    const { length } = this.sequences;
    this.times = grownFloat64(this.times, length);
    this.#eventUses = grownInt32(this.#eventUses, length);
    for (const column of this.columns) column.reserve(length);
  }

  #reserveTakens(needed: number): void {
    this.stages = grownInt32(this.stages, Math.max(needed, leastRoom));
    const { length } = this.stages;
    this.events = grownInt32(this.events, length);
    this.befores = grownInt32(this.befores, length);
    this.firsts = grownInt32(this.firsts, length);
    this.#uses = grownInt32(this.#uses, length);
    const { count } = this.#aggregated;
    if (count === 0) return;
    this.foldRows = grownInt32(this.foldRows, length);
    this.foldCounts = grownInt32(this.foldCounts, length * count);
    this.foldValues = grownFloat64(this.foldValues, length * count);
  }
}
