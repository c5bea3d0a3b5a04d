import type { ChunkRef } from "../checkpoint/checkpoint-store.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import { PipelineFailure } from "../dataflow/pipeline-run.ts";
import { unaccountedRecords } from "../dataflow/record-books.ts";
import type { PartBytes } from "../dataflow/run-checkpoints.ts";
import { addAllTotals, type StepTotals } from "../dataflow/step-totals.ts";
import { hasKeyedSteps, type PlanCut } from "../plan/cut-plan.ts";
import type { LogicalPlan } from "../plan/logical-plan.ts";
import type { SplitWatermarksState } from "../time/split-watermarks.ts";
import { groupsOf, parseGroupStepId, workerOf } from "./key-groups.ts";
import type {
  DecodeTask,
  FromWorker,
  KeyedOutput,
  LogEntry,
  NodeLetters,
  OtherEntry,
  RestoredPart,
  StagedRecords,
  ToWorker,
  WorkerFailure,
  WorkerTotals,
} from "./messages.ts";
import type { ParallelSource } from "./parallel-source.ts";
import type { SinglePart } from "./single-part.ts";
import { RowsReader, type WireRows } from "./wire-rows.ts";
import type { WorkerPool, WorkerSet } from "./worker-pool.ts";

/** Tasks that each worker has at most: enough for it to go on while a thread that others wait for does not get a core. */
const tasksPerWorker = 3;
/** A worker with fewer gets what there is, however small. */
const neededSoon = 2;
/** Of sources that are quick, what all workers together have to decode at most. */
const bytesUnderway = 96 << 20;

type Decoded = Extract<FromWorker, { readonly kind: "decoded" }>;
type Applied = Extract<FromWorker, { readonly kind: "applied" }>;
/** An entry before it has its place. */
export type Draft = OtherEntry extends infer E ? (E extends OtherEntry ? Omit<E, "seq"> : never) : never;

/** An entry that not all have followed yet. */
interface Pending {
  readonly entry: LogEntry;
  decoded: Decoded | null;
  readonly applied: (Applied | null)[];
  missing: number;
}

export interface CoordinatorOptions {
  readonly plan: LogicalPlan;
  readonly cut: PlanCut;
  readonly single: SinglePart;
  readonly pool: WorkerPool;
  readonly workers: number;
  readonly groups: number;
  /** Something has been done: there may be room again. */
  readonly onProgress: () => void;
  /** Records have been taken. */
  readonly onRecords: () => void;
  readonly onLetters: (node: string, letters: readonly DeadLetter[]) => void;
  readonly onFailure: (failure: PipelineFailure) => void;
}

/**
 * Runs a plan over several workers. Everything that happens gets a number and is followed by all workers in that order,
 * and what comes of it is taken here in that order too, so that rows, watermarks and checkpoints are those of one worker:
 * which thread was faster does not show. A barrier is an entry like the others. When its turn comes all workers have put
 * their state into the checkpoint, and nothing is taken further until `resume`.
 */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #needsAll: boolean;
  readonly sources = new Map<string, ParallelSource>();
  #set: WorkerSet | null = null;
  readonly #restored: RestoredPart[] = [];
  readonly #pending = new Map<number, Pending>();
  /** By worker: tasks that it has not decoded yet. */
  readonly #tasks: number[];
  readonly #readers = new Map<string, RowsReader>();
  /** By worker: of keyed steps, and of what it decodes. */
  readonly #keyed: (WorkerTotals | null)[];
  readonly #ingest: (WorkerTotals | null)[];
  readonly #received: Float64Array;
  /** Counts of steps on workers as the checkpoint had them, by id. */
  readonly #counted = new Map<string, { readonly in: Float64Array; readonly out: Float64Array }>();
  #seq = 0;
  #taken = 0;
  #isHeld = false;
  #failure: PipelineFailure | null = null;
  #barrier: { resolve(parts: readonly PartBytes[]): void; reject(cause: unknown): void } | null = null;

  readonly #settling: { resolve(): void; reject(cause: unknown): void }[] = [];

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#needsAll = hasKeyedSteps(options.cut);
    this.#tasks = Array.from({ length: options.workers }, () => 0);
    this.#keyed = Array.from({ length: options.workers }, () => null);
    this.#ingest = Array.from({ length: options.workers }, () => null);
    this.#received = new Float64Array(options.cut.edges.length);
  }

  /** Entries that have not been taken. */
  get inFlight(): number {
    return this.#seq - this.#taken;
  }

  /** Whether another task can be given away; `isGrowing`: it gets larger as long as no worker needs it soon. */
  hasRoom(isGrowing: boolean): boolean {
    const most = isGrowing ? neededSoon : tasksPerWorker;
    return this.#set !== null && this.#tasks.some((tasks) => tasks < most) && this.inFlight < this.#tasks.length * tasksPerWorker * 2;
  }

  /** Whether keyed state is a part of the checkpoint for each group of keys. */
  get isGrouped(): boolean {
    return this.#options.groups > 1;
  }

  /** Whether a step's state is on workers. */
  isKeyed(step: string): boolean {
    return this.#options.cut.placements.get(step) === "keyed";
  }

  /** State that `start` gives to its worker. */
  restore(part: RestoredPart): void {
    this.#restored.push(part);
  }

  /** Starts the workers; `watermarks` by source, as restored. */
  async start(watermarks: Readonly<Record<string, SplitWatermarksState>>): Promise<void> {
    const { plan, cut, workers, groups, pool, single } = this.#options;
    for (const [id, host] of single.hosts) {
      if (cut.placements.get(id) === "ingest") this.#counted.set(id, { in: host.recordsIn.slice(), out: host.recordsOut.slice() });
    }
    const starts = Array.from({ length: workers }, (_, worker) => ({
      plan,
      worker,
      workers,
      groups,
      watermarks,
      parts: this.#restored.filter(({ id }) => workerOf(parseGroupStepId(id)?.group ?? 0, workers, groups) === worker),
    }));
    this.#restored.length = 0;
    this.#set = await pool.start(starts, {
      message: (worker, message) => this.#hear(worker, message),
      failed: (_worker, failure) => this.#fail(failure),
    });
  }

  async close(): Promise<void> {
    await this.#set?.close();
  }

  /** Gives a task to the worker that has least to do. `make` is told which, and the task's number. */
  dispatch(
    source: string,
    split: string,
    make: (seq: number, worker: number) => { readonly task: DecodeTask; readonly transfer: readonly ArrayBuffer[] },
  ): void {
    const worker = this.#tasks.indexOf(Math.min(...this.#tasks));
    const { task, transfer } = make(this.#seq, worker);
    this.#tasks[worker]++;
    this.#send(worker, { kind: "task", task }, transfer);
    this.#place({ seq: this.#seq++, kind: "task", source, split, worker });
  }

  /** Puts an entry into the order. */
  post(draft: Draft): void {
    this.#place({ ...draft, seq: this.#seq++ });
  }

  #place(entry: LogEntry): void {
    const isForAll = this.#needsAll || entry.kind === "barrier" || entry.kind === "time";
    const { workers } = this.#options;
    const missing = (entry.kind === "task" ? 1 : 0) + (isForAll ? workers : 0);
    this.#pending.set(entry.seq, { entry, decoded: null, applied: Array.from({ length: workers }, () => null), missing });
    if (isForAll && entry.kind !== "task")
      for (let worker = 0; worker < workers; worker++) this.#send(worker, { kind: "entry", entry }, []);
    if (missing === 0) this.#takeReady();
  }

  /** How large a task may become while workers are busy. */
  get taskBytes(): number {
    const { pool, workers } = this.#options;
    return Math.min(pool.taskBytes, bytesUnderway / (workers * tasksPerWorker));
  }

  /** Resolves with the state of all workers as it is after everything up to now; `resume` lets the run go on. */
  barrier(): Promise<readonly PartBytes[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#barrier = { resolve, reject };
      this.post({ kind: "barrier" });
    });
  }

  /** Resolves when all that has been given away is taken. */
  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) reject(this.#failure);
      else if (this.inFlight === 0) resolve();
      else this.#settling.push({ resolve, reject });
    });
  }

  resume(): void {
    this.#isHeld = false;
    this.#takeReady();
  }

  /** Tells workers what of their state is stored. */
  committed(chunksOf: (id: string) => readonly ChunkRef[]): void {
    const { cut, workers, groups } = this.#options;
    const steps = [...cut.placements].flatMap(([id, placement]) => (placement === "keyed" ? [id] : []));
    for (let worker = 0; worker < workers; worker++) {
      const ids = steps.flatMap((step) => groupsOf(worker, workers, groups).map((group) => (groups === 1 ? step : `${step}#${group}`)));
      this.#send(worker, { kind: "committed", chunks: new Map(ids.map((id) => [id, chunksOf(id)])) }, []);
    }
  }

  /** Totals of the steps whose state is on workers, by id. */
  totals(): ReadonlyMap<string, StepTotals> {
    return addAllTotals(this.#keyed.flatMap((totals) => totals?.steps ?? []));
  }

  /** Of which the run has lost sight; exact at a barrier. */
  unaccounted(): number {
    const over = new Float64Array(this.#received);
    let off = unaccountedRecords(this.#options.single, this.sources);
    for (const totals of [...this.#keyed, ...this.#ingest]) {
      if (totals === null) continue;
      off += totals.unaccounted;
      for (let edge = 0; edge < over.length; edge++) over[edge] += totals.received[edge] - totals.sent[edge];
    }
    return over.reduce((sum, difference) => sum + Math.abs(difference), off);
  }

  #send(worker: number, message: ToWorker, transfer: readonly ArrayBuffer[]): void {
    this.#set?.send(worker, message, transfer);
  }

  #hear(worker: number, message: FromWorker): void {
    if (message.kind === "failed") {
      this.#fail(message.failure);
      return;
    }
    const pending = this.#pending.get(message.seq);
    if (pending === undefined) throw new Error(`a worker answers entry ${message.seq}, which is done`);
    if (message.kind === "decoded") {
      pending.decoded = message;
      if (pending.entry.kind === "task") this.sources.get(pending.entry.source)?.decoded(message.seq);
      this.#tasks[worker]--;
    } else pending.applied[worker] = message;
    pending.missing--;
    try {
      this.#takeReady();
    } catch (cause) {
      this.#fail(cause);
    }
    for (const source of this.sources.values()) source.flush();
    if (this.inFlight === 0) for (const { resolve } of this.#settling.splice(0)) resolve();
    this.#options.onProgress();
  }

  #takeReady(): void {
    for (;;) {
      const pending = this.#pending.get(this.#taken);
      if (pending === undefined || pending.missing > 0 || this.#isHeld || this.#failure !== null) return;
      this.#pending.delete(this.#taken++);
      this.#take(pending);
    }
  }

  #take({ entry, decoded, applied }: Pending): void {
    if (decoded !== null) {
      this.#options.onRecords();
      this.#tellLetters(decoded.operatorLetters);
      for (const staged of decoded.staged) this.#stage(staged);
      if (entry.kind === "task") this.#ingest[entry.worker] = decoded.totals;
      this.#countIngest();
    }
    // What wakes a source wakes all groups before any of them goes on: of those that are idle no watermark is waited for.
    for (const own of applied) for (const output of own?.outputs ?? []) if (isWaking(output)) this.#takeOutput(output);
    applied.forEach((own, worker) => {
      if (own === null) return;
      if (own.totals !== null) this.#keyed[worker] = own.totals;
      this.#tellLetters(own.operatorLetters);
      for (const staged of own.staged) this.#stage(staged);
      for (const output of own.outputs) if (!isWaking(output)) this.#takeOutput(output);
    });
    if (entry.kind === "barrier") {
      this.#isHeld = true;
      this.#barrier?.resolve(applied.flatMap((own) => own?.parts ?? []));
      this.#barrier = null;
    } else if (entry.kind === "time") for (const host of this.#options.single.hosts.values()) host.processingTime(entry.nowMs);
    else this.sources.get(entry.source)?.taken(entry, decoded);
  }

  /** Rows of an edge from a group, or from the worker that decoded them. */
  read(edge: number, from: string, rows: WireRows): ReturnType<RowsReader["read"]> {
    this.#received[edge] += rows.length;
    const key = `${edge} ${from}`;
    const reader = this.#readers.get(key) ?? new RowsReader();
    this.#readers.set(key, reader);
    return reader.read(rows);
  }

  #takeOutput(output: KeyedOutput): void {
    const inlet = this.#options.single.inlets.get(output.edge);
    if (inlet === undefined) throw new Error(`edge ${output.edge} does not come from keyed steps`);
    const { group } = output;
    if (output.kind === "watermark") inlet.receiveWatermark(group, output.watermark);
    else if (output.kind === "rows") for (const rows of output.rows) inlet.receive(group, this.read(output.edge, `group ${group}`, rows));
    else if (output.status === "idle") inlet.receiveIdle(group);
    else inlet.receiveActive(group);
  }

  #stage({ sink, bytes, records }: StagedRecords): void {
    const { remoteStages, hosts } = this.#options.single;
    remoteStages.get(sink)?.append(bytes, records);
    const host = hosts.get(sink);
    if (host === undefined) return;
    host.recordsIn[0] += records;
    host.receivedThisRun[0] += records;
  }

  /** Counts of steps that run where records are decoded go into checkpoints with those of the steps here. */
  #countIngest(): void {
    const now = addAllTotals(this.#ingest.flatMap((totals) => totals?.steps ?? []));
    for (const [id, { in: counted, out }] of this.#counted) {
      const totals = now.get(id);
      const host = this.#options.single.hosts.get(id);
      if (totals === undefined || host === undefined) continue;
      host.recordsIn.set(counted.map((count, i) => count + totals.recordsIn[i]));
      host.recordsOut.set(out.map((count, i) => count + totals.recordsOut[i]));
      host.busyMs = totals.busyMs;
    }
  }

  #tellLetters(letters: readonly NodeLetters[]): void {
    for (const { node, letters: own } of letters) this.#options.onLetters(node, own);
  }

  #fail(cause: unknown): void {
    const failure = failureOf(cause);
    if (this.#failure !== null) return;
    this.#failure = failure;
    this.#barrier?.reject(failure);
    for (const { reject } of this.#settling.splice(0)) reject(failure);
    this.#options.onFailure(failure);
  }
}

function failureOf(cause: unknown): PipelineFailure {
  if (cause instanceof PipelineFailure) return cause;
  if (isWorkerFailure(cause)) return new PipelineFailure(cause.code, cause.node, cause.message, cause.retryable, cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new PipelineFailure("OPERATOR_FAILED", null, message, true, cause);
}

function isWorkerFailure(cause: unknown): cause is WorkerFailure {
  return typeof cause === "object" && cause !== null && "code" in cause && "retryable" in cause;
}

function isWaking(output: KeyedOutput): boolean {
  return output.kind === "status" && output.status === "active";
}
