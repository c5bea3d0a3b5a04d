import { type Batch, columnAt, maxBatchRows } from "../column/batch.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import type { EventOrder } from "../plan/pattern-operator.ts";
import { DirtyRows } from "../state/dirty-rows.ts";
import { grownFloat64, grownUint8 } from "../state/grown-array.ts";
import { IdPool } from "../state/id-pool.ts";
import type { KeyField, KeyTable } from "../state/key-table.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { usedRows } from "../state/used-rows.ts";
import { BlockQueue } from "./block-queue.ts";
import { type CompareEvents, compareEvents } from "./compare-events.ts";
import { EventBlock, type EventRows, type FindKeys, readEventRows } from "./event-block.ts";
import { readFirstEvents } from "./first-event-layout.ts";
import { type PartedEvent, partedRows, readParted, writeParted } from "./parted-events.ts";
import type { PatternLayout } from "./pattern-layout.ts";

/** Emptied blocks that are kept for the next events. */
const mostSpare = 4;
const slotBits = 10;
const tableName = "events";
const valuesName = "events.values";

/**
 * Events that wait for the watermark, to be read in order of (time, arrival), each with what is known of its conditions.
 * They are in blocks, each of which is in that order: events that come in order cost no search. A slot is the place of an
 * event: its block and its row.
 */
export class EventBuffer {
  readonly #keptKernels: readonly Kernel[];
  readonly #keyFields: readonly KeyField[];
  readonly #conditions: number;
  readonly #keys: KeyTable;
  readonly #layout: PatternLayout;
  readonly #ties: CompareEvents | null;
  /** By id. */
  readonly #blocks: EventBlock[] = [];
  readonly #pool = new IdPool();
  readonly #dirty = new DirtyRows();
  /** By id of a block: 1 = in use, and the how-manieth it was. */
  #used: Uint8Array = new Uint8Array(4);
  #numbers: Float64Array = new Float64Array(4);
  readonly #queue = new BlockQueue();
  #newest: EventBlock | null = null;
  #number = 0;
  #size = 0;
  readonly #earliest: number[] = [];
  /** Events that others gave, until `settle`. */
  #given: PartedEvent[] = [];
  #givenAnswers = true;
  readonly #sorted = new Int32Array(maxBatchRows);
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #found = new Int32Array(maxBatchRows);

  constructor(layout: PatternLayout, conditions: number, order: readonly EventOrder[], keys: KeyTable, keyFields: readonly KeyField[]) {
    this.#layout = layout;
    this.#keptKernels = layout.kept.map(compileKernel);
    this.#conditions = conditions;
    this.#ties = order.length === 0 ? null : compareEvents(order, layout.keptFields);
    this.#keys = keys;
    this.#keyFields = keyFields;
  }

  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    let bytes = this.#numbers.byteLength;
    for (const { bytes: own } of this.#queue) bytes += own;
    return bytes;
  }

  /** Adds `rows[0…count)` of a batch of the input; marks, `begins` and the keys of those that begin are by row. */
  add(batch: Batch, rows: Int32Array, count: number, known: Pick<EventRows, "marks" | "begins" | "keys">): void {
    this.#addRows(
      {
        ...known,
        time: batch.time,
        kept: this.#keptKernels.map((kernel) => kernel(batch)),
        key: this.#keyFields.map(({ index }) => columnAt(batch, index)),
      },
      rows,
      count,
    );
  }

  /** Time of the earliest event; +Infinity when there is none. */
  get nextTime(): number {
    const block = this.#queue.first;
    return block === undefined ? Number.POSITIVE_INFINITY : block.time[block.head];
  }

  /** Looks up the keys of all events up to a time: no key may be registered until they have been read. */
  findKeys(untilMs: number, find: FindKeys): void {
    for (const block of this.#queue) block.findKeys(find, untilMs, this.#rows, this.#found);
  }

  /** Whether events of one time have an order of their own. */
  get hasTies(): boolean {
    return this.#ties !== null;
  }

  /**
   * The block of the earliest events, which there are. They are read from its `head` on, by moving that, and to before row `firstRun` at most;
   * then `settleFirst` is due.
   */
  get first(): EventBlock | undefined {
    return this.#queue.first;
  }

  get firstRun(): number {
    return this.#queue.firstRun;
  }

  /** Of the first block `count` events have been read. */
  settleFirst(block: EventBlock, count: number): void {
    this.#size -= count;
    this.#queue.settleFirst();
    if (block.head === block.count) this.#release(block);
  }

  blockOf(slot: number): EventBlock {
    return this.#blocks[slot >>> slotBits];
  }

  /**
   * Takes off the earliest event and with it, where they have an order of their own, all of its time. They may be read until
   * `endTaking`.
   */
  takeEarliest(): readonly number[] {
    const earliest = this.#earliest;
    earliest.length = 0;
    const time = this.nextTime;
    do {
      const block = this.#queue.first;
      if (block === undefined) break;
      earliest.push((block.id << slotBits) | block.head);
      this.#size--;
      block.head++;
      this.#queue.settleFirst();
    } while (this.#ties !== null && this.nextTime === time);
    return this.#ties === null || earliest.length === 1 ? earliest : this.#inOrder(earliest, this.#ties);
  }

  /** The events that were taken are read no more. */
  endTaking(): void {
    for (const slot of this.#earliest) {
      const block = this.blockOf(slot);
      if (block.count > 0 && block.head === block.count) this.#release(block);
    }
    this.#earliest.length = 0;
  }

  /** `answered`: by condition, whether marks say what it answers for a run that has taken nothing. */
  snapshot(writer: SnapshotWriter, answered: Uint8Array): void {
    const [rows, pool, dirty] = [this.#pool.capacity, this.#pool, this.#dirty];
    writer.u8Array(answered);
    writer.f64(this.#number);
    const write = (into: SnapshotWriter, ids: Int32Array, count: number): void => {
      for (let i = 0; i < count; i++) this.#blocks[ids[i]].snapshot(into);
    };
    writer.table({ kind: "opaque", name: valuesName, rows, pool, dirty, write });
    writer.table({ kind: "columns", name: tableName, rows, pool, dirty, columns: [this.#used, this.#numbers] });
  }

  /** Reads what `snapshot` wrote; `watermark`: events up to there have been read. */
  restore(reader: SnapshotReader, answered: Uint8Array, watermark: number): void {
    const isAnswered = reader.u8Array().every((value, condition) => value === answered[condition]);
    this.#number = reader.f64();
    const table = reader.table(tableName);
    this.#used = table.u8(0);
    this.#numbers = table.f64(1);
    this.#pool.restore(usedRows(this.#used, table.rows));
    while (this.#blocks.length < this.#pool.capacity) this.#blocks.push(this.#emptyBlock(this.#blocks.length));
    for (const { rows, bytes } of reader.opaque(valuesName)) {
      const held = new SnapshotReader(bytes);
      for (const id of rows) {
        const events = readEventRows(held, this.#layout.kept.length, this.#keyFields.length);
        if (id < this.#blocks.length && this.#used[id] === 1) this.#refill(this.#blocks[id], events, watermark);
      }
    }
    for (const id of this.#pool.used()) {
      const block = this.#blocks[id];
      block.number = this.#numbers[id];
      block.answersAtStart &&= isAnswered;
      if (!isAnswered) {
        block.beginAll(this.#keys);
        this.#dirty.mark(id);
      }
      if (block.count === 0) this.#release(block);
      else this.#queue.add(block);
      this.#size += block.count;
    }
  }

  /** Reads events as they were written before there were blocks, in order; their keys are in the table. */
  restoreFirst(reader: SnapshotReader): void {
    for (const events of readFirstEvents(reader, this.#layout.keptFields, this.#keys, this.#keyFields)) {
      this.#addRows(events, identity, events.count).answersAtStart = false;
      this.#newest = null;
    }
  }

  /** The keys of the events that can begin a match, once for each event. */
  *keysHeld(): Iterable<number> {
    for (const { keys, begins, head, count } of this.#queue)
      for (let row = head; row < count; row++) if (begins[row] === 1) yield keys[row];
  }

  /** Takes all events off: those of each key, whose ids `idsOf` gives for its columns, in order. */
  takeApart(idsOf: FindKeys): ReadonlyMap<number, (writer: SnapshotWriter) => void> {
    const blocks = [...this.#queue].sort((a, b) => a.number - b.number);
    const answersAtStart = blocks.every((block) => block.answersAtStart);
    const events: PartedEvent[] = [];
    for (const block of blocks) {
      idsOf(block.keyColumns, identity, block.count, this.#found);
      for (let row = block.head; row < block.count; row++) {
        const begins = answersAtStart ? block.begins[row] : 1;
        events.push({ key: this.#found[row], time: block.time[row], begins, marks: block.marksOf(row), kept: block.values(row) });
      }
    }
    const byKey = Map.groupBy(
      events.sort((a, b) => a.time - b.time),
      ({ key }) => key,
    );
    return new Map(
      Array.from(byKey, ([key, own]) => [
        key,
        (writer: SnapshotWriter) => {
          writer.boolean(answersAtStart);
          writeParted(writer, own, this.#layout.keptFields);
        },
      ]),
    );
  }

  /** Reads what one of `takeApart` wrote; returns how many of the events can begin a match. To be followed by `settle`. */
  take(reader: SnapshotReader, key: number): number {
    if (!reader.boolean()) this.#givenAnswers = false;
    const events = readParted(reader, key, this.#layout.keptFields);
    for (const event of events) this.#given.push(event);
    return events.reduce((count, { begins }) => count + begins, 0);
  }

  /** Puts what was taken into blocks. */
  settle(): void {
    const given = this.#given.sort((a, b) => a.time - b.time);
    this.#given = [];
    for (let from = 0; from < given.length; from += maxBatchRows) {
      const events = given.slice(from, from + maxBatchRows);
      const block = this.#addRows(partedRows(events, this.#layout.keptFields, this.#keys, this.#keyFields), identity, events.length);
      block.answersAtStart = this.#givenAnswers;
      this.#newest = null;
    }
  }

  /** Returns the block that they are in. */
  #addRows(events: EventRows, rows: Int32Array, count: number): EventBlock {
    const ordered = this.#inTime(events.time, rows, count);
    let block = this.#newest;
    if (block === null || !block.takes(events, ordered[0], count)) {
      block = this.#take();
      this.#newest = block;
    }
    const wasRead = block.count === 0;
    block.append(events, ordered, count);
    if (wasRead) this.#queue.add(block);
    this.#dirty.mark(block.id);
    this.#size += count;
    return block;
  }

  /** The rows in order of (time, arrival). */
  #inTime(time: Float64Array, rows: Int32Array, count: number): Int32Array {
    let i = 1;
    while (i < count && time[rows[i]] >= time[rows[i - 1]]) i++;
    if (i >= count) return rows;
    this.#sorted.set(rows.subarray(0, count));
    this.#sorted.subarray(0, count).sort((a, b) => time[a] - time[b] || a - b);
    return this.#sorted;
  }

  #take(): EventBlock {
    const id = this.#pool.take();
    if (id === this.#blocks.length) this.#blocks.push(this.#emptyBlock(id));
    this.#used = grownUint8(this.#used, id + 1);
    this.#numbers = grownFloat64(this.#numbers, id + 1);
    this.#used[id] = 1;
    this.#numbers[id] = this.#number;
    const block = this.#blocks[id];
    block.number = this.#number++;
    return block;
  }

  #release(block: EventBlock): void {
    const { id } = block;
    if (this.#newest === block) this.#newest = null;
    this.#used[id] = 0;
    this.#dirty.mark(id);
    this.#pool.give(id);
    block.clear();
    if (this.#pool.capacity - this.#pool.size > mostSpare) this.#blocks[id] = this.#emptyBlock(id);
  }

  #emptyBlock(id: number): EventBlock {
    return new EventBlock(id, this.#conditions, this.#layout.keptFields, this.#keyFields);
  }

  /** Puts what was written last of a block into it, without what has been read. */
  #refill(block: EventBlock, events: EventRows & { readonly count: number; readonly answersAtStart: boolean }, watermark: number): void {
    const rows = identity.subarray(events.time.subarray(0, events.count).findLastIndex((time) => time <= watermark) + 1, events.count);
    block.clear();
    block.append(events, rows, rows.length);
    block.answersAtStart = events.answersAtStart;
  }

  #inOrder(slots: readonly number[], compare: CompareEvents): readonly number[] {
    const events = slots.map((slot) => ({ slot, values: this.blockOf(slot).values(rowOf(slot)) }));
    return events.sort((a, b) => compare(a.values, b.values)).map(({ slot }) => slot);
  }
}

/** The row of a slot in its block. */
export function rowOf(slot: number): number {
  return slot & (maxBatchRows - 1);
}

const identity = Int32Array.from({ length: maxBatchRows }, (_, i) => i);
