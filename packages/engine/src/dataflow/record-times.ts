import { type Batch, maxBatchRows } from "../column/batch.ts";
import { valueAt } from "../column/column.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Source } from "../plan/logical-operator.ts";
import type { Clock } from "../time/clock.ts";

/** Totals since the first start. */
export interface TimeCounts {
  readonly withoutTime: number;
  readonly aheadOfClock: number;
}

/**
 * What a source's records say about time: the event time of each, what it moves the watermark to, and whether it is refused
 * for its time. Stamp a batch, then ask about its rows.
 */
export class RecordTimes {
  readonly #source: Source<TypedExpression>;
  readonly #clock: Clock;
  readonly #timeColumn: number;
  readonly #punctuation: Kernel | null;
  readonly #punctuated = new Float64Array(maxBatchRows);
  #marks: Float64Array = this.#punctuated;
  #limitMs = Number.POSITIVE_INFINITY;
  #withoutTime: number;
  #aheadOfClock: number;

  constructor(source: Source<TypedExpression>, clock: Clock, counts: Partial<TimeCounts>) {
    this.#source = source;
    this.#clock = clock;
    this.#timeColumn = source.timeField === null ? -1 : source.fields.findIndex((field) => field.name === source.timeField);
    this.#punctuation = source.punctuation === undefined ? null : compileKernel(source.punctuation);
    this.#withoutTime = counts.withoutTime ?? 0;
    this.#aheadOfClock = counts.aheadOfClock ?? 0;
  }

  /** Whether watermarks come from the records. */
  get isEventTime(): boolean {
    return this.#source.watermark.kind === "bounded" || this.#source.watermark.kind === "punctuated";
  }

  /** By row of the batch stamped last: the time before which nothing follows, less the disorder; NaN = the record says nothing. */
  get marks(): Float64Array {
    return this.#marks;
  }

  /** Times beyond this, ms since the epoch, are too far ahead to move the watermark. */
  get limitMs(): number {
    return this.#limitMs;
  }

  get counts(): TimeCounts {
    return { withoutTime: this.#withoutTime, aheadOfClock: this.#aheadOfClock };
  }

  /** Fills `batch.time` from the time field or the clock. */
  stamp(batch: Batch): void {
    const { kind, future } = this.#source.watermark;
    if (kind === "processing") {
      batch.time.fill(this.#clock.now(), 0, batch.length);
      return;
    }
    if (kind === "none") return;
    if (future !== undefined) this.#limitMs = this.#clock.now() + future.aheadMs;
    this.#readTimes(batch);
    if (this.#punctuation === null) this.#marks = batch.time;
    else this.#punctuate(batch, this.#punctuation);
  }

  /** Whether a record with this time (NaN: none) is not an ordinary one, so that it has to be looked at and counted. */
  isOdd(timeMs: number): boolean {
    return Number.isNaN(timeMs) || timeMs > this.#limitMs;
  }

  /** Counts an odd record; says why it is refused, null when it goes on. */
  judge(timeMs: number): string | null {
    const { nullTime, future } = this.#source.watermark;
    if (Number.isNaN(timeMs)) {
      this.#withoutTime++;
      return nullTime === "keep" ? null : `the time field ${this.#source.timeField} is missing or NULL`;
    }
    this.#aheadOfClock++;
    if (future?.policy !== "dead-letter") return null;
    const latest = new Date(this.#limitMs).toISOString();
    return `the time field ${this.#source.timeField} is ${timeText(timeMs)}, more than the ${future.aheadMs} ms ahead of the clock that are allowed (until ${latest})`;
  }

  /** A record as text, for a dead letter; cut to 4 KB. */
  recordText(batch: Batch, row: number): string {
    const record: Record<string, unknown> = Object.create(null);
    this.#source.fields.forEach((field, i) => {
      const column = batch.columns[i];
      if (column !== null && column !== undefined) record[field.name] = valueAt(column, row);
    });
    return JSON.stringify(record).slice(0, 4096);
  }

  #readTimes(batch: Batch): void {
    if (this.#timeColumn < 0) return;
    const column = batch.columns[this.#timeColumn];
    if (column === null || column === undefined || column.kind !== "number") throw new Error("the time field is not a number column");
    batch.time.set(column.values.subarray(0, batch.length));
    if (column.valid !== null) for (let i = 0; i < batch.length; i++) if (column.valid[i] === 0) batch.time[i] = Number.NaN;
  }

  #punctuate(batch: Batch, kernel: Kernel): void {
    const result = kernel(batch);
    if (result.kind !== "boolean" && result.kind !== "number") throw new TypeError(`a watermark comes from no ${result.kind}`);
    const { values, valid } = result;
    const refusesNulls = this.#source.watermark.nullTime !== "keep";
    for (let row = 0; row < batch.length; row++) {
      const time = batch.time[row];
      const says = (valid === null || valid[row] !== 0) && !(refusesNulls && Number.isNaN(time));
      if (!says) this.#punctuated[row] = Number.NaN;
      else if (result.kind === "number") this.#punctuated[row] = values[row];
      else this.#punctuated[row] = values[row] === 1 ? time : Number.NaN;
    }
    this.#marks = this.#punctuated;
  }
}

/** ISO 8601, where the calendar reaches so far. */
function timeText(timeMs: number): string {
  return Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : `${timeMs} ms`;
}
