import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { DecodedRecords, RecordDecoder } from "../column/record-decoder.ts";
import type { DeadLetter, SourceChunk, SourceReader } from "../connector/source-port.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Source } from "../plan/logical-operator.ts";
import type { Clock } from "../time/clock.ts";
import { SplitWatermarks } from "../time/split-watermarks.ts";
import { type Alignment, noWatermark } from "../time/watermark.ts";
import type { JsonValue } from "../types/json-value.ts";
import { deadLetterBatch } from "./dead-letter-batch.ts";
import type { DrivenSource, SourceProgress, SourceState } from "./driven-source.ts";
import { dropRows, liveRows, physicalRow } from "./live-rows.ts";
import type { OperatorHost } from "./operator-host.ts";
import { RecordTimes } from "./record-times.ts";
import { runFailure } from "./run-failure.ts";
import { timeRange } from "./time-range.ts";

/** How a source task tells of records that cannot be used. */
export type DeadLetterListener = (letters: readonly DeadLetter[]) => void;

interface Pending {
  readonly batch: Batch;
  readonly split: string;
  readonly deadLetters: readonly DeadLetter[];
  /** Records that this covers, good and bad. */
  readonly records: number;
}

/**
 * Drives one source: decodes chunks, stamps event time, paces replays, makes watermarks, and knows at any
 * moment between two calls from where a restart has to read.
 *
 * Late records are judged by the watermark that each record's predecessors made, whatever the batch size:
 * a batch is cut before a record that is late by them, and the watermark goes first.
 */
export class SourceTask implements DrivenSource {
  readonly host: OperatorHost;
  readonly #source: Source<TypedExpression>;
  readonly #reader: SourceReader;
  readonly #decoder: RecordDecoder | null;
  readonly #clock: Clock;
  readonly #onDeadLetters: DeadLetterListener;
  readonly #watermarks: SplitWatermarks;
  readonly #times: RecordTimes;
  readonly #rows = new Int32Array(maxBatchRows);
  /** A paced source may stop for a checkpoint inside a batch, so there a batch is one record: what is done is then exact. */
  readonly #decodeRows: number;
  #position: JsonValue | null;
  #decoderStateBefore: JsonValue;
  #done = 0;
  #skip: number;
  #chunk: SourceChunk | null = null;
  #pending: Pending | null = null;
  #row = 0;
  #ended: boolean;
  #paceAnchor: { readonly eventMs: number; readonly atMs: number } | null = null;
  /** What downstream has been told since the start of this run; what it remembers of the run before may be either. */
  #told: "idle" | "active" | null = null;
  /** Splits that are too far ahead of the least of the group. */
  #paused: ReadonlySet<string> = new Set();
  /** Records read since the first start, good and bad. */
  read: number;
  /** Those of them that could not be decoded. */
  #undecoded: number;
  /** Of this run: read, and gone to the dead letters. */
  readThisRun = 0;
  deadThisRun = 0;

  constructor(options: {
    readonly host: OperatorHost;
    readonly source: Source<TypedExpression>;
    readonly reader: SourceReader;
    readonly decoder: RecordDecoder | null;
    readonly clock: Clock;
    readonly onDeadLetters: DeadLetterListener;
    readonly state: SourceState | null;
  }) {
    const { source, state } = options;
    this.host = options.host;
    this.#source = source;
    this.#reader = options.reader;
    this.#decoder = options.decoder;
    this.#clock = options.clock;
    this.#onDeadLetters = options.onDeadLetters;
    this.#watermarks = new SplitWatermarks(source.watermark);
    this.#times = new RecordTimes(source, options.clock, state ?? {});
    this.#decodeRows = source.pace === null ? maxBatchRows : 1;
    this.#position = state?.position ?? null;
    this.#skip = state?.done ?? 0;
    this.#ended = state?.ended ?? false;
    this.read = state?.read ?? 0;
    this.#undecoded = state?.undecoded ?? 0;
    if (state !== null) {
      this.#watermarks.restore(state.watermarks, options.clock.monotonic());
      if (state.decoder !== null) this.#decoder?.restoreState(state.decoder);
    }
    this.#decoderStateBefore = this.#decoder?.state() ?? null;
    // After a restart the first chunk is read again from its start; those of its records that are done are skipped.
    this.#done = 0;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get watermark(): number {
    return this.#watermarks.emitted;
  }

  /** What the reader says about itself, and what the records' times were. */
  gauges(): Readonly<Record<string, number>> {
    const { withoutTime, aheadOfClock } = this.#times.counts;
    const { future, alignment } = this.#source.watermark;
    return {
      ...this.#reader.gauges?.(),
      ...(this.#times.isEventTime ? { null_time: withoutTime } : {}),
      ...(future === undefined ? {} : { ahead_of_clock: aheadOfClock }),
      ...(alignment === undefined ? {} : { held_splits: this.#paused.size }),
    };
  }

  /** With whom it keeps step; null: with nobody. */
  get alignment(): Alignment | null {
    return this.#times.isEventTime && !this.#ended ? (this.#source.watermark.alignment ?? null) : null;
  }

  /** The least watermark of the splits that have records and are not idle; infinite when there is none. */
  get leastWatermark(): number {
    return this.#watermarks.least;
  }

  /** Nothing is to be read of it until others have caught up. */
  get isHeld(): boolean {
    return this.#paused.size > 0 && this.#watermarks.allIn(this.#paused);
  }

  /** Holds back the splits whose watermark is beyond `limit`. A batch at hand is still worked on, unless all are held back. */
  holdBeyond(limit: number): void {
    const before = this.#paused;
    this.#paused = this.#watermarks.beyond(limit);
    if (before.size === 0 && this.#paused.size === 0) return;
    this.#watermarks.resume(this.#clock.monotonic(), before);
    this.#reader.pause?.(this.#paused);
  }

  poll(): Promise<SourceChunk> {
    return this.#reader.poll();
  }

  accept(chunk: SourceChunk): void {
    this.#chunk = chunk;
    for (const split of this.#reader.splits?.() ?? []) this.#watermarks.register(split, this.#clock.monotonic());
    if (chunk.kind === "bytes") {
      if (this.#decoder === null) throw new Error(`source ${this.host.step.id} sent bytes but its format is "columns"`);
      this.#decoder.begin(chunk.bytes, chunk.firstLine);
    } else if (chunk.kind === "batch") {
      const { batch, deadLetters, split } = chunk;
      this.#pending = { batch, deadLetters, split, records: batch.selected + deadLetters.length };
      this.#row = 0;
    }
  }

  work(): SourceProgress {
    const chunk = this.#chunk;
    if (chunk === null) return { kind: "chunk-done" };
    if (chunk.kind === "idle") return this.#chunkDone();
    if (chunk.kind === "end") return this.#end();
    if (this.#pending === null) {
      this.#next(chunk);
      if (this.#pending === null) return { kind: "chunk-done" };
    }
    const progress = this.#workPending(this.#pending);
    if (this.#pending === null) this.#next(chunk);
    return progress;
  }

  /** Decodes what comes next in the chunk; at its end the position moves on at once, so that a checkpoint need not repeat any of it. */
  #next(chunk: Extract<SourceChunk, { readonly kind: "bytes" | "batch" }>): void {
    const decoded = chunk.kind === "bytes" ? (this.#decoder?.next(this.#decodeRows) ?? null) : null;
    if (decoded === null) this.#chunkDone();
    else this.#takePending(decoded, chunk);
  }

  tick(held = false): void {
    if (this.#ended) return;
    if (this.#source.watermark.kind === "processing") {
      this.#forward(this.#watermarks.raiseTo(this.#clock.now() - 1));
      return;
    }
    if (this.#pending !== null || held || this.isHeld) {
      this.#watermarks.resume(this.#clock.monotonic());
      return;
    }
    if (this.#paused.size > 0) this.#watermarks.resume(this.#clock.monotonic(), this.#paused);
    if (this.#watermarks.checkIdle(this.#clock.monotonic())) this.#forward(this.#watermarks.advance());
    if (this.#watermarks.idle) this.#tell("idle");
  }

  drain(): void {
    this.#forwardEnd();
  }

  snapshot(): SourceState {
    return {
      position: this.#position,
      done: this.#done + this.#skip,
      decoder: this.#decoderStateBefore,
      watermarks: this.#watermarks.snapshot(),
      ended: this.#ended,
      read: this.read,
      undecoded: this.#undecoded,
      ...this.#times.counts,
    };
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #takePending(decoded: DecodedRecords, chunk: Extract<SourceChunk, { readonly kind: "bytes" | "batch" }>): void {
    const named = chunk.kind === "bytes" && chunk.lineName !== undefined ? chunk.lineName : null;
    const rename = (letter: DeadLetter): DeadLetter =>
      named === null ? letter : { ...letter, position: letter.position.replace(/^line /, `${named} `) };
    this.#pending = { ...decoded, deadLetters: decoded.deadLetters.map(rename), split: chunk.split };
    this.#row = 0;
  }

  #chunkDone(): SourceProgress {
    const empty = this.#chunk === null || this.#chunk.kind === "idle";
    this.#chunk = null;
    if (!empty || this.#done > 0) {
      this.#position = this.#reader.position();
      this.#decoderStateBefore = this.#decoder?.state() ?? null;
      this.#done = 0;
    }
    this.#finishSplits();
    return { kind: "chunk-done" };
  }

  /** Splits that have ended leave the minimum. All that they brought has been handed on, as the chunk is done. */
  #finishSplits(): void {
    const ended = this.#reader.ended?.() ?? [];
    for (const split of ended) this.#watermarks.finish(split);
    if (ended.length > 0 && this.#times.isEventTime) this.#forward(this.#watermarks.advance());
  }

  #end(): SourceProgress {
    this.#chunk = null;
    this.#ended = true;
    this.#position = this.#reader.position();
    this.#forwardEnd();
    return { kind: "ended" };
  }

  #workPending(pending: Pending): SourceProgress {
    const { batch } = pending;
    if (this.#row === 0) {
      const skipped = this.#skipDone(pending);
      if (skipped !== null) return skipped;
      this.#undecoded += pending.deadLetters.length;
      this.#report(pending.deadLetters);
      this.#times.stamp(batch);
    }
    const until = this.#paceUntil(batch);
    if (until.rows === this.#row && this.#row < liveRows(batch)) return { kind: "paced", untilMs: until.atMs };
    this.#emitRange(batch, pending.split, until.rows);
    if (this.#row >= liveRows(batch)) this.#pending = null;
    return { kind: "worked" };
  }

  /**
   * After a restart, the records of the first chunk that are done are read again and thrown away. They may end
   * inside a batch: then the rest of that batch is what is left to do (bad records count as first).
   */
  #skipDone(pending: Pending): SourceProgress | null {
    if (this.#skip === 0) return null;
    if (this.#skip >= pending.records) {
      this.#skip -= pending.records;
      this.#done += pending.records;
      this.#pending = null;
      return { kind: "worked" };
    }
    const rows = Math.max(0, this.#skip - pending.deadLetters.length);
    this.#done += this.#skip;
    this.#skip = 0;
    const left: Pending = { ...pending, batch: dropRows(pending.batch, rows), deadLetters: [], records: pending.records };
    this.#times.stamp(left.batch);
    this.#pending = left;
    this.#row = 0;
    const until = this.#paceUntil(left.batch);
    if (until.rows === 0 && liveRows(left.batch) > 0) return { kind: "paced", untilMs: until.atMs };
    this.#emitRange(left.batch, left.split, until.rows);
    if (this.#row >= liveRows(left.batch)) this.#pending = null;
    return { kind: "worked" };
  }

  #report(letters: readonly DeadLetter[]): void {
    if (letters.length === 0) return;
    this.#count(letters.length);
    this.deadThisRun += letters.length;
    this.#onDeadLetters(letters);
    this.host.emit(1, deadLetterBatch(letters));
  }

  #count(records: number): void {
    this.#done += records;
    this.read += records;
    this.readThisRun += records;
  }

  /** How many live rows are due, and when the next one is. */
  #paceUntil(batch: Batch): { readonly rows: number; readonly atMs: number } {
    const pace = this.#source.pace;
    const rows = liveRows(batch);
    if (pace === null) return { rows, atMs: 0 };
    const now = this.#clock.monotonic();
    let at = this.#row;
    while (at < rows) {
      const time = batch.time[physicalRow(batch, at)];
      if (!Number.isNaN(time)) {
        this.#paceAnchor ??= { eventMs: time, atMs: now };
        const due = this.#paceAnchor.atMs + (time - this.#paceAnchor.eventMs) / pace.speed;
        if (due > now) return { rows: at, atMs: due };
      }
      at++;
    }
    return { rows, atMs: 0 };
  }

  /**
   * Emits the live rows from `#row` up to `to`, cut before every record that is late by its predecessors. Where there are none, as lines
   * that cannot be decoded alone are in a chunk, nothing wakes: what an idle split has seen counts behind its next record.
   */
  #emitRange(batch: Batch, split: string, to: number): void {
    if (to > this.#row) this.#emitSome(batch, split, to);
    if (this.#source.watermark.kind === "processing") this.#forward(this.#watermarks.raiseTo(this.#clock.now() - 1));
  }

  #emitSome(batch: Batch, split: string, to: number): void {
    const event = this.#times.isEventTime;
    const { marks, limitMs } = this.#times;
    const now = this.#clock.monotonic();
    this.#tell("active");
    let from = this.#row;
    let max = Number.NEGATIVE_INFINITY;
    let watermark = event ? this.#watermarks.splitWatermark(split) : Number.NEGATIVE_INFINITY;
    // What an idle split has seen counts again as soon as its next record is out.
    let emittedAt = this.#watermarks.isIdle(split) ? Number.NEGATIVE_INFINITY : watermark;
    let odd = false;
    const latest = event ? this.#latestOfPlain(batch, from, to, watermark) : Number.NaN;
    if (!Number.isNaN(latest)) max = latest;
    const keepsNulls = this.#source.watermark.nullTime === "keep";
    for (let at = Number.isNaN(latest) ? from : to; event && at < to; at++) {
      const row = physicalRow(batch, at);
      const time = batch.time[row];
      const timeless = Number.isNaN(time);
      if (this.#times.isOdd(time)) odd = true;
      // What is made of a record without a time may have any time: it comes behind the watermark as well.
      if (((timeless && keepsNulls) || time <= watermark) && watermark > emittedAt && at > from) {
        this.#emitRows(batch, split, from, at, odd, max, now);
        from = at;
        emittedAt = watermark;
      }
      const mark = time > limitMs ? Number.NaN : marks[row];
      if (mark > max && mark <= limitMs) {
        max = mark;
        const next = max - this.#source.watermark.disorderMs - 1;
        if (next > watermark) watermark = next;
      }
    }
    this.#emitRows(batch, split, from, to, odd, max, now);
    this.#row = to;
  }

  /** The latest time of live rows `from` to `to` when each says its own time and none is late, odd or before the watermark; else NaN. */
  #latestOfPlain({ time, selection }: Batch, from: number, to: number, watermark: number): number {
    const { marks, limitMs } = this.#times;
    if (marks !== time || selection !== null || from === to) return Number.NaN;
    const delayMs = this.#source.watermark.disorderMs + 1;
    // In any order none comes behind the watermark when all are closer together than the disorder.
    if (time[to - 1] - time[from] < delayMs) {
      const { least, most } = timeRange(time, from, to);
      if (least > Math.max(watermark, most - delayMs) && most <= limitMs) return most;
    }
    let max = Number.NEGATIVE_INFINITY;
    // As a number that V8 knows to be one, it is no object anew for each record.
    let least = Math.max(watermark, Number.NEGATIVE_INFINITY);
    for (let row = from; row < to; row++) {
      const at = time[row];
      if (!(at > least && at <= limitMs)) return Number.NaN;
      if (at > max) {
        max = at;
        if (max - delayMs > least) least = max - delayMs;
      }
    }
    return max;
  }

  /** `odd`: there may be records whose times have to be looked at. */
  #emitRows(batch: Batch, split: string, from: number, to: number, odd: boolean, max: number, now: number): void {
    this.#watermarks.observe(split, max, now);
    const watermark = this.#times.isEventTime ? this.#watermarks.advance() : null;
    if (to > from) {
      const letters: DeadLetter[] = [];
      const part = this.#selectRows(batch, from, to, odd, letters);
      this.#count(to - from - letters.length);
      this.host.emit(0, part, watermark ?? noWatermark);
      this.#report(letters);
    }
    this.#forward(watermark);
  }

  /** Live rows `from` to `to`, without those that are refused for their times, which become dead letters. */
  #selectRows(batch: Batch, from: number, to: number, odd: boolean, letters: DeadLetter[]): Batch {
    if (from === 0 && to === batch.selected && !odd) return batch;
    let selected = 0;
    for (let at = from; at < to; at++) {
      const row = physicalRow(batch, at);
      const refused = odd && this.#times.isOdd(batch.time[row]) ? this.#times.judge(batch.time[row]) : null;
      if (refused === null) this.#rows[selected++] = row;
      else letters.push(this.#timeLetter(batch, row, at - from, refused));
    }
    return withSelection(batch, this.#rows, selected);
  }

  /** `ahead`: how many records come before it that are not counted yet. Its number counts the records that could be decoded. */
  #timeLetter(batch: Batch, row: number, ahead: number, reason: string): DeadLetter {
    if (this.#source.watermark.nullTime === "fail" && Number.isNaN(batch.time[row])) {
      throw runFailure("TIME_MISSING", { field: this.#source.timeField ?? "" }, { node: this.host.step.node, retryable: false });
    }
    return { position: `record ${this.read - this.#undecoded + ahead + 1}`, reason, raw: this.#times.recordText(batch, row) };
  }

  #forward(watermark: number | null): void {
    if (watermark !== null) this.host.forwardWatermark(watermark);
  }

  /** The end counts even if nothing has come for long: of an idle input no watermark would be heard. */
  #forwardEnd(): void {
    this.#tell("active");
    this.#forward(this.#watermarks.end());
  }

  #tell(status: "idle" | "active"): void {
    if (this.#told === status) return;
    this.#told = status;
    this.host.forwardStatus(status);
  }
}
