import { PipelineFailure } from "../dataflow/pipeline-run.ts";
import { unaccountedAmong } from "../dataflow/record-books.ts";
import type { ChunkStore, PartBytes } from "../dataflow/run-checkpoints.ts";
import { StateLogs } from "../dataflow/state-logs.ts";
import { addAllTotals, type StepTotals, stepTotals } from "../dataflow/step-totals.ts";
import { cutPlan, hasKeyedSteps, type PlanCut } from "../plan/cut-plan.ts";
import type { Clock } from "../time/clock.ts";
import { Ingest, takeFor } from "./ingest.ts";
import { groupsOf, parseGroupStepId } from "./key-groups.ts";
import { KeyedPart } from "./keyed-part.ts";
import type {
  DecodeTask,
  FromWorker,
  OtherEntry,
  RestoredPart,
  TaskEntry,
  TaskRows,
  ToWorker,
  WorkerFailure,
  WorkerStart,
  WorkerTotals,
} from "./messages.ts";
import { buffersOf } from "./wire-rows.ts";

/** What a worker needs of the thread that it runs in. */
export interface WorkerHost {
  readonly clock: Clock;
  /** To the coordinator, in order. `transfer`: buffers that are given away. */
  tell(messages: readonly FromWorker[], transfer: readonly ArrayBuffer[]): void;
  /** To another worker. */
  send(worker: number, message: ToWorker, transfer: readonly ArrayBuffer[]): void;
}

/** A small state is part of the checkpoint's own message: nothing is written ahead here. */
const noStore: ChunkStore = {
  store: () => Promise.resolve([]),
};

/**
 * One of the workers of a run: decodes the tasks that it is given, and keeps the keyed state of its groups. It follows the
 * steps of the run's order one by one, each as soon as the rows for it have come.
 */
export class PipelineWorker {
  readonly #start: WorkerStart;
  readonly #host: WorkerHost;
  readonly #cut: PlanCut;
  readonly #ingests = new Map<string, Ingest>();
  readonly #keyed: KeyedPart;
  readonly #hasKeyed: boolean;
  readonly #logs: StateLogs;
  /** By number: what has come and not been followed yet. */
  readonly #steps = new Map<number, OtherEntry | TaskRows>();
  /** Number of the step to follow next. */
  #next = 0;
  /** What is told when messages have been dealt with, as one message costs less than several. */
  #told: FromWorker[] = [];
  #transfer: ArrayBuffer[] = [];

  constructor(start: WorkerStart, host: WorkerHost) {
    this.#start = start;
    this.#host = host;
    const { plan, worker, workers, groups } = start;
    this.#cut = cutPlan(plan);
    this.#hasKeyed = hasKeyedSteps(this.#cut);
    for (const step of plan.steps) {
      if (step.operator.op === "source") this.#ingests.set(step.id, new Ingest(plan, this.#cut, step, workers, groups, host.clock));
    }
    this.#keyed = new KeyedPart({
      plan,
      cut: this.#cut,
      groups: groupsOf(worker, workers, groups),
      isGrouped: groups > 1,
      watermarks: start.watermarks,
      clock: host.clock,
    });
    this.#logs = new StateLogs(this.#keyed.hosts, noStore, host.clock);
    for (const part of start.parts) this.#restore(part);
  }

  /** Deals with messages, one after the other; a failure is told, and nothing is done after it. */
  receive(messages: Iterable<Exclude<ToWorker, { readonly kind: "start" }>>): void {
    try {
      for (const message of messages) {
        if (message.kind === "task") this.#decode(message.task);
        else if (message.kind === "entry") this.#take(message.entry);
        else if (message.kind === "rows") this.#steps.set(message.entry.seq, message);
        else this.#logs.committed((id) => message.chunks.get(id) ?? []);
        this.#follow();
      }
    } catch (cause) {
      this.#tell({ kind: "failed", failure: workerFailure(cause) }, []);
    }
    if (this.#told.length === 0) return;
    this.#host.tell(this.#told, this.#transfer);
    this.#told = [];
    this.#transfer = [];
  }

  #restore({ id, bytes, chunks, fits, aggregates }: RestoredPart): void {
    if (this.#keyed.host(id)?.restore(bytes, fits, aggregates) === true) this.#logs.goOn(id, chunks);
  }

  #decode(task: DecodeTask): void {
    const ingest = this.#ingests.get(task.source);
    if (ingest === undefined) throw new Error(`the plan has no source ${task.source}`);
    const { seq, source, split } = task;
    const { workers, worker } = this.#start;
    const entry: TaskEntry = { seq, kind: "task", source, split, worker };
    const { facts, ...ingested } = ingest.run(task);
    const keyed = ingest.outlets.filter((outlet) => this.#isKeyed(outlet.edge));
    for (let other = 0; this.#hasKeyed && other < workers; other++) {
      const rows: TaskRows = { entry, facts, edges: takeFor(keyed, other) };
      if (other === worker) this.#steps.set(seq, rows);
      else this.#host.send(other, { kind: "rows", ...rows }, buffersOf(rows.edges.flatMap((edge) => edge.rows)));
    }
    const edges = takeFor(
      ingest.outlets.filter((outlet) => !this.#isKeyed(outlet.edge)),
      0,
    );
    this.#tell({ kind: "decoded", seq, facts, ...ingested, edges, totals: this.#ingestTotals() }, [
      ...buffersOf(edges.flatMap(({ rows }) => rows)),
      ...ingested.staged.map(({ bytes }) => bytes.buffer),
    ]);
  }

  #isKeyed(edge: number): boolean {
    return this.#cut.edges[edge].between === "ingest-keyed";
  }

  /** Where nothing is keyed, only some steps are for workers: those come in order. */
  #take(entry: OtherEntry): void {
    if (this.#hasKeyed) this.#steps.set(entry.seq, entry);
    else this.#apply(entry);
  }

  /** Follows the steps that have come, up to the first that has not. */
  #follow(): void {
    for (let step = this.#steps.get(this.#next); step !== undefined; step = this.#steps.get(this.#next)) {
      this.#steps.delete(this.#next++);
      this.#apply(step);
    }
  }

  #apply(step: OtherEntry | TaskRows): void {
    const entry = "entry" in step ? step.entry : step;
    if ("entry" in step) this.#keyed.takeTask(step.entry, step.facts, step.edges);
    else if (step.kind !== "barrier") this.#keyed.takeEntry(step);
    const { outputs, staged, letters } = this.#keyed.takeOutputs();
    const isBarrier = entry.kind === "barrier";
    const parts = isBarrier ? this.#logs.take().map(plainPart) : null;
    const totals = isBarrier || entry.kind === "time" ? this.#keyedTotals() : null;
    this.#tell({ kind: "applied", seq: entry.seq, outputs, staged, operatorLetters: letters, totals, parts }, [
      ...outputs.flatMap((output) => (output.kind === "rows" ? buffersOf(output.rows) : [])),
      ...staged.map(({ bytes }) => bytes.buffer),
    ]);
  }

  #tell(message: FromWorker, transfer: readonly ArrayBufferLike[]): void {
    this.#told.push(message);
    this.#transfer.push(...transfer.filter(isTransferable));
  }

  #keyedTotals(): WorkerTotals {
    const { hosts, sent, received, lost } = this.#keyed;
    const steps = hosts.map((host) => stepTotals(host, parseGroupStepId(host.step.id)?.step));
    return { steps: [...addAllTotals(steps).values()], unaccounted: lost, sent, received: received.slice() };
  }

  /** After a task: what is decoded is ahead of the order that is followed. */
  #ingestTotals(): WorkerTotals {
    const steps: StepTotals[] = [];
    const sent = new Float64Array(this.#cut.edges.length);
    let unaccounted = 0;
    for (const { hosts, outlets } of this.#ingests.values()) {
      for (const outlet of outlets) sent[outlet.edge] += outlet.receivedThisRun[0];
      for (const host of hosts) {
        if (host.step.operator.op !== "source" && host.step.operator.op !== "sink") steps.push(stepTotals(host));
      }
      unaccounted += unaccountedAmong(hosts);
    }
    return { steps, unaccounted, sent, received: new Float64Array(sent.length) };
  }
}

function plainPart(part: PartBytes): PartBytes {
  return { ...part, pieces: [...part.pieces] };
}

function isTransferable(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return buffer instanceof ArrayBuffer && buffer.byteLength > 0;
}

/** What of a failure can be told to another thread. */
export function workerFailure(cause: unknown): WorkerFailure {
  if (cause instanceof PipelineFailure) {
    const { code, node, message, retryable } = cause;
    return { code, node, message, retryable };
  }
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return { code: "OPERATOR_FAILED", node: null, message, retryable: true };
}
