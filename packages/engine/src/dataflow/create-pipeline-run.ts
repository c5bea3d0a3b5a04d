import { sha256 as softwareSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { CheckpointManifest } from "../checkpoint/checkpoint-store.ts";
import type { ChunkCoding } from "../checkpoint/chunks.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import { stateSignature } from "../compile/state-signature.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import { isParallel, ParallelRun } from "../parallel/parallel-run.ts";
import { type SplitStates, splitStates } from "../parallel/split-state.ts";
import { ColdStates } from "./cold-states.ts";
import { unknownConnectors, type WiredDataflow, wireDataflow } from "./dataflow.ts";
import { readDeadLetters } from "./dead-letter-batch.ts";
import { DeadLetterStage, deadLettersSinkId } from "./dead-letter-stage.ts";
import { deliver, type OpenSink, type Staged, StagedDelivery } from "./deliver.ts";
import type { DrivenSource } from "./driven-source.ts";
import { ImmediateSinks } from "./immediate-sinks.ts";
import {
  PipelineFailure,
  type PipelineRun,
  type PipelineRunOptions,
  type RunEvent,
  type RunMetrics,
  type RunOutcome,
  type StopRequest,
} from "./pipeline-run.ts";
import { longestPrewriteMs, PrewritingSinks, stagedLoad } from "./prewriting-sinks.ts";
import { unaccountedRecords } from "./record-books.ts";
import { manifestToStartFrom, recover } from "./recover.ts";
import { type PartBytes, RunCheckpoints, storeFailure } from "./run-checkpoints.ts";
import { runFailure } from "./run-failure.ts";
import { nodeTotals } from "./run-metrics.ts";
import type { SinkStage } from "./sink-stage.ts";
import { SourceLoop } from "./source-loop.ts";
import { StateLogs } from "./state-logs.ts";
import { addAllTotals, stepTotals } from "./step-totals.ts";

/** Staged records beyond this ask for a checkpoint before its time; beyond three times this, processing waits for it. */
const stagedBytesBeforeCheckpoint = 32 << 20;
/** Of changed rows outside of memory, and of dead letters, a quarter is enough for that. */
const keptWeight = 4;
/** The share of an interval by which a checkpoint may begin before it is over. */
const mostLead = 0.05;
/** Less than this is not worth a request of its own. */
const fewPrewrittenBytes = 128 << 10;

/**
 * A run of a pipeline in this thread; see `PipelineRun`. `sha256`: the host's own, else one in software. `packing`: how chunks of
 * checkpoints are made smaller; left out, they are stored as they are.
 */
export function createPipelineRun(options: PipelineRunOptions & Partial<ChunkCoding>): PipelineRun {
  const { sha256 = (bytes: Uint8Array) => bytesToHex(softwareSha256(bytes)), packing = null } = options;
  return new Run(options, { sha256, packing });
}

/** What a checkpoint is made of. */
interface Snapshot {
  readonly parts: readonly PartBytes[];
  /** What each sink gets with it. */
  readonly staged: ReadonlyMap<string, Staged>;
}

class Run implements PipelineRun {
  readonly #options: PipelineRunOptions;
  readonly #coding: ChunkCoding;
  #wired: WiredDataflow;
  readonly #abort = new AbortController();
  readonly #tasks = new Map<string, DrivenSource>();
  #loop: SourceLoop;
  #parallel: ParallelRun | null = null;
  readonly #opened: { close(): Promise<void> }[] = [];
  readonly #letters = new DeadLetterStage();
  #sinks: readonly OpenSink[] = [];
  #immediate: ImmediateSinks | null = null;
  #prewriting: PrewritingSinks | null = null;
  #checkpoints: RunCheckpoints | null = null;
  #logs: StateLogs | null = null;
  #cold: ColdStates | null = null;
  #number = 0;
  #inFlight: Promise<void> | null = null;
  #failure: PipelineFailure | null = null;
  #nextCheckpointAt = 0;
  #dirty = false;
  #stop: StopRequest | null = null;
  #savepoints: string[] = [];
  #backPressuredMs = 0;
  /** From the beginning of the last checkpoint until all sinks had it, ms. */
  #tookMs = 0;
  /** State of workers for the checkpoint that is coming. */
  #remoteParts: readonly PartBytes[] = [];
  #lastCheckpoint: RunMetrics["checkpoint"] = { number: 0, committedAtMs: null, durationMs: null, bytes: 0 };
  #unaccounted = 0;

  constructor(options: PipelineRunOptions, coding: ChunkCoding) {
    this.#options = options;
    this.#coding = coding;
    this.#wired = wireDataflow(compilePlan(options.plan, options.takeColumns), options.clock);
    this.#loop = new SourceLoop(options.clock, (nowMs) => {
      for (const host of this.#wired.hosts.values()) host.processingTime(nowMs);
    });
    this.#listen();
  }

  #listen(): void {
    for (const host of this.#wired.hosts.values()) {
      if (host.step.operator.op === "source") continue;
      host.onDeadLetters = (batch) =>
        this.#tell({ kind: "dead-letters", node: host.step.node, letters: readDeadLetters(batch, host.step) });
    }
  }

  async run(): Promise<RunOutcome> {
    try {
      await this.#open();
      const outcome = await this.#process();
      return outcome;
    } catch (cause) {
      throw asFailure(cause);
    } finally {
      this.#abort.abort(runEnded);
      this.#loop.close();
      await this.#close();
    }
  }

  stop(request: StopRequest): void {
    this.#stop = request;
    if (request.savepoint !== undefined) this.#savepoints.push(request.savepoint);
    this.#loop.wake();
  }

  savepoint(name: string): void {
    this.#savepoints.push(name);
    this.checkpointNow();
  }

  checkpointNow(): void {
    this.#nextCheckpointAt = 0;
    this.#dirty = true;
    this.#loop.wake();
  }

  addDeadLetters(node: string, letters: readonly DeadLetter[]): void {
    this.#tell({ kind: "dead-letters", node, letters });
    this.#dirty = true;
  }

  metrics(): RunMetrics {
    const { plan } = this.#options;
    const steps = addAllTotals(this.#wired.hosts.values().map((host) => stepTotals(host)));
    for (const [id, totals] of this.#parallel?.coordinator.totals() ?? []) steps.set(id, totals);
    const edges: Record<string, number> = Object.create(null);
    for (const edge of plan.edges) {
      const totals = steps.get(edge.source.operator);
      if (totals !== undefined) edges[`${edge.from}>${edge.to}`] = totals.recordsOut[totals.ports.indexOf(edge.source.port)];
    }
    const nodes = nodeTotals(plan, steps, this.#tasks, this.#backPressuredMs + this.#loop.blockedMs);
    return { nodes, edges, checkpoint: this.#lastCheckpoint, unaccounted: this.#unaccounted };
  }

  async #open(): Promise<void> {
    const { plan, connectors, store, clock } = this.#options;
    for (const { node, connector } of unknownConnectors(plan, connectors)) {
      throw runFailure("CONNECTOR_UNKNOWN", { connector }, { node, retryable: false });
    }
    const { fencingToken, manifest } = await store.takeOver().catch((cause: unknown) => {
      throw storeFailure(cause);
    });
    const checkpoints = new RunCheckpoints(store, this.#coding, clock, fencingToken, manifest);
    this.#checkpoints = checkpoints;
    const usable = await manifestToStartFrom(this.#options, manifest);
    let split: SplitStates | null = null;
    if (isParallel(this.#options, usable)) {
      split = usable === null ? null : await splitStates(this.#options, usable, (part) => checkpoints.read(part));
      this.#spread(usable, split);
    }
    const logs = new StateLogs(this.#wired.hosts.values().toArray(), checkpoints, clock);
    this.#logs = logs;
    const cold = new ColdStates(checkpoints);
    this.#cold = cold;
    this.#opened.push(cold);
    await cold.open(this.#wired.hosts.values(), this.#options.state);
    const recovered = await recover({
      run: this.#options,
      wired: this.#wired,
      checkpoints,
      manifest,
      usable,
      parallel: this.#parallel,
      split,
      signal: this.#abort.signal,
      onEvent: (event) => this.#tell(event),
      onOpen: (opened) => this.#opened.push(opened),
      cold,
      onRestored: (part) => logs.goOn(part.id, part.chunks),
    });
    for (const host of this.#wired.hosts.values()) host.openBooks();
    this.#sinks = recovered.sinks;
    this.#number = recovered.checkpoint;
    if (this.#options.delivery === "at-least-once") this.#immediate = this.#immediateSinks(recovered.sinks, fencingToken);
    else if (this.#options.checkpointIntervalMs <= longestPrewriteMs) {
      const { prewriteBytes: leastBytes = fewPrewrittenBytes } = this.#options;
      this.#prewriting = new PrewritingSinks(this.#staged(recovered.sinks), { fencingToken, checkpoints, clock, leastBytes });
    }
    await this.#parallel?.start();
    for (const task of recovered.tasks) {
      this.#tasks.set(task.host.step.id, task);
      this.#loop.add(task);
    }
    for (const task of recovered.lookups) this.#loop.addLookup(task);
    this.#lastCheckpoint = { ...this.#lastCheckpoint, number: manifest?.checkpoint ?? 0, committedAtMs: manifest?.createdAtMs ?? null };
    this.#tell(
      recovered.restored ? { kind: "restored", checkpoint: recovered.checkpoint, fencingToken } : { kind: "started-empty", fencingToken },
    );
    this.#nextCheckpointAt = clock.monotonic() + this.#options.checkpointIntervalMs;
  }

  /** What has been wired for this thread alone is wired anew for several workers. */
  #spread(usable: CheckpointManifest | null, split: SplitStates | null): void {
    const parallel = new ParallelRun(this.#options, usable, split, {
      onProgress: () => this.#loop.wake(),
      onRecords: () => {
        this.#dirty = true;
      },
      onLetters: (node, letters) => this.#tell({ kind: "dead-letters", node, letters }),
      onFailure: (failure) => {
        this.#failure ??= failure;
        this.#loop.wake();
      },
    });
    this.#parallel = parallel;
    this.#opened.push(parallel.coordinator);
    this.#wired = parallel.single;
    this.#loop = new SourceLoop(this.#options.clock, (nowMs) => parallel.coordinator.post({ kind: "time", nowMs }));
    this.#listen();
  }

  #immediateSinks(sinks: readonly OpenSink[], fencingToken: number): ImmediateSinks {
    return new ImmediateSinks(this.#staged(sinks), {
      fencingToken,
      clock: this.#options.clock,
      signal: this.#abort.signal,
      onEvent: (event) => this.#tell(event),
      onFailure: (cause) => {
        this.#failure ??= asFailure(cause);
        this.#loop.wake();
      },
    });
  }

  /** Sinks with their stages. */
  #staged(sinks: readonly OpenSink[]): { readonly sink: OpenSink; readonly stage: SinkStage }[] {
    return sinks.flatMap((sink) => {
      const wired = this.#wired.sinks.find(({ step }) => step.id === sink.sinkId);
      return wired === undefined ? [] : [{ sink, stage: wired.stage }];
    });
  }

  async #process(): Promise<RunOutcome> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#stop !== null) return this.#end("stopped", this.#stop.drain);
      if (this.#loop.ended) return this.#end("finished", false);
      await this.#checkpointIfDue();
      await this.#relieveState();
      if (await this.#loop.turn(this.#inFlight === null ? this.#nextCheckpointAt : Number.POSITIVE_INFINITY)) this.#dirty = true;
      this.#immediate?.pump();
      this.#prewriting?.pump(this.#number + 1);
    }
  }

  /** Records do not come faster than rows can be written that leave memory. */
  async #relieveState(): Promise<void> {
    const relief = this.#cold?.relieve() ?? null;
    if (relief === null) return;
    const since = this.#options.clock.monotonic();
    await relief;
    this.#backPressuredMs += this.#options.clock.monotonic() - since;
  }

  async #checkpointIfDue(): Promise<void> {
    const { clock } = this.#options;
    const kept = (this.#cold?.changedBytes ?? 0) + this.#letters.stagedBytes;
    const staged = kept * keptWeight + stagedLoad(this.#wired.sinks, this.#prewriting);
    if (this.#inFlight !== null) {
      if (staged < stagedBytesBeforeCheckpoint * 3) return;
      const since = clock.monotonic();
      await this.#inFlight;
      this.#backPressuredMs += clock.monotonic() - since;
      if (this.#failure !== null) throw this.#failure;
    }
    const due = clock.monotonic() >= this.#nextCheckpointAt || staged >= stagedBytesBeforeCheckpoint;
    if (!due) return;
    if (this.#dirty) this.#startCheckpoint(false);
    this.#nextCheckpointAt = clock.monotonic() + this.#options.checkpointIntervalMs - this.#lead();
  }

  /** So much sooner a checkpoint begins: what came since the last one is to be read an interval after that; reading takes as long again as delivering. */
  #lead(): number {
    return Math.min(this.#tookMs * 2, this.#options.checkpointIntervalMs * mostLead);
  }

  async #end(outcome: RunOutcome, drain: boolean): Promise<RunOutcome> {
    await this.#settle();
    if (drain) {
      for (const task of this.#tasks.values()) task.drain();
      await this.#parallel?.coordinator.settled();
      // A stop without draining may still call it off: what waits is part of the checkpoint then.
      await this.#loop.finishLookups(() => this.#stop?.drain !== true);
    }
    this.#startCheckpoint(outcome === "finished" || this.#stop?.drain === true);
    await this.#settle();
    return outcome;
  }

  async #settle(): Promise<void> {
    await this.#inFlight;
    if (this.#failure !== null) throw this.#failure;
  }

  /** Snapshots everything now; stores, commits and delivers while processing goes on. */
  #startCheckpoint(final: boolean): void {
    const logs = this.#logs;
    if (logs === null) throw new Error("a checkpoint before the run was opened");
    const startedAt = this.#options.clock.monotonic();
    const ahead = both(both(logs.prepare(), this.#cold?.prepare() ?? null), this.#barrier());
    this.#inFlight = (ahead === null ? this.#cut(logs, final, startedAt) : ahead.then(() => this.#cut(logs, final, startedAt)))
      .catch((cause: unknown) => {
        this.#failure ??= asFailure(cause);
      })
      .finally(() => {
        this.#inFlight = null;
        this.#loop.wake();
      });
  }

  /** Until workers have put their state into the checkpoint; what they do afterwards waits for the rest of it. */
  #barrier(): Promise<void> | null {
    if (this.#parallel === null) return null;
    return this.#parallel.coordinator.barrier().then((parts) => {
      this.#remoteParts = parts;
    });
  }

  /** Snapshots everything as it is now; the caller is between two batches. */
  #cut(logs: StateLogs, final: boolean, startedAt: number): Promise<void> {
    const checkpoints = this.#checkpoints;
    if (checkpoints === null) throw new Error("a checkpoint before the run was opened");
    this.#number += 1;
    this.#dirty = false;
    const checkpoint = this.#number;
    const savepoints = this.#savepoints;
    this.#savepoints = [];
    this.#unaccounted = this.#parallel?.coordinator.unaccounted() ?? unaccountedRecords(this.#wired, this.#tasks);
    // What is staged leaves at once, so that the snapshot holds nothing of it.
    const written = this.#immediate?.flush();
    const snapshot = this.#snapshot(logs);
    checkpoints.next();
    this.#parallel?.coordinator.resume();
    const commit = (): Promise<void> => this.#commit(checkpoints, checkpoint, final, snapshot, startedAt, savepoints);
    return written === undefined ? commit() : written.then((ok) => (ok ? commit() : undefined));
  }

  async #commit(
    checkpoints: RunCheckpoints,
    checkpoint: number,
    final: boolean,
    { parts, staged }: Snapshot,
    startedAt: number,
    savepoints: readonly string[],
  ): Promise<void> {
    const { clock, plan, graphHash } = this.#options;
    const header: Pick<CheckpointManifest, "pipelineId" | "checkpoint" | "graphHash" | "final"> = {
      pipelineId: plan.pipelineId,
      checkpoint,
      graphHash,
      final,
    };
    const bytes = await checkpoints.commit(header, parts);
    const chunks = new Map(checkpoints.manifest?.parts.map((part) => [`${part.kind} ${part.id}`, part.chunks]));
    this.#logs?.committed((id) => chunks.get(`operator ${id}`) ?? []);
    this.#parallel?.coordinator.committed((id) => chunks.get(`operator ${id}`) ?? []);
    this.#cold?.committed((id) => chunks.get(`rows ${id}`) ?? []);
    const durationMs = clock.monotonic() - startedAt;
    const pauseMs = this.#logs?.longestPauseMs ?? 0;
    this.#lastCheckpoint = { number: checkpoint, committedAtMs: clock.now(), durationMs, bytes };
    this.#tell({ kind: "checkpoint-committed", checkpoint, durationMs, pauseMs, bytes });
    for (const name of savepoints) this.#tell({ kind: "savepoint", checkpoint: await checkpoints.keep(name), name });
    const context = { clock, signal: this.#abort.signal, onEvent: (event: RunEvent) => this.#tell(event) };
    await Promise.all(
      this.#sinks.map(async (sink) => {
        const taken = staged.get(sink.sinkId) ?? { pieces: [], records: 0 };
        await this.#prewriting?.settled(sink.sinkId);
        await deliver(sink, new StagedDelivery(checkpoint, checkpoints.fencingToken, taken), context);
        this.#prewriting?.delivered(sink.sinkId);
      }),
    );
    this.#tookMs = clock.monotonic() - startedAt;
    if (checkpoints.isCollectionDue || final) await checkpoints.collectGarbage();
  }

  #snapshot(logs: StateLogs): Snapshot {
    const parts = [...logs.take(), ...this.#remoteParts, ...(this.#cold?.take() ?? [])];
    const staged = new Map<string, Staged>();
    for (const [id, task] of this.#tasks) {
      const bytes = new TextEncoder().encode(JSON.stringify(task.snapshot()));
      parts.push({ kind: "source", id, pieces: [bytes], signature: stateSignature(task.host.step) });
    }
    for (const { step, stage } of this.#wired.sinks) {
      const { operator } = step;
      if (operator.op !== "sink") throw new Error(`step ${step.id} is no sink`);
      const prewritten = this.#prewriting?.take(step.id) ?? null;
      const taken = prewritten?.staged ?? stage.take();
      staged.set(step.id, taken);
      const sink = { connector: operator.connector, options: operator.options, fields: step.inputs[0].fields };
      const { before, rest } = prewritten ?? { before: [], rest: taken.pieces };
      parts.push({ kind: "staged", id: step.id, before, pieces: rest, records: taken.records, sink });
    }
    if (this.#options.connectors.deadLetters !== undefined) {
      const taken = this.#letters.take();
      staged.set(deadLettersSinkId, taken);
      if (taken.records > 0) parts.push({ kind: "staged", id: deadLettersSinkId, pieces: taken.pieces, records: taken.records });
    }
    return { parts, staged };
  }

  #tell(event: RunEvent): void {
    const { connectors, clock } = this.#options;
    if (event.kind === "dead-letters" && connectors.deadLetters !== undefined) this.#letters.add(event.node, event.letters, clock.now());
    this.#options.onEvent?.(event);
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#opened.map((opened) => opened.close()));
  }
}

/** Made once: an exception takes the stack that it is made on along. */
const runEnded = new DOMException("The run has ended.", "AbortError");

function both(one: Promise<void> | null, other: Promise<void> | null): Promise<void> | null {
  if (one === null || other === null) return one ?? other;
  return one.then(() => other);
}

function asFailure(cause: unknown): PipelineFailure {
  if (cause instanceof PipelineFailure) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return runFailure("OPERATOR_FAILED", { operator: "pipeline", reason }, { node: null, retryable: true, cause });
}
