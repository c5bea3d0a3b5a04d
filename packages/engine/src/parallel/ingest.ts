import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { valueAt } from "../column/column.ts";
import { createDecoder } from "../column/create-decoder.ts";
import { joinBytes } from "../column/join-bytes.ts";
import type { RecordDecoder } from "../column/record-decoder.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import { sourcePorts } from "../dataflow/dataflow.ts";
import { readDeadLetters } from "../dataflow/dead-letter-batch.ts";
import { createWorkTimer, OperatorHost } from "../dataflow/operator-host.ts";
import { runFailure } from "../dataflow/run-failure.ts";
import type { SinkStage } from "../dataflow/sink-stage.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { PlanCut } from "../plan/cut-plan.ts";
import type { PlanInput, Source } from "../plan/logical-operator.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import { operatorInputs } from "../plan/map-operator.ts";
import type { Clock } from "../time/clock.ts";
import type { JsonValue } from "../types/json-value.ts";
import { type CurrentBatch, IngestOutlet } from "./edge-outlet.ts";
import type { DecodeTask, EdgeRows, NodeLetters, NumberedLetter, StagedRecords, TaskFacts } from "./messages.ts";
import { RowsReader } from "./wire-rows.ts";

/** What came of a task. */
export interface Ingested {
  readonly facts: TaskFacts;
  readonly read: number;
  readonly undecoded: number;
  /** Records without a time. */
  readonly withoutTime: number;
  readonly letters: readonly NumberedLetter[];
  readonly operatorLetters: readonly NodeLetters[];
  readonly staged: readonly StagedRecords[];
  readonly decoder: JsonValue;
  readonly skip: number;
}

/**
 * The part of a source that any worker can do for any of its records: decoding, event time, and the steps that look at
 * each record alone. What has to be known of the records before, it leaves open; see `SourceReplica`.
 */
export class Ingest {
  readonly hosts: readonly OperatorHost[];
  readonly outlets: readonly IngestOutlet[];
  readonly #step: PlanStep;
  readonly #source: Source<TypedExpression>;
  readonly #host: OperatorHost;
  readonly #decoder: RecordDecoder | null;
  readonly #sinks: readonly { readonly host: OperatorHost; readonly stage: SinkStage }[];
  readonly #timeColumn: number;
  readonly #current: CurrentBatch = { places: null };
  readonly #newestBefore = new Float64Array(maxBatchRows);
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #reader = new RowsReader();
  #operatorLetters: NodeLetters[] = [];
  #letters: NumberedLetter[] = [];
  /** Of the task at work. */
  #ordinal = 0;
  #read = 0;
  #decoded = 0;
  #handedOn = 0;
  #withoutTime = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  #skip = 0;

  constructor(plan: LogicalPlan, cut: PlanCut, step: PlanStep, workers: number, groups: number, clock: Clock) {
    const { operator: source } = step;
    if (source.op !== "source") throw new Error(`step ${step.id} is no source`);
    this.#step = step;
    this.#source = source;
    this.#timeColumn = source.timeField === null ? -1 : source.fields.findIndex((field) => field.name === source.timeField);
    this.#decoder = createDecoder(source.format, source.fields, step.liveFields.out ?? source.fields.map(() => true));
    const timer = createWorkTimer(clock);
    this.#host = new OperatorHost(step, sourcePorts, 0, timer);
    const hosts = new Map([[step.id, this.#host]]);
    const sinks: { host: OperatorHost; stage: SinkStage }[] = [];
    const own = plan.steps.filter(({ id }) => cut.sourceOf.get(id) === step.id && id !== step.id);
    for (const compiled of compilePlan({ ...plan, steps: own }).steps) {
      if (compiled.kind === "source") continue;
      const operator = compiled.kind === "sink" ? compiled.stage : compiled.operator;
      const host = new OperatorHost(compiled.step, operator, 1, timer);
      host.onDeadLetters = (batch) =>
        this.#operatorLetters.push({ node: compiled.step.node, letters: readDeadLetters(batch, compiled.step) });
      const [input] = operatorInputs<unknown, PlanInput>(compiled.step.operator);
      hosts.get(input.operator)?.connect(input.port, { host, input: 0 });
      hosts.set(compiled.step.id, host);
      if (compiled.kind === "sink") sinks.push({ host, stage: compiled.stage });
    }
    const steps = new Map(plan.steps.map((planned) => [planned.id, planned]));
    this.outlets = cut.edges
      .filter(({ source: from }) => from === step.id)
      .map((edge) => {
        const reader = steps.get(edge.to.step);
        if (reader === undefined) throw new Error(`the plan has no step ${edge.to.step}`);
        const outlet = new IngestOutlet(edge, reader, this.#current, workers, groups);
        hosts.get(edge.from.operator)?.connect(edge.from.port, { host: outlet, input: 0 });
        return outlet;
      });
    this.#sinks = sinks;
    this.hosts = [...hosts.values()];
  }

  /** Works through a task; its rows are then with the outlets. */
  run(task: DecodeTask): Ingested {
    this.#begin(task);
    if ("rows" in task.records)
      this.#takeRows(
        task.records.letters,
        task.records.rows.map((rows) => this.#reader.read(rows)),
        task,
      );
    else for (const chunk of task.records.chunks) this.#decode(chunk.bytes, chunk.firstLine, chunk.lineName, task);
    const staged = this.#sinks.flatMap(({ host, stage }) => {
      const { pieces, records } = stage.take();
      return records === 0 ? [] : [{ sink: host.step.id, bytes: joinBytes(pieces), records }];
    });
    const [letters, operatorLetters] = [this.#letters, this.#operatorLetters];
    this.#letters = [];
    this.#operatorLetters = [];
    return {
      facts: {
        records: this.#handedOn,
        decoded: this.#decoded,
        newestMs: this.#source.watermark.kind === "bounded" ? this.#newestMs : Number.NEGATIVE_INFINITY,
      },
      read: this.#read,
      undecoded: this.#read - this.#decoded,
      withoutTime: this.#withoutTime,
      letters,
      operatorLetters,
      staged,
      decoder: this.#decoder?.state() ?? null,
      skip: this.#skip,
    };
  }

  #begin(task: DecodeTask): void {
    this.#ordinal = 0;
    this.#read = 0;
    this.#decoded = 0;
    this.#handedOn = 0;
    this.#withoutTime = 0;
    this.#newestMs = Number.NEGATIVE_INFINITY;
    this.#skip = task.skip;
    if (task.decoder !== null && JSON.stringify(this.#decoder?.state()) !== JSON.stringify(task.decoder)) {
      this.#decoder?.restoreState(task.decoder);
    }
  }

  #decode(bytes: Uint8Array, firstLine: number, lineName: string | null, task: DecodeTask): void {
    if (this.#decoder === null) throw new Error(`source ${this.#step.id} sent bytes but its format is "columns"`);
    this.#decoder.begin(bytes, firstLine);
    for (;;) {
      const decoded = this.#decoder.next(maxBatchRows);
      if (decoded === null) return;
      const rename = (letter: DeadLetter): DeadLetter =>
        lineName === null ? letter : { ...letter, position: letter.position.replace(/^line /, `${lineName} `) };
      this.#takeRows(decoded.deadLetters.map(rename), [decoded.batch], task);
    }
  }

  /** Records of the task, those that could not be decoded first. */
  #takeRows(letters: readonly DeadLetter[], batches: readonly Batch[], task: DecodeTask): void {
    const skippedLetters = Math.min(this.#skip, letters.length);
    this.#skip -= skippedLetters;
    const told = letters.slice(skippedLetters);
    this.#read += told.length;
    for (const letter of told) this.#letters.push({ ...letter, number: null });
    for (const batch of batches) this.#takeBatch(batch, task.stampMs);
  }

  #takeBatch(batch: Batch, stampMs: number): void {
    const skipped = Math.min(this.#skip, batch.selected);
    this.#skip -= skipped;
    if (skipped === batch.selected) return;
    this.#stamp(batch, stampMs);
    const { selection, selected, time } = batch;
    const { kind, nullTime } = this.#source.watermark;
    const keepsTimeless = kind !== "bounded" || nullTime === "keep";
    let newest = this.#newestMs;
    let count = 0;
    for (let i = skipped; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      this.#newestBefore[row] = newest;
      if (time[row] > newest) newest = time[row];
      if (Number.isNaN(time[row]) && kind === "bounded") this.#withoutTime++;
      if (!keepsTimeless && Number.isNaN(time[row])) this.#letters.push(this.#timelessLetter(batch, row, this.#decoded + i - skipped + 1));
      else this.#rows[count++] = row;
    }
    this.#current.places = { firstOrdinal: this.#ordinal - skipped, newestBefore: this.#newestBefore };
    this.#newestMs = newest;
    this.#ordinal += batch.length - skipped;
    this.#read += selected - skipped;
    this.#decoded += selected - skipped;
    this.#handedOn += count;
    if (count > 0) this.#host.emit(0, count === batch.length ? batch : withSelection(batch, this.#rows, count));
  }

  #stamp(batch: Batch, stampMs: number): void {
    const { kind } = this.#source.watermark;
    if (kind === "processing") batch.time.fill(stampMs, 0, batch.length);
    if (this.#timeColumn < 0 || kind !== "bounded") return;
    const column = batch.columns[this.#timeColumn];
    if (column === null || column === undefined || column.kind !== "number") throw new Error("the time field is not a number column");
    batch.time.set(column.values.subarray(0, batch.length));
    if (column.valid !== null) for (let i = 0; i < batch.length; i++) if (column.valid[i] === 0) batch.time[i] = Number.NaN;
  }

  #timelessLetter(batch: Batch, row: number, number: number): NumberedLetter {
    const source = this.#source;
    if (source.watermark.nullTime === "fail") {
      throw runFailure("TIME_MISSING", { field: source.timeField ?? "" }, { node: this.#step.node, retryable: false });
    }
    const record: Record<string, unknown> = {};
    source.fields.forEach((field, i) => {
      const column = batch.columns[i];
      if (column !== null && column !== undefined) record[field.name] = valueAt(column, row);
    });
    const reason = `the time field ${source.timeField} is missing or NULL`;
    return { position: "", reason, raw: JSON.stringify(record).slice(0, 4096), number };
  }
}

/** The rows of all outlets for one worker. */
export function takeFor(outlets: readonly IngestOutlet[], worker: number): readonly EdgeRows[] {
  return outlets.flatMap((outlet) => outlet.take(worker) ?? []);
}
