import { type Batch, maxBatchRows, RowKind } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import { type Column, valueAt } from "../column/column.ts";
import { joinBytes } from "../column/join-bytes.ts";
import type { Answered, Collector, Operator, OperatorGauges, Question } from "../dataflow/operator.ts";
import { keyValues } from "../state/key-table.ts";
import { createMemoryRows } from "../state/memory-state-backend.ts";
import { openSnapshot, wholeSnapshot } from "../state/open-snapshot.ts";
import { SnapshotWriter } from "../state/snapshot-writer.ts";
import { SpilledRows } from "../state/spilled-rows.ts";
import { StateCapture } from "../state/state-capture.ts";
import { noWatermark } from "../time/watermark.ts";
import { WatermarkCombiner } from "../time/watermark-combiner.ts";
import type { StreamType } from "../types/stream-type.ts";

/** A record as a test writes it: plain values by field name; what is missing is NULL. */
export type HarnessRecord = Readonly<Record<string, unknown>>;

/** A row that an operator emitted. */
export interface EmittedRow {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Event time, ms; NaN for none. */
  readonly timeMs: number;
  /** As Flink writes row kinds. */
  readonly kind: "+I" | "-U" | "+U" | "-D";
}

/** One thing that happens to an operator. */
export type HarnessStep =
  | { readonly records: readonly HarnessRecord[]; readonly input?: number }
  /** With `input`, the watermark of that input alone, combined with those of the others as the host does it. */
  | { readonly watermark: number; readonly input?: number }
  | { readonly processingTime: number }
  | { readonly restart: true };

export interface HarnessOptions {
  /** Makes an instance; called again at each restart. */
  readonly create: () => Operator;
  readonly inputs: readonly StreamType[];
  readonly outputs: Readonly<Record<string, StreamType>>;
  /** Records are given in batches of at most this many rows; default 1024. */
  readonly batchRows?: number;
  /** Event time of a record; default: its time field, NaN when that is NULL or there is none. */
  readonly timeOf?: (record: HarnessRecord, input: StreamType) => number;
  /** Keys that an operator that can spill keeps in memory; default: all. */
  readonly hotKeys?: number;
  /** `RowKind` of a record; default: all are inserts. */
  readonly kindOf?: (record: HarnessRecord) => number;
}

const kindNames = ["+I", "-U", "+U", "-D"] as const;
/** A new dictionary comes every so many batches, as it does from sources that have seen many strings. */
const batchesPerDictionary = 3;
/** Of so many snapshots one holds all rows, the others those that have changed. */
const snapshotsPerLog = 4;

/**
 * Drives one operator as the host does and collects what it emits, as plain rows. Batches are spoilt
 * after each call, so that an operator that keeps one is found out.
 */
export class OperatorHarness implements Collector {
  readonly #options: HarnessOptions;
  readonly #emitted: EmittedRow[][];
  /** By port: the watermark that was said with a batch. */
  readonly #passed: number[];
  /** The latest watermark, and whether a record came behind it. */
  #heard = noWatermark;
  #hasLate = false;
  readonly #combiner: WatermarkCombiner;
  readonly #watermarks = new Map<number, number>();
  readonly #builders: (BatchBuilder | undefined)[] = [];
  #operator: Operator;
  #batches = 0;
  #log: Uint8Array[] = [];
  #spilled = new SpilledRows(createMemoryRows());
  /** What was ever outside of memory. */
  readonly #pieces: Uint8Array[] = [];
  #snapshots = 0;
  /** What the last `watermark` step forwarded. */
  forwardedWatermark = Number.NEGATIVE_INFINITY;
  /** Rows of each batch on port 0, for tests of batch sizes. */
  readonly batchSizes: number[] = [];

  constructor(options: HarnessOptions) {
    this.#options = options;
    this.#combiner = new WatermarkCombiner(options.inputs.length);
    this.#operator = this.#create();
    this.#emitted = this.#operator.ports.map(() => []);
    this.#passed = this.#operator.ports.map(() => noWatermark);
  }

  /** Gives the operator records on an input, in batches, the last of them with the watermark that comes right behind it. */
  send(records: readonly HarnessRecord[], input = 0, watermark = noWatermark): void {
    const rows = this.#options.batchRows ?? maxBatchRows;
    for (let from = 0; from < records.length; from += rows)
      this.#sendBatch(records.slice(from, from + rows), input, from + rows < records.length ? noWatermark : watermark);
  }

  watermark(watermark: number): void {
    this.#heard = Math.max(this.#heard, watermark);
    this.forwardedWatermark = this.#operator.onWatermark(watermark, this);
  }

  /** A watermark of one input. */
  inputWatermark(input: number, watermark: number): void {
    this.#operator.onInputWatermark?.(input, watermark, this);
    this.#watermarks.set(input, Math.max(watermark, this.#watermarks.get(input) ?? watermark));
    const { watermark: combined } = this.#combiner.advance(input, watermark);
    if (combined !== undefined) this.watermark(combined);
  }

  /** An input has gone idle: it no longer holds back the watermark. */
  inputIdle(input: number): void {
    const { watermark: combined } = this.#combiner.markIdle(input);
    if (combined !== undefined) this.watermark(combined);
  }

  processingTime(nowMs: number): void {
    this.#operator.onProcessingTime?.(nowMs, this);
  }

  /** Questions of an operator that asks, at most `most`. */
  questions(most = Number.MAX_SAFE_INTEGER): readonly Question[] {
    return this.#operator.asking?.take(most) ?? [];
  }

  /** Brings answers, and forwards the watermarks that they set free, as the host does. Returns these. */
  answer(answered: readonly Answered[], nowMs = 0): readonly number[] {
    const { asking } = this.#operator;
    if (asking === undefined) throw new Error("the operator asks nothing");
    asking.answer(answered, nowMs);
    const watermarks: number[] = [];
    for (let next = asking.advance(this); next !== null; next = asking.advance(this)) watermarks.push(next);
    this.forwardedWatermark = watermarks.at(-1) ?? this.forwardedWatermark;
    return watermarks;
  }

  /** Whether an operator that asks wants no more records for now. */
  get full(): boolean {
    return this.#operator.asking?.full ?? false;
  }

  /** Replaces the operator by a new instance, restored from its snapshots. Returns one of all state. */
  restart(): Uint8Array {
    const whole = wholeSnapshot((writer) => this.#operator.snapshot(writer));
    const reader = openSnapshot(this.#snapshot());
    // What is outside of memory is in checkpoints as what has changed of it.
    for (const piece of this.#spilled.takeChanges()) this.#pieces.push(piece);
    this.#operator = this.#create();
    for (const piece of this.#pieces) this.#spilled.apply(piece);
    this.#operator.restore(reader);
    if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes of the snapshot were not read`);
    return whole;
  }

  /** Replaces the operator by a new instance with the state of a whole snapshot. */
  restoreFrom(snapshot: Uint8Array): this {
    this.#operator = this.#create();
    this.#operator.restore(openSnapshot(snapshot));
    return this;
  }

  /** Whether its state can be taken apart by key. */
  get parts(): boolean {
    return this.#operator.parting !== undefined;
  }

  /** Lets others, of which nothing has happened yet, go on with the state: `groupOf` says of the values of a key which of them. */
  partInto(others: readonly OperatorHarness[], groupOf: (key: readonly unknown[]) => number): void {
    const { parting } = this.#operator;
    const { progress, counts } = parting?.standing() ?? { progress: [], counts: [] };
    for (const [group, other] of others.entries()) {
      other.#operator.parting?.stand({ progress, counts: group === 0 ? counts : counts.map(() => 0) });
      for (const [input, watermark] of this.#watermarks) other.#combiner.advance(input, watermark);
    }
    parting?.part((key, state) => others[groupOf(keyValues(key))].#operator.parting?.take(key, state));
    for (const other of others) other.#operator.parting?.settle?.();
  }

  /** Bytes of a snapshot of what has changed since the last. */
  writeChanges(): number {
    const writer = new SnapshotWriter();
    this.#operator.snapshot(writer);
    const capture = new StateCapture(writer);
    return [...capture.rows(false), capture.end()].reduce((sum, { length }) => sum + length, 0);
  }

  #create(): Operator {
    const operator = this.#options.create();
    this.#spilled = new SpilledRows(createMemoryRows());
    operator.spilling?.attach(this.#spilled, this.#options.hotKeys ?? Number.POSITIVE_INFINITY);
    return operator;
  }

  /** Names of the output ports. */
  get ports(): readonly string[] {
    return this.#operator.ports;
  }

  /** Rows outside of memory that were written and are in no restart yet, and those that were in one. */
  get movedOut(): number {
    return this.#pieces.length + this.#spilled.changedBytes;
  }

  /** The log of snapshots so far: all state, then some snapshots of what has changed. */
  #snapshot(): Uint8Array {
    const writer = new SnapshotWriter();
    this.#operator.snapshot(writer);
    const capture = new StateCapture(writer);
    const isWhole = this.#snapshots++ % snapshotsPerLog === 0;
    if (isWhole) this.#log = [];
    this.#log.push(...capture.rows(isWhole), capture.end());
    return joinBytes(this.#log);
  }

  /** Runs steps in order; `afterEach` is called after every step. */
  run(steps: readonly HarnessStep[], afterEach?: () => void): this {
    for (const [i, step] of steps.entries()) {
      if ("records" in step) this.send(step.records, step.input, this.#watermarkOf(steps[i + 1]));
      else if ("watermark" in step && step.input !== undefined) this.inputWatermark(step.input, step.watermark);
      else if ("watermark" in step) this.watermark(step.watermark);
      else if ("processingTime" in step) this.processingTime(step.processingTime);
      else this.restart();
      afterEach?.();
    }
    return this;
  }

  /** What a step makes of the watermark of the operator, if it is one. */
  #watermarkOf(step: HarnessStep | undefined): number {
    if (step === undefined || !("watermark" in step)) return noWatermark;
    return step.input === undefined ? step.watermark : this.#combiner.ahead(step.input, step.watermark);
  }

  /** Everything emitted so far on a port. */
  rows(port = "out"): readonly EmittedRow[] {
    const index = this.#operator.ports.indexOf(port);
    if (index < 0) throw new Error(`the operator has no port ${port}, only ${this.#operator.ports.join(", ")}`);
    return this.#emitted[index];
  }

  /** The fields of everything emitted so far on a port. */
  fields(port = "out"): readonly Readonly<Record<string, unknown>>[] {
    return this.rows(port).map((row) => row.fields);
  }

  /** Everything emitted on a port since the last call. */
  take(port = "out"): EmittedRow[] {
    return this.#emitted[this.#operator.ports.indexOf(port)].splice(0);
  }

  gauges(): OperatorGauges {
    return this.#operator.gauges();
  }

  emit(port: number, batch: Batch, watermark = noWatermark): void {
    if (batch.selected > maxBatchRows) throw new Error(`a batch of ${batch.selected} rows`);
    if (port === 0) this.batchSizes.push(batch.selected);
    const type = this.#options.outputs[this.#operator.ports[port]];
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i];
      if (!this.#hasLate && batch.time[row] <= this.#passed[port])
        throw new Error(`a row of ${batch.time[row]} comes behind the watermark ${this.#passed[port]}, which was said with a batch`);
      this.#emitted[port].push({
        fields: plainRow(type, batch, row),
        timeMs: batch.time[row],
        kind: kindNames[batch.kinds === null ? 0 : batch.kinds[row]],
      });
    }
    if (watermark > this.#passed[port]) this.#passed[port] = watermark;
  }

  #sendBatch(records: readonly HarnessRecord[], input: number, watermark: number): void {
    const type = this.#options.inputs[input];
    if (this.#batches++ % batchesPerDictionary === 0) this.#builders.length = 0;
    this.#builders[input] ??= createBatchBuilder(type.fields);
    const builder = this.#builders[input];
    const { timeOf = timeByField, kindOf = insertAlways } = this.#options;
    for (const record of records) {
      builder.appendRow(
        type.fields.map((field) => record[field.name]),
        timeOf(record, type),
        kindOf(record),
      );
    }
    const batch = builder.build();
    this.#hasLate ||= batch.time.subarray(0, batch.length).some((at) => at <= this.#heard);
    this.#operator.onBatch(input, batch, this, watermark);
    spoil(batch);
  }
}

/** The rows that an operator emits on `port` for `steps`: a new harness, run and read. */
export function emittedBy(options: HarnessOptions, steps: readonly HarnessStep[], port = "out"): readonly EmittedRow[] {
  return new OperatorHarness(options).run(steps).rows(port);
}

function insertAlways(): number {
  return RowKind.insert;
}

function timeByField(record: HarnessRecord, type: StreamType): number {
  const value = type.timeField === null ? null : record[type.timeField];
  return typeof value === "number" ? value : Number.NaN;
}

function plainRow(type: StreamType, batch: Batch, row: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  type.fields.forEach((field, i) => {
    const column = batch.columns[i];
    if (column !== null && column !== undefined) fields[field.name] = valueAt(column, row);
  });
  return fields;
}

function spoil(batch: Batch): void {
  batch.time.fill(Number.NaN);
  batch.selection?.fill(0);
  batch.kinds?.fill(3);
  for (const column of batch.columns) if (column !== null) spoilColumn(column);
}

function spoilColumn(column: Column): void {
  column.valid?.fill(0);
  if (column.kind === "number") column.values.fill(Number.NaN);
  else if (column.kind === "boolean") column.values.fill(1);
  else if (column.kind === "string") column.ids.fill(-1);
}
