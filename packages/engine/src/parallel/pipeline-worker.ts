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
  EdgeRows,
  FromWorker,
  LogEntry,
  RestoredPart,
  TaskFacts,
  ToWorker,
  WorkerFailure,
  WorkerStart,
  WorkerTotals,
} from "./messages.ts";
import { buffersOf } from "./wire-rows.ts";

/** What a worker needs of the thread that it runs in. */
export interface WorkerHost {
  readonly clock: Clock;
  /** To the coordinator. `transfer`: buffers that are given away. */
  tell(message: FromWorker, transfer: readonly ArrayBuffer[]): void;
  /** To another worker. */
  send(worker: number, message: ToWorker, transfer: readonly ArrayBuffer[]): void;
}

interface TaskRows {
  readonly facts: TaskFacts;
  readonly edges: readonly EdgeRows[];
}

/** A small state is part of the checkpoint's own message: nothing is written ahead here. */
const noStore: ChunkStore = {
  cut: () => [],
  store: () => Promise.resolve([]),
};

/**
 * One of the workers of a run: decodes the tasks that it is given, and keeps the keyed state of its groups. It follows the
 * entries of the run's order one by one, each as soon as the rows for it have come.
 */
export class PipelineWorker {
  readonly #start: WorkerStart;
  readonly #host: WorkerHost;
  readonly #cut: PlanCut;
  readonly #ingests = new Map<string, Ingest>();
  readonly #keyed: KeyedPart;
  readonly #hasKeyed: boolean;
  readonly #logs: StateLogs;
  /** Entries that have come and not been followed yet. */
  readonly #entries: LogEntry[] = [];
  /** By number of the task. */
  readonly #rows = new Map<number, TaskRows>();

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

  /** Deals with a message; a failure is told, and nothing is done after it. */
  receive(message: Exclude<ToWorker, { readonly kind: "start" }>): void {
    try {
      if (message.kind === "task") this.#decode(message.task);
      else if (message.kind === "entry") this.#entries.push(message.entry);
      else if (message.kind === "rows") this.#rows.set(message.seq, message);
      else this.#logs.committed((id) => message.chunks.get(id) ?? []);
      this.#follow();
    } catch (cause) {
      this.#host.tell({ kind: "failed", failure: workerFailure(cause) }, []);
    }
  }

  #restore({ id, bytes, chunks, fits, aggregates }: RestoredPart): void {
    if (this.#keyed.host(id)?.restore(bytes, fits, aggregates) === true) this.#logs.goOn(id, chunks);
  }

  #decode(task: DecodeTask): void {
    const ingest = this.#ingests.get(task.source);
    if (ingest === undefined) throw new Error(`the plan has no source ${task.source}`);
    const { seq } = task;
    const { workers, worker } = this.#start;
    const { facts, ...ingested } = ingest.run(task);
    const keyed = ingest.outlets.filter((outlet) => this.#isKeyed(outlet.edge));
    for (let other = 0; other < workers; other++) {
      const edges = takeFor(keyed, other);
      if (other === worker) this.#rows.set(seq, { facts, edges });
      else if (this.#hasKeyed)
        this.#host.send(other, { kind: "rows", seq, facts, edges, worker }, buffersOf(edges.flatMap(({ rows }) => rows)));
    }
    if (!this.#hasKeyed) this.#rows.delete(seq);
    const edges = takeFor(
      ingest.outlets.filter((outlet) => !this.#isKeyed(outlet.edge)),
      0,
    );
    const transfer = [...buffersOf(edges.flatMap(({ rows }) => rows)), ...ingested.staged.map(({ bytes }) => bytes.buffer)];
    const totals = this.#ingestTotals();
    this.#host.tell({ kind: "decoded", seq, facts, ...ingested, edges, totals }, transfer.filter(isTransferable));
  }

  #isKeyed(edge: number): boolean {
    return this.#cut.edges[edge].between === "ingest-keyed";
  }

  /** Follows the entries for which everything is there. */
  #follow(): void {
    for (let entry = this.#entries.at(0); entry !== undefined && this.#apply(entry); entry = this.#entries.at(0)) this.#entries.shift();
  }

  #apply(entry: LogEntry): boolean {
    if (entry.kind === "task") {
      const rows = this.#rows.get(entry.seq);
      if (rows === undefined) return false;
      this.#rows.delete(entry.seq);
      this.#keyed.takeTask(entry.source, entry.split, rows.facts, rows.edges, entry.worker);
    } else if (entry.kind !== "barrier") this.#keyed.takeEntry(entry);
    const { outputs, staged, letters } = this.#keyed.takeOutputs();
    const isBarrier = entry.kind === "barrier";
    const parts = isBarrier ? this.#logs.take().map(plainPart) : null;
    const totals = isBarrier || entry.kind === "time" ? this.#keyedTotals() : null;
    const transfer = [
      ...outputs.flatMap((output) => (output.kind === "rows" ? buffersOf(output.rows) : [])),
      ...staged.map(({ bytes }) => bytes.buffer),
    ];
    this.#host.tell(
      { kind: "applied", seq: entry.seq, outputs, staged, operatorLetters: letters, totals, parts },
      transfer.filter(isTransferable),
    );
    return true;
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
