import { type CheckpointManifest, type CheckpointPart, FencedError } from "../checkpoint/checkpoint-store.ts";
import { createDecoder } from "../column/create-decoder.ts";
import { type StateFit, stateFit } from "../compile/state-fit.ts";
import { stateSignature } from "../compile/state-signature.ts";
import { ConnectorError } from "../connector/connector-error.ts";
import { lookupConnector } from "../connector/connector-registry.ts";
import type { SinkConnector, SinkWriter } from "../connector/sink-port.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import { groupStepId, parseGroupStepId } from "../parallel/key-groups.ts";
import type { ParallelRun } from "../parallel/parallel-run.ts";
import type { SplitStates } from "../parallel/split-state.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { Field } from "../types/field-type.ts";
import type { JsonObject } from "../types/json-value.ts";
import type { ColdStates } from "./cold-states.ts";
import type { WiredDataflow } from "./dataflow.ts";
import { deadLettersSinkId } from "./dead-letter-stage.ts";
import { deliver, type OpenSink } from "./deliver.ts";
import type { DrivenSource, SourceState } from "./driven-source.ts";
import { LookupTask, lookupFailure } from "./lookup-task.ts";
import type { OperatorHost } from "./operator-host.ts";
import { PipelineFailure, type PipelineRunOptions, type RunEvent } from "./pipeline-run.ts";
import { type RunCheckpoints, storeFailure } from "./run-checkpoints.ts";
import { runFailure } from "./run-failure.ts";
import { sourceFailure } from "./source-loop.ts";
import { SourceTask } from "./source-task.ts";

/** A run after recovery, ready to process. */
export interface Recovered {
  readonly sinks: readonly OpenSink[];
  readonly tasks: readonly DrivenSource[];
  readonly lookups: readonly LookupTask[];
  /** The number after which the run's own checkpoints count. */
  readonly checkpoint: number;
  readonly restored: boolean;
}

interface RecoverContext {
  readonly run: PipelineRunOptions;
  readonly wired: WiredDataflow;
  readonly checkpoints: RunCheckpoints;
  /** The newest. */
  readonly manifest: CheckpointManifest | null;
  /** Whose state and positions the run takes over; null: it starts empty. */
  readonly usable: CheckpointManifest | null;
  /** Where records are decoded, and keyed state is, when not in this thread. */
  readonly parallel: ParallelRun | null;
  /** Keyed state of one worker, taken apart for several. */
  readonly split: SplitStates | null;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  /** Told of everything that is open from now on and has to be closed, whatever comes. */
  readonly onOpen: (opened: { close(): Promise<void> }) => void;
  /** Told of every operator part whose log of snapshots its operator can go on with. */
  readonly onRestored: (part: CheckpointPart) => void;
  readonly cold: ColdStates;
}

/**
 * Brings a run to where its newest checkpoint left it: delivers what the checkpoint's sinks do not have yet,
 * restores state that still fits, and opens the sources at their positions. With `startFrom: "empty"`
 * committed records are still delivered (they were promised), but no state or position is taken over.
 */
export async function recover(context: RecoverContext): Promise<Recovered> {
  const { run, wired, manifest, usable } = context;
  const from = manifest?.checkpoint ?? 0;
  const sinks = await openSinks(context);
  let highest = from;
  const askHow = async (sink: OpenSink): Promise<void> => {
    const delivered = await ask(sink.node, sink.writer);
    if (delivered !== null && delivered > from && run.startFrom === "latest") {
      await standDownIfFenced(context);
      throw runFailure("SINK_AHEAD", { sinkCheckpoint: delivered, storeCheckpoint: from }, { node: sink.node, retryable: false });
    }
    if (delivered !== null) highest = Math.max(highest, delivered);
  };
  // Only when all are open: what a sink holds may be hidden behind what another of them had begun and opening it ends.
  for (const sink of sinks) await askHow(sink);
  if (manifest !== null) await deliverCommitted(context, manifest, sinks);
  if (usable !== null) await restoreOperators(context, usable);
  const tasks = await openSources(context, usable);
  const lookups: LookupTask[] = [];
  for (const host of wired.hosts.values()) {
    const task = await openLookup(context, host);
    if (task === null) continue;
    lookups.push(task);
    context.onOpen(task);
  }
  return { sinks, tasks, lookups, checkpoint: highest, restored: usable !== null };
}

/**
 * Opens all sinks at once: one may have to wait until what another had begun before a crash is ended, which opening that
 * one does. When one cannot be opened, the others are waited for, so that they can be closed.
 */
async function openSinks(context: RecoverContext): Promise<OpenSink[]> {
  const { run, wired } = context;
  const openings = wired.sinks.map(({ step }) => {
    const { operator } = step;
    if (operator.op !== "sink") throw new Error(`step ${step.id} is no sink`);
    const kind = sinkConnector(context, step.node, operator.connector);
    const open = (): Promise<SinkWriter> => openSink(context, step.id, step.node, kind, operator.options, step.inputs[0].fields);
    return { sinkId: step.id, node: step.node, open };
  });
  const { deadLetters } = run.connectors;
  if (deadLetters !== undefined) {
    const [node] = deadLettersSinkId.split(":");
    openings.push({ sinkId: deadLettersSinkId, node, open: () => openSink(context, deadLettersSinkId, node, deadLetters, {}, []) });
  }
  const opened = await Promise.allSettled(
    openings.map(async ({ sinkId, node, open }): Promise<OpenSink> => {
      const writer = await open();
      context.onOpen(writer);
      return { sinkId, node, writer };
    }),
  );
  return opened.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

/**
 * Opens all sources at once, and puts them into the run in the order of the plan. When one cannot be opened, the others are
 * waited for, so that they can be closed.
 */
async function openSources(context: RecoverContext, usable: CheckpointManifest | null): Promise<DrivenSource[]> {
  const opened = await Promise.allSettled(context.wired.sources.map(({ step, host }) => openSource(context, step, host, usable)));
  const tasks = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value()] : []));
  for (const task of tasks) context.onOpen(task);
  for (const result of opened) if (result.status === "rejected") throw result.reason;
  return tasks;
}

/** null for operators that ask nothing. */
async function openLookup({ run, signal }: RecoverContext, host: OperatorHost): Promise<LookupTask | null> {
  const { step, operator } = host;
  const spec = step.operator;
  if (spec.op !== "lookup-join" || operator.asking === undefined) return null;
  const kind = lookupConnector(run.connectors, spec.connector);
  if (kind === undefined) throw runFailure("CONNECTOR_UNKNOWN", { connector: spec.connector }, { node: step.node, retryable: false });
  const keys = spec.keys.map(({ name }) => name);
  try {
    const reader = await kind.open({ options: spec.options, keys, fields: spec.fields, clock: run.clock, signal });
    return new LookupTask({ host, asking: operator.asking, reader, spec, clock: run.clock });
  } catch (cause) {
    throw lookupFailure(step.node, cause);
  }
}

/** A sink may also be ahead because another owner has gone on in the meantime: that is no loss of checkpoints. */
async function standDownIfFenced({ run, checkpoints }: RecoverContext): Promise<void> {
  const newest = await run.store.readNewest().catch((cause: unknown) => {
    throw storeFailure(cause);
  });
  if (newest !== null && newest.fencingToken > checkpoints.fencingToken) {
    throw storeFailure(new FencedError(checkpoints.fencingToken, newest.fencingToken));
  }
}

/** The manifest whose state and positions the run takes over; null: it starts empty. */
export async function manifestToStartFrom(
  run: Pick<PipelineRunOptions, "startFrom" | "store">,
  manifest: CheckpointManifest | null,
): Promise<CheckpointManifest | null> {
  if (run.startFrom === "empty") return null;
  if (run.startFrom === "latest") return manifest;
  const { checkpoint } = run.startFrom;
  const found = await run.store.readManifest(checkpoint).catch((cause: unknown) => {
    throw storeFailure(cause);
  });
  if (found !== null) return found;
  const args = { checkpoint, newest: manifest?.checkpoint ?? 0 };
  throw runFailure("CHECKPOINT_GONE", args, { node: null, retryable: false });
}

async function openSink(
  context: RecoverContext,
  sinkId: string,
  node: string,
  kind: SinkConnector,
  options: JsonObject,
  fields: readonly Field[],
): Promise<SinkWriter> {
  const { run, signal } = context;
  try {
    const { fencingToken } = context.checkpoints;
    return await kind.open({ pipelineId: run.plan.pipelineId, sinkId, fencingToken, options, fields, clock: run.clock, signal });
  } catch (cause) {
    throw sinkFailure(node, cause);
  }
}

function sinkConnector({ run }: RecoverContext, node: string, connector: string): SinkConnector {
  const kind = run.connectors.sinks.get(connector);
  if (kind === undefined) throw runFailure("CONNECTOR_UNKNOWN", { connector }, { node, retryable: false });
  return kind;
}

async function ask(node: string, writer: SinkWriter): Promise<number | null> {
  try {
    return await writer.delivered();
  } catch (cause) {
    throw sinkFailure(node, cause);
  }
}

/**
 * Delivers the staged records of the newest checkpoint where a sink does not have them, removed sinks included. A sink
 * that has them is asked too: it then tells again of records that it gave up on, as no checkpoint holds these yet.
 */
async function deliverCommitted(context: RecoverContext, manifest: CheckpointManifest, sinks: readonly OpenSink[]): Promise<void> {
  const { checkpoints, run, signal, onEvent } = context;
  for (const part of manifest.parts) {
    if (part.kind !== "staged" || (part.records ?? 0) === 0) continue;
    const open = sinks.find((sink) => sink.sinkId === part.id);
    // Committed by a host that keeps dead letters, recovered by one that does not.
    if (open === undefined && part.id === deadLettersSinkId) continue;
    const sink = open ?? (await openRemovedSink(context, part));
    const bytes = await checkpoints.read(part);
    const delivery = { checkpoint: manifest.checkpoint, fencingToken: checkpoints.fencingToken, bytes, records: part.records ?? 0 };
    const delivered = await ask(sink.node, sink.writer);
    const known = delivered !== null && delivered >= manifest.checkpoint;
    const tell = (event: RunEvent): void => (known && event.kind === "delivered" ? undefined : onEvent(event));
    await deliver(sink, delivery, { clock: run.clock, signal, onEvent: tell });
    if (open === undefined) await sink.writer.close();
  }
}

async function openRemovedSink(context: RecoverContext, part: CheckpointPart): Promise<OpenSink> {
  const [node] = part.id.split(":");
  if (part.sink === undefined) throw new Error(`staged part ${part.id} does not say where it belongs`);
  const kind = sinkConnector(context, node, part.sink.connector);
  const writer = await openSink(context, part.id, node, kind, part.sink.options, part.sink.fields);
  return { sinkId: part.id, node, writer };
}

async function restoreOperators(context: RecoverContext, manifest: CheckpointManifest): Promise<void> {
  const { wired, checkpoints, cold, onEvent } = context;
  for (const part of manifest.parts) {
    const host = wired.hosts.get(part.id);
    if (part.kind === "rows" && host !== undefined && part.signature === stateSignature(host.step)) await cold.restore(part);
  }
  for (const part of manifest.parts) {
    if (part.kind !== "operator") continue;
    if (await restoreOnWorkers(context, manifest, part)) continue;
    const host = wired.hosts.get(part.id);
    if (host === undefined) {
      onEvent({ kind: "state-discarded", step: part.id, reason: "the node is no longer in the pipeline" });
      continue;
    }
    const fit = stateFit(manifest, part, host.step);
    tellFit(context, part.id, fit);
    const isGoneOnWith = host.restore(await checkpoints.read(part), fit.verdict !== "discarded", fit.aggregates);
    if (isGoneOnWith) context.onRestored(part);
  }
}

function tellFit({ onEvent }: RecoverContext, step: string, { verdict, reason }: StateFit): void {
  if (verdict === "discarded") onEvent({ kind: "state-discarded", step, reason });
  else if (verdict === "migrated") onEvent({ kind: "state-migrated", step, reason });
}

/** Hands state to the workers that have its keys; false: it does not belong there. */
async function restoreOnWorkers(context: RecoverContext, manifest: CheckpointManifest, part: CheckpointPart): Promise<boolean> {
  const { run, parallel, checkpoints } = context;
  const group = parseGroupStepId(part.id);
  const id = group?.step ?? part.id;
  const step = run.plan.steps.find((candidate) => candidate.id === id);
  if (parallel === null || step === undefined || step.operator.op === "sink" || !parallel.coordinator.isKeyed(id)) return false;
  const fit = stateFit(manifest, part, step);
  // Once for all groups, of which each checkpoint has all.
  if ((group?.group ?? 0) === 0) tellFit(context, id, fit);
  const groups = context.split?.get(part.id);
  if (groups !== undefined) {
    groups.forEach((bytes, at) => {
      parallel.coordinator.restore({ id: groupStepId(id, at), bytes, chunks: [], fits: true, aggregates: null });
    });
    return true;
  }
  const place = parallel.coordinator.isGrouped ? groupStepId(id, group?.group ?? 0) : id;
  const { aggregates, verdict } = fit;
  const bytes = await checkpoints.read(part);
  parallel.coordinator.restore({ id: place, bytes, chunks: part.chunks, fits: verdict !== "discarded", aggregates });
  return true;
}

/** The outcome puts it into the run. */
async function openSource(
  context: RecoverContext,
  step: PlanStep,
  host: OperatorHost,
  manifest: CheckpointManifest | null,
): Promise<() => DrivenSource> {
  const { run, signal, checkpoints, onEvent, parallel } = context;
  const { operator: source } = step;
  if (source.op !== "source") throw new Error(`step ${step.id} is no source`);
  const kind = run.connectors.sources.get(source.connector);
  if (kind === undefined) throw runFailure("CONNECTOR_UNKNOWN", { connector: source.connector }, { node: step.node, retryable: false });
  const part = manifest?.parts.find(({ kind, id, signature }) => kind === "source" && id === step.id && signature === stateSignature(step));
  const state = part === undefined ? null : parseState(await checkpoints.read(part));
  const liveFields = step.liveFields.out ?? source.fields.map(() => true);
  try {
    const reader = await kind.open({
      pipelineId: run.plan.pipelineId,
      sourceId: step.id,
      options: source.options,
      fields: source.fields,
      liveFields,
      position: state?.position ?? null,
      borrows: parallel !== null,
      clock: run.clock,
      signal,
    });
    const onDeadLetters = (letters: readonly DeadLetter[]) => onEvent({ kind: "dead-letters", node: step.node, letters });
    if (parallel !== null) return () => parallel.openSource({ host, source, reader, clock: run.clock, onDeadLetters, state });
    const decoder = createDecoder(source.format, source.fields, liveFields);
    return () => new SourceTask({ host, source, reader, decoder, clock: run.clock, onDeadLetters, state });
  } catch (cause) {
    throw sourceFailure(step.node, cause);
  }
}

/** Written by `SourceTask.snapshot` of this or an earlier version, and verified by its checksum. */
function parseState(bytes: Uint8Array): SourceState {
  return JSON.parse(new TextDecoder().decode(bytes)) as SourceState;
}

function sinkFailure(node: string, cause: unknown): PipelineFailure {
  if (cause instanceof PipelineFailure) return cause;
  if (cause instanceof FencedError) return storeFailure(cause);
  if (cause instanceof ConnectorError) return new PipelineFailure(cause.code, node, cause.message, cause.retryable, cause);
  return runFailure("SINK_FAILED", { reason: String(cause) }, { node, retryable: true, cause });
}
