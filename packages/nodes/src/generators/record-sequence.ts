import { type DeadLetter, maxBatchRows } from "@millrace/engine";
import type { GeneratorOptions } from "./generator-options.ts";
import { LoadCurve } from "./load-curve.ts";
import { integerAt, type RandomStream, randomStream, uniformAt } from "./random.ts";

/** Duplicates repeat one of this many records before them. */
const duplicateReach = 64;

/** The records of one batch, before they have columns. Arrays are longer than `length` and are written again by the next batch. */
export interface RecordSet {
  length: number;
  /** Index of the original record; what the record holds depends on this alone. A duplicate has the index that it repeats. */
  readonly index: Float64Array;
  /** When the original came, ms since the start of the stream. */
  readonly arrivalMs: Float64Array;
  /** Event time, ms since the epoch. */
  readonly time: Float64Array;
}

/** A place in the sequence of what a generator emits; the next record is `next`. */
export interface SequencePosition {
  readonly startMs: number;
  readonly next: number;
}

/**
 * The order in which records come out, and what is wrong with it. The sequence counts everything that is
 * emitted; `n` emitted records hold `floor(n * duplicateShare)` duplicates, the others are originals
 * 0, 1, 2 … of the load curve. An original is
 *
 * - on time: its event time is its arrival minus at most the disorder, with small delays more likely,
 * - or late (`lateShare`): older than the disorder by half to all of `lateByMs`,
 * - or malformed (`malformedShare`): a dead letter.
 *
 * A duplicate repeats one of the 64 originals before it, provided that it is then still within the
 * disorder, else the newest one. So with a watermark of the same disorder exactly the late records, and
 * the duplicates of late ones, are late.
 */
export class RecordSequence {
  readonly records: RecordSet;
  readonly curve: LoadCurve;
  readonly #options: GeneratorOptions;
  readonly #jitter: RandomStream;
  readonly #delay: RandomStream;
  readonly #late: RandomStream;
  readonly #malformed: RandomStream;
  readonly #repeated: RandomStream;
  readonly #startMs: number;
  #next: number;

  constructor(options: GeneratorOptions, position: SequencePosition, lead: { readonly records: number; readonly ms: number }) {
    this.#options = options;
    this.curve = new LoadCurve({ ...options, leadRecords: lead.records, leadMs: lead.ms });
    this.#startMs = position.startMs;
    this.#next = position.next;
    this.#jitter = randomStream(options.seed, "jitter");
    this.#delay = randomStream(options.seed, "delay");
    this.#late = randomStream(options.seed, "late");
    this.#malformed = randomStream(options.seed, "malformed");
    this.#repeated = randomStream(options.seed, "repeated");
    this.records = {
      length: 0,
      index: new Float64Array(maxBatchRows),
      arrivalMs: new Float64Array(maxBatchRows),
      time: new Float64Array(maxBatchRows),
    };
  }

  get position(): SequencePosition {
    return { startMs: this.#startMs, next: this.#next };
  }

  /** When the next record is due, ms since the start of the stream; infinity at the end. */
  get nextDueMs(): number {
    return this.ended ? Number.POSITIVE_INFINITY : this.#arrivalMs(this.#newest(this.#next));
  }

  get ended(): boolean {
    return this.#options.count !== null && this.#next >= this.#options.count;
  }

  /**
   * Fills `records` with what is due by `dueMs` (since the start of the stream) and returns the dead letters.
   * A batch ends before a malformed record that follows a good one, so that dead letters always come first.
   */
  advance(dueMs: number): readonly DeadLetter[] {
    const { records } = this;
    const end = this.#options.count ?? Number.POSITIVE_INFINITY;
    const letters: DeadLetter[] = [];
    let row = 0;
    let next = this.#next;
    for (; row < maxBatchRows && letters.length < maxBatchRows && next < end; next++) {
      const newest = this.#newest(next);
      const dueAt = this.#arrivalMs(newest);
      if (dueAt > dueMs) break;
      const index = this.#isDuplicate(next) ? this.#original(next, newest, dueAt) : newest;
      const arrivalMs = index === newest ? dueAt : this.#arrivalMs(index);
      const time = this.#startMs + Math.floor(arrivalMs) - this.#delayMs(index);
      if (this.#options.malformedShare > 0 && uniformAt(this.#malformed, index) < this.#options.malformedShare) {
        if (row > 0) break;
        letters.push(malformed(next, time));
        continue;
      }
      records.index[row] = index;
      records.arrivalMs[row] = arrivalMs;
      records.time[row] = time;
      row++;
    }
    this.#next = next;
    records.length = row;
    return letters;
  }

  #isDuplicate(at: number): boolean {
    const share = this.#options.duplicateShare;
    return Math.floor((at + 1) * share) > Math.floor(at * share);
  }

  /** The newest original by emitted record `at`: itself, or the one before a duplicate. */
  #newest(at: number): number {
    return at - Math.floor((at + 1) * this.#options.duplicateShare);
  }

  /** Which original the duplicate `at` repeats. */
  #original(at: number, newest: number, newestArrivalMs: number): number {
    const candidate = newest - integerAt(this.#repeated, at, Math.min(duplicateReach, newest + 1));
    if (this.#isLate(candidate)) return candidate;
    const ageMs = Math.floor(newestArrivalMs) - Math.floor(this.#arrivalMs(candidate)) + this.#delayMs(candidate);
    return ageMs <= this.#options.disorderMs ? candidate : newest;
  }

  #arrivalMs(index: number): number {
    return this.curve.arrivalMs(index + uniformAt(this.#jitter, index));
  }

  #isLate(index: number): boolean {
    return this.#options.lateShare > 0 && uniformAt(this.#late, index) < this.#options.lateShare;
  }

  /** How much older than its arrival the record's event time is, whole ms. */
  #delayMs(index: number): number {
    const { disorderMs, lateByMs } = this.#options;
    if (this.#isLate(index)) return disorderMs + Math.ceil((lateByMs / 2) * (1 + uniformAt(this.#delay, index)));
    if (disorderMs === 0) return 0;
    const u = uniformAt(this.#delay, index);
    return Math.floor((disorderMs + 1) * u * u);
  }
}

/** A record that was cut off in the middle. */
function malformed(at: number, time: number): DeadLetter {
  return { position: `record ${at + 1}`, reason: "the JSON ends in the middle of the record", raw: `{"timestamp":${time},"` };
}
