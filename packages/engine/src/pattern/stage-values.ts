import { compareStrings } from "../expression/values/code-points.ts";
import type { KeptAggregate } from "./pattern-layout.ts";
import { nothingTaken, type TakenEvents } from "./taken-events.ts";

/** The value of a kept field of the event that is being tested, plain. */
export type CandidateValue = (field: number) => unknown;

/** An aggregate with its stage by index; -1 is all stages. */
interface Aggregate extends Omit<KeptAggregate, "stage"> {
  readonly stage: number;
}

/**
 * The aggregates of a layout over the events that a run has taken for a stage, or for all. First and last are those of
 * the first and the last event, even NULL, or of one so many events from there; the others pass NULL over. Of no events,
 * count is 0 and all others are NULL. What is found out is noted at what was taken, so that the next question, about one
 * event more, takes one step: how many events or values there are and, of `sum` and `avg`, their sum, of `first`, `last`, `min` and
 * `max` the event that has the value.
 */
export class StageValues {
  readonly #aggregates: readonly Aggregate[];
  readonly #taken: TakenEvents;
  readonly #path: number[] = [];

  /** `stages`: by index. */
  constructor(aggregates: readonly KeptAggregate[], stages: readonly string[], taken: TakenEvents) {
    this.#aggregates = aggregates.map((of) => ({ ...of, stage: of.stage === null ? -1 : stages.indexOf(of.stage) }));
    this.#taken = taken;
  }

  /** Of what a run has taken. */
  value(index: number, taken: number): unknown {
    const of = this.#aggregates[index];
    if (of.offset > 0) return this.#atOffset(of, taken, of.offset);
    if (of.fn === "last") return this.#last(of, index, taken);
    if (taken === nothingTaken) return of.fn === "count" ? 0 : null;
    const at = this.#known(index, taken);
    const count = this.#taken.foldCounts[at];
    if (of.fn === "count") return count;
    if (count === 0) return null;
    const value = this.#taken.foldValues[at];
    if (of.fn === "sum") return value;
    return of.fn === "avg" ? value / count : this.#taken.columns[of.field].value(value);
  }

  /** Of what a run has taken and, behind it, the event that is being tested for a stage. */
  valueWith(index: number, taken: number, stage: number, candidate: CandidateValue): unknown {
    const of = this.#aggregates[index];
    if (of.stage >= 0 && of.stage !== stage) return this.value(index, taken);
    if (of.offset > 0) return of.fn === "last" ? this.#atOffset(of, taken, of.offset - 1) : this.#firstWith(of, taken, candidate);
    if (of.field < 0) return Number(this.#countOf(index, taken)) + 1;
    const value = candidate(of.field) ?? null;
    if (of.fn === "last") return value;
    if (of.fn === "first") return this.#countOf(index, taken) === 0 ? value : this.value(index, taken);
    if (value === null) return this.value(index, taken);
    const count = this.#countOf(index, taken);
    if (of.fn === "count") return count + 1;
    if (of.fn === "min" || of.fn === "max") return count > 0 ? this.#extreme(of.fn, this.value(index, taken), value) : value;
    const sum = (count === 0 ? 0 : this.#taken.foldValues[this.#known(index, taken)]) + Number(value);
    return of.fn === "sum" ? sum : sum / (count + 1);
  }

  #countOf(index: number, taken: number): number {
    return taken === nothingTaken ? 0 : this.#taken.foldCounts[this.#known(index, taken)];
  }

  #last(of: Aggregate, index: number, taken: number): unknown {
    if (taken === nothingTaken) return null;
    const { stages, events, columns } = this.#taken;
    if (of.stage < 0 || stages[taken] === of.stage) return columns[of.field].value(events[taken]);
    const at = this.#known(index, taken);
    return this.#taken.foldCounts[at] === 0 ? null : columns[of.field].value(this.#taken.foldValues[at]);
  }

  /** Where it is noted what is known of an aggregate up to a taken; finds it out. */
  #known(index: number, newest: number): number {
    const { foldRows, foldCounts, foldValues, befores } = this.#taken;
    const width = this.#aggregates.length;
    const at = foldRows[newest] * width + index;
    if (foldCounts[at] >= 0) return at;
    const path = this.#path;
    let depth = 0;
    let taken = newest;
    for (; taken >= 0 && foldCounts[foldRows[taken] * width + index] < 0; taken = befores[taken]) path[depth++] = taken;
    let count = 0;
    let value = 0;
    if (taken >= 0) {
      count = foldCounts[foldRows[taken] * width + index];
      value = foldValues[foldRows[taken] * width + index];
    }
    const of = this.#aggregates[index];
    // Oldest first: sums of doubles depend on the order.
    for (let i = depth - 1; i >= 0; i--) {
      if (this.#counts(of, path[i])) {
        value = this.#extended(of, count, value, this.#taken.events[path[i]]);
        count++;
      }
      const row = foldRows[path[i]] * width + index;
      foldCounts[row] = count;
      foldValues[row] = value;
    }
    return at;
  }

  /** Whether an aggregate takes account of a taken. */
  #counts({ fn, stage, field }: Aggregate, taken: number): boolean {
    if (stage >= 0 && this.#taken.stages[taken] !== stage) return false;
    return field < 0 || fn === "first" || fn === "last" || !this.#taken.columns[field].isNull(this.#taken.events[taken]);
  }

  #extended({ fn, field }: Aggregate, count: number, value: number, event: number): number {
    const column = this.#taken.columns[field];
    switch (fn) {
      case "count":
        return 0;
      case "last":
        return event;
      case "first":
        return count === 0 ? event : value;
      case "min":
      case "max":
        return count > 0 && isLess(column.value(value), column.value(event)) === (fn === "min") ? value : event;
      default:
        return value + Number(column.value(event));
    }
  }

  #extreme(fn: "min" | "max", known: unknown, value: unknown): unknown {
    return isLess(known, value) === (fn === "min") ? known : value;
  }

  /** `FIRST(a.price, 2)` and `LAST(a.price, 2)`: so many events behind the first, or before the last. */
  #atOffset({ fn, stage, field }: Aggregate, newest: number, offset: number): unknown {
    const { stages, events, befores, columns } = this.#taken;
    const path = this.#path;
    let found = 0;
    for (let taken = newest; taken >= 0; taken = befores[taken]) {
      if (stage >= 0 && stages[taken] !== stage) continue;
      path[found++] = taken;
      if (fn === "last" && found > offset) return columns[field].value(events[taken]);
    }
    return fn === "first" && found > offset ? columns[field].value(events[path[found - 1 - offset]]) : null;
  }

  /** As `FIRST(a.price, 2)`; the event that is being tested is behind all others. */
  #firstWith(of: Aggregate, taken: number, candidate: CandidateValue): unknown {
    const { stages, befores } = this.#taken;
    let found = 0;
    for (let at = taken; at >= 0; at = befores[at]) if (of.stage < 0 || stages[at] === of.stage) found++;
    if (found === of.offset) return candidate(of.field) ?? null;
    return this.#atOffset(of, taken, of.offset);
  }
}

/** Values are of one type that is ordered: numbers or texts. */
function isLess(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" ? compareStrings(a, b) < 0 : Number(a) < Number(b);
}
