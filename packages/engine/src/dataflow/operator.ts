import type { Batch } from "../column/batch.ts";
import type { LookupAnswer, LookupKey } from "../connector/lookup-port.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { SpilledRows } from "../state/spilled-rows.ts";

/** Where an operator puts its results. Emitting is synchronous: when it returns, the batch may be reused. */
export interface Collector {
  /**
   * Hands a batch to everything connected to output `port` (an index into the step's ports in `ports`). Empty batches are ignored.
   * `watermark`: what the watermark is as soon as the batch is out, where that is known already: a record that comes
   * behind it with at most this time is late. It is said again as a watermark, before any other record.
   */
  emit(port: number, batch: Batch, watermark?: number): void;
}

/**
 * One physical operator: pure but for its own state. It reads no clock and no randomness; the host calls
 * it with watermarks already combined over inputs (`time/`), one batch at a time, never re-entrantly.
 */
export interface Operator {
  /** Names of the output ports; `Collector.emit` takes indexes into this list. */
  readonly ports: readonly string[];
  /**
   * Records on input `input`. `watermark`: the one that `onWatermark` will hear right behind them, where that is known already, else
   * `noWatermark`. Records up to it need not be kept for it.
   */
  onBatch(input: number, batch: Batch, out: Collector, watermark: number): void;
  /**
   * Event time has passed `watermark` on all inputs. Timers due by it fire now, in (time, key,
   * registration) order. Returns the watermark to forward: at most `watermark`; less when rows older
   * than it may still be emitted.
   */
  onWatermark(watermark: number, out: Collector): number;
  /**
   * The watermark of input `input` alone has reached `watermark`; called before `onWatermark` hears what that means for
   * all inputs together. For operators that wait for one of their inputs. Optional.
   */
  onInputWatermark?(input: number, watermark: number, out: Collector): void;
  /** Processing time has reached `nowMs`; called about every 100 ms and before every batch. Optional. */
  onProcessingTime?(nowMs: number, out: Collector): void;
  /** Of operators that ask the outside. */
  readonly asking?: Asking;
  /** Of operators that can keep keys outside of memory. */
  readonly spilling?: Spilling;
  /** Of operators whose state can be taken apart by key. */
  readonly parting?: Parting;
  /** Writes all state. Called between batches, never inside one. */
  snapshot(writer: SnapshotWriter): void;
  /** Reads what `snapshot` of this or any earlier version wrote. Called once, before any batch. */
  restore(reader: SnapshotReader): void;
  /** Gauges for the metrics frame. Called a few times a second. */
  gauges(): OperatorGauges;
}

/** The part of an operator that keeps keys outside of memory when there are too many. */
export interface Spilling {
  /** Gives it the rows to keep them in, and how many keys may be in memory between batches. Called once, before `restore`. */
  attach(rows: SpilledRows, hotKeys: number): void;
}

/** The part of an operator whose state can be taken apart by key, so that several can go on with what one has kept. */
export interface Parting {
  /** What it has beside its keys. */
  standing(): Standing;
  /** Takes over what another has beside its keys. Called at most once, before any batch. */
  stand(standing: Standing): void;
  /** Gives every key, by its text, with what is held of it, and forgets it. Not while keys are outside of memory. */
  part(give: (key: string, state: SnapshotReader) => void): void;
  /** Takes a key that another gave, of which nothing is held here. */
  take(key: string, state: SnapshotReader): void;
  /** Every key has been taken. For what is cheaper for all of them together. */
  settle?(): void;
}

/** What an operator has beside its keys. */
export interface Standing {
  /** How far it is: watermarks and the like. */
  readonly progress: readonly number[];
  /** What it has counted. */
  readonly counts: readonly number[];
}

/** A question of an operator that asks the outside. */
export interface Question {
  /** Stays with the question until it is answered. */
  readonly id: number;
  readonly key: LookupKey;
}

export interface Answered {
  readonly id: number;
  readonly answer: LookupAnswer;
}

/**
 * The part of an operator that asks the outside. It never waits: records stay with it, the run loop takes its questions
 * and brings the answers between batches, and each answer may set records and watermarks free.
 */
export interface Asking {
  /** As many questions are open as may be: no more records until some are answered. */
  readonly full: boolean;
  /** Records, or watermarks behind them, wait for answers. */
  readonly waiting: boolean;
  /** Up to `most` questions that are to be asked now; each comes once. */
  take(most: number): readonly Question[];
  /** Notes answers; `nowMs` is processing time. To be followed by `advance`. */
  answer(answered: readonly Answered[], nowMs: number): void;
  /** Emits what is ready, up to the next watermark. Returns that watermark, which is to be forwarded before the next call; null when nothing more is ready. */
  advance(out: Collector): number | null;
}

/** What an operator can say about itself beyond the records that the host counts. */
export interface OperatorGauges {
  /** Entries in keyed state. */
  readonly stateKeys: number;
  /** Approximate bytes of state, keys included. */
  readonly stateBytes: number;
  /** Records that were late and are not on a port (total since start). */
  readonly lateRecords: number;
  /** Records that are held back and will still come out (buffers of joins, sorts), for the books of a checkpoint. */
  readonly bufferedRecords: number;
  /** Named counters of this operator kind: `partially_late`, `outside_window`, … */
  readonly counters: Readonly<Record<string, number>>;
  /** Of operators that can say what became of every record that came in. */
  readonly books?: RecordBooks;
}

/**
 * What became of the records that came in. Each one leaves by a port, is held back (`bufferedRecords`), or is settled;
 * the host holds the three against what it brought.
 */
export interface RecordBooks {
  /** Records that will not come out as themselves: filtered, dropped, added to an aggregate or a table. */
  readonly settled: number;
  /** The ports over which records that came in leave, each one over one of them; left out: all ports. */
  readonly ports?: readonly string[];
}

/** `onWatermark` of operators that hold nothing back: their host passes watermarks on without asking. */
export function passWatermark(watermark: number): number {
  return watermark;
}

/** Gauges of an operator without state. */
export const noGauges: OperatorGauges = { stateKeys: 0, stateBytes: 0, lateRecords: 0, bufferedRecords: 0, counters: {} };

/** Gauges of an operator without state that lets out each record once. */
export const passingGauges: OperatorGauges = { ...noGauges, books: { settled: 0 } };
