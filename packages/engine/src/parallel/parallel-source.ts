import type { DeadLetter, SourceChunk, SourceReader } from "../connector/source-port.ts";
import { deadLetterBatch } from "../dataflow/dead-letter-batch.ts";
import type { DrivenSource, SourceProgress, SourceState } from "../dataflow/driven-source.ts";
import type { OperatorHost } from "../dataflow/operator-host.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Source } from "../plan/logical-operator.ts";
import type { Clock } from "../time/clock.ts";
import type { JsonValue } from "../types/json-value.ts";
import { ChunkBuffers } from "./chunk-buffers.ts";
import type { Coordinator } from "./coordinator.ts";
import type { DecodeTask, FromWorker, LogEntry, WireChunk } from "./messages.ts";
import type { PlacedRows, SourceReplica } from "./source-replica.ts";
import { SplitArrivals } from "./split-arrivals.ts";
import { buffersOf, RowsWriter, type WireRows } from "./wire-rows.ts";

const allRows = Int32Array.from({ length: 1024 }, (_, i) => i);

/** A chunk that workers read where it is. */
interface HeldChunk extends WireChunk {
  /** It is the reader's when its records are decoded. */
  readonly isLent: boolean;
}

type Item =
  | { readonly kind: "chunks"; readonly split: string; readonly chunks: HeldChunk[]; bytes: number; position: JsonValue }
  | {
      readonly kind: "batch";
      readonly chunk: Extract<SourceChunk, { readonly kind: "batch" }>;
      readonly position: JsonValue;
    }
  | { readonly kind: "splits"; readonly splits: readonly string[] }
  | { readonly kind: "finished"; readonly splits: readonly string[] }
  | { readonly kind: "end"; readonly position: JsonValue };

type SourceDraft =
  | { readonly kind: "splits" | "finished"; readonly splits: readonly string[] }
  | { readonly kind: "idle"; readonly splits: readonly string[]; readonly isAll: boolean }
  | { readonly kind: "raise"; readonly watermark: number }
  | { readonly kind: "end" };

/** Drives one source whose records are decoded by workers: what a `SourceTask` is where they are decoded at once. */
export class ParallelSource implements DrivenSource {
  readonly host: OperatorHost;
  readonly #source: Source<TypedExpression>;
  readonly #reader: SourceReader;
  readonly #clock: Clock;
  readonly #coordinator: Coordinator;
  readonly #onDeadLetters: (letters: readonly DeadLetter[]) => void;
  readonly #replica: SourceReplica;
  readonly #writers = new Map<number, RowsWriter>();
  readonly #queue: Item[] = [];
  /** Where reading goes on after the tasks that are under way, in order. */
  readonly #positions: (JsonValue | null)[] = [];
  readonly #arrivals: SplitArrivals;
  readonly #finished = new Set<string>();
  readonly #buffers = new ChunkBuffers();
  /** By number of the task that is to decode them. */
  readonly #underway = new Map<number, readonly HeldChunk[]>();
  #position: JsonValue | null;
  #decoder: JsonValue;
  #skip: number;
  #ended: boolean;
  #isEnding = false;
  #undecoded: number;
  #withoutTime: number;
  read: number;
  readThisRun = 0;
  deadThisRun = 0;

  constructor(options: {
    readonly host: OperatorHost;
    readonly source: Source<TypedExpression>;
    readonly reader: SourceReader;
    readonly clock: Clock;
    readonly coordinator: Coordinator;
    readonly replica: SourceReplica;
    readonly onDeadLetters: (letters: readonly DeadLetter[]) => void;
    readonly state: SourceState | null;
  }) {
    const { state, replica } = options;
    this.host = options.host;
    this.#source = options.source;
    this.#reader = options.reader;
    this.#clock = options.clock;
    this.#coordinator = options.coordinator;
    this.#replica = replica;
    this.#onDeadLetters = options.onDeadLetters;
    this.#position = state?.position ?? null;
    this.#skip = state?.done ?? 0;
    this.#decoder = state?.decoder ?? null;
    this.#ended = state?.ended ?? false;
    this.read = state?.read ?? 0;
    this.#undecoded = state?.undecoded ?? 0;
    this.#withoutTime = state?.withoutTime ?? 0;
    this.#arrivals = new SplitArrivals(options.source.watermark.idleTimeoutMs);
    const now = options.clock.monotonic();
    for (const { split, idle } of state?.watermarks.splits ?? []) this.#arrivals.register(split, now, idle);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get watermark(): number {
    return this.#replica.watermarks.emitted;
  }

  gauges(): Readonly<Record<string, number>> {
    const isEventTime = this.#source.watermark.kind === "bounded";
    return { ...this.#reader.gauges?.(), ...(isEventTime ? { null_time: this.#withoutTime } : {}) };
  }

  /** Sources that keep step with others are decoded in one place. */
  readonly alignment = null;
  readonly leastWatermark = Number.POSITIVE_INFINITY;
  readonly isHeld = false;
  holdBeyond(): void {}

  /** A task has been decoded: the memory of its chunks is for others to come. */
  decoded(seq: number): void {
    for (const { bytes, isLent } of this.#underway.get(seq) ?? []) {
      if (isLent) this.#reader.takeBack?.(bytes);
      else this.#buffers.keep(bytes);
    }
    this.#underway.delete(seq);
  }

  poll(): Promise<SourceChunk> {
    return this.#reader.poll();
  }

  accept(chunk: SourceChunk): void {
    const now = this.#clock.monotonic();
    const fresh = (this.#reader.splits?.() ?? []).filter((split) => !this.#arrivals.has(split));
    for (const split of fresh) this.#arrivals.register(split, now);
    if ("split" in chunk) {
      this.#arrivals.note(chunk.split, now);
      this.#finished.delete(chunk.split);
    }
    if (fresh.length > 0) this.#queue.push({ kind: "splits", splits: fresh });
    if (chunk.kind === "bytes") this.#acceptBytes(chunk);
    else if (chunk.kind === "batch") this.#queue.push({ kind: "batch", chunk, position: this.#reader.position() });
    this.#noteFinished();
    if (chunk.kind === "end") this.#queue.push({ kind: "end", position: this.#reader.position() });
  }

  work(): SourceProgress {
    if (this.#ended) return { kind: "ended" };
    if (this.flush()) return { kind: "worked" };
    const [first] = this.#queue;
    const canWait = first === undefined || this.#isGrowing(first);
    // When there is room again, or the end has been reached everywhere, the loop is woken.
    // A batch is the reader's until it is given away, so nothing is polled before.
    return canWait && !this.#isEnding ? { kind: "chunk-done" } : { kind: "paced", untilMs: Number.POSITIVE_INFINITY };
  }

  /** Gives away what can be; returns whether records were among it. */
  flush(): boolean {
    let isMoved = false;
    for (let item = this.#queue.at(0); item !== undefined; item = this.#queue.at(0)) {
      if (item.kind === "splits" || item.kind === "finished") this.#post({ kind: item.kind, splits: item.splits });
      else if (item.kind === "end") {
        this.#isEnding = true;
        this.#positions.push(item.position);
        this.#post({ kind: "end" });
      } else if (!this.#hasRoom(item)) return isMoved;
      else {
        this.#dispatch(item);
        isMoved = true;
      }
      this.#queue.shift();
    }
    return isMoved;
  }

  tick(held = false): void {
    if (this.#ended || this.#isEnding) return;
    if (this.#source.watermark.kind === "processing") {
      this.#post({ kind: "raise", watermark: this.#clock.now() - 1 });
      return;
    }
    const now = this.#clock.monotonic();
    if (this.#queue.length > 0 || held) {
      this.#arrivals.resume(now);
      return;
    }
    const news = this.#arrivals.news(now);
    if (news !== null) this.#post({ kind: "idle", ...news });
  }

  drain(): void {
    this.#positions.push(this.#positions.at(-1) ?? this.#position);
    this.#post({ kind: "end" });
  }

  /** An entry of this source has been followed by all. */
  taken(entry: Extract<LogEntry, { readonly source: string }>, decoded: Extract<FromWorker, { readonly kind: "decoded" }> | null): void {
    const now = this.#clock.monotonic();
    if (entry.kind === "splits") this.#replica.register(entry.splits, now);
    else if (entry.kind === "finished") this.#replica.finish(entry.splits);
    else if (entry.kind === "idle") this.#replica.markIdle(entry.splits, entry.isAll);
    else if (entry.kind === "raise") this.#replica.raise(entry.watermark);
    else {
      this.#position = this.#positions.shift() ?? null;
      if (decoded !== null && entry.kind === "task") this.#takeDecoded(entry, decoded, now);
      else {
        this.#ended ||= this.#isEnding;
        this.#replica.end();
      }
    }
  }

  snapshot(): SourceState {
    return {
      position: this.#position,
      done: this.#skip,
      decoder: this.#decoder,
      watermarks: this.#replica.watermarks.snapshot(),
      ended: this.#ended,
      read: this.read,
      undecoded: this.#undecoded,
      withoutTime: this.#withoutTime,
    };
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  /** Where a record belongs among the others may depend on those before it; then one task goes after the other. */
  #hasRoom(item: Item): boolean {
    const { format } = this.#source;
    const isOneByOne = this.#skip > 0 || (format.kind === "csv" && format.header && this.#decoder === null);
    return this.#coordinator.hasRoom(this.#isGrowing(item)) && (!isOneByOne || this.#positions.length === 0);
  }

  /** Whether the next chunk goes into the same task. */
  #isGrowing(item: Item): boolean {
    return item.kind === "chunks" && item.bytes < this.#coordinator.taskBytes && this.#queue.length === 1;
  }

  #noteFinished(): void {
    const splits = (this.#reader.ended?.() ?? []).filter((split) => !this.#finished.has(split));
    if (splits.length === 0) return;
    for (const split of splits) this.#arrivals.end(split);
    for (const split of splits) this.#finished.add(split);
    this.#queue.push({ kind: "finished", splits });
  }

  #acceptBytes({ split, bytes, firstLine, lineName, isLent = false }: Extract<SourceChunk, { readonly kind: "bytes" }>): void {
    // Unless it is lent, the array is the reader's again with its next chunk.
    const own: HeldChunk = { bytes: isLent ? bytes : this.#buffers.copy(bytes), firstLine, lineName: lineName ?? null, isLent };
    const position = this.#reader.position();
    const last = this.#queue.at(-1);
    if (last?.kind === "chunks" && last.split === split && last.bytes < this.#coordinator.taskBytes) {
      last.chunks.push(own);
      last.bytes += bytes.length;
      last.position = position;
    } else this.#queue.push({ kind: "chunks", split, chunks: [own], bytes: bytes.length, position });
  }

  #dispatch(item: Extract<Item, { readonly kind: "chunks" | "batch" }>): void {
    this.#positions.push(item.position);
    const split = item.kind === "batch" ? item.chunk.split : item.split;
    this.#coordinator.dispatch(this.host.step.id, split, (seq, worker) => {
      const frame = { seq, source: this.host.step.id, split, decoder: this.#decoder, skip: this.#skip, stampMs: this.#clock.now() };
      if (item.kind === "chunks") {
        this.#underway.set(seq, item.chunks);
        const task: DecodeTask = { ...frame, records: { chunks: item.chunks } };
        return { task, transfer: [] };
      }
      const rows = this.#wireRows(item.chunk, worker);
      return { task: { ...frame, records: { rows, letters: item.chunk.deadLetters } }, transfer: buffersOf(rows) };
    });
  }

  #wireRows({ batch }: Extract<SourceChunk, { readonly kind: "batch" }>, worker: number): readonly WireRows[] {
    const { step } = this.host;
    const writer = this.#writers.get(worker) ?? new RowsWriter(step.outputs.out, step.liveFields.out ?? []);
    this.#writers.set(worker, writer);
    writer.add(batch, batch.selection ?? allRows, batch.selected, null, null);
    return writer.take();
  }

  #takeDecoded(
    { split, worker }: Extract<LogEntry, { readonly kind: "task" }>,
    decoded: Extract<FromWorker, { readonly kind: "decoded" }>,
    now: number,
  ): void {
    const good = this.read - this.#undecoded;
    const letters = decoded.letters.map(
      ({ number, ...letter }): DeadLetter => (number === null ? letter : { ...letter, position: `record ${good + number}` }),
    );
    this.read += decoded.read;
    this.readThisRun += decoded.read;
    this.#undecoded += decoded.undecoded;
    this.#withoutTime += decoded.withoutTime;
    this.deadThisRun += letters.length;
    this.#decoder = decoded.decoder;
    this.#skip = decoded.skip;
    this.host.recordsOut[0] += decoded.facts.records;
    this.host.emittedThisRun[0] += decoded.facts.records;
    if (letters.length > 0) {
      this.#onDeadLetters(letters);
      this.host.emit(1, deadLetterBatch(letters));
    }
    const rows = decoded.edges.flatMap(({ edge, rows: wires }) =>
      wires.map((wire): PlacedRows => {
        if (wire.places === null) throw new Error(`rows of edge ${edge} came without their places`);
        return { edge, batch: this.#coordinator.read(edge, `worker ${worker}`, wire), rows: null, places: wire.places };
      }),
    );
    this.#replica.take(split, decoded.facts, rows, now);
  }

  #post(draft: SourceDraft): void {
    this.#coordinator.post({ ...draft, source: this.host.step.id });
  }
}
