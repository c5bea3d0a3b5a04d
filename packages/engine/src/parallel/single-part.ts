import { createEncoder } from "../column/create-encoder.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import { sourcePorts, type WiredDataflow } from "../dataflow/dataflow.ts";
import { createWorkTimer, OperatorHost, type Target } from "../dataflow/operator-host.ts";
import { createSinkStage, type SinkStage } from "../dataflow/sink-stage.ts";
import type { CutEdge, PlanCut } from "../plan/cut-plan.ts";
import type { PlanInput } from "../plan/logical-operator.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import { operatorInputs } from "../plan/map-operator.ts";
import type { Clock } from "../time/clock.ts";
import { createPassThrough } from "../transform/pass-through.ts";

/**
 * What of a cut plan runs beside the sources and sinks. Of steps that run on workers there are hosts too, where their
 * counts are kept for checkpoints, but not of operators with keyed state.
 */
export interface SinglePart extends WiredDataflow {
  /** By `keyed-single` edge: combines what comes from the groups. */
  readonly inlets: ReadonlyMap<number, OperatorHost>;
  /** By `ingest-single` edge. */
  readonly targets: ReadonlyMap<number, Target>;
  /** By source: hosts that hear of its watermarks alone. */
  readonly listeners: ReadonlyMap<string, readonly Target[]>;
  /** Stages of sinks whose records are encoded on workers. */
  readonly remoteStages: ReadonlyMap<string, RemoteStage>;
}

/** The end of a sink whose records were encoded elsewhere. */
export interface RemoteStage extends SinkStage {
  append(bytes: Uint8Array, records: number): void;
}

export function createRemoteStage(): RemoteStage {
  let pieces: Uint8Array[] = [];
  let size = 0;
  let staged = 0;
  let total = 0;
  return {
    ...createSinkStage(createEncoder({ kind: "json" }, [], "append")),
    get stagedBytes() {
      return size;
    },
    get stagedTotal() {
      return total;
    },
    append(bytes, records) {
      pieces.push(bytes);
      size += bytes.length;
      staged += records;
      total += records;
    },
    take() {
      const taken = { pieces, records: staged };
      pieces = [];
      size = 0;
      staged = 0;
      return taken;
    },
  };
}

/** Connects the `single` steps of a cut plan. */
export function wireSinglePart(plan: LogicalPlan, cut: PlanCut, groups: number, clock: Clock): SinglePart {
  const timer = createWorkTimer(clock);
  const hosts = new Map<string, OperatorHost>();
  const sinks: { step: PlanStep; host: OperatorHost; stage: SinkStage }[] = [];
  const sources: { step: PlanStep; host: OperatorHost }[] = [];
  const remoteStages = new Map<string, RemoteStage>();
  const present = plan.steps.filter(({ id, operator }) => cut.placements.get(id) !== "keyed" || operator.op === "sink");
  for (const compiled of compilePlan({ ...plan, steps: present }).steps) {
    const { step } = compiled;
    const inputs = operatorInputs<unknown, PlanInput>(step.operator);
    const isHere = cut.placements.get(step.id) === "single";
    const remote = compiled.kind === "sink" && !isHere ? createRemoteStage() : null;
    if (remote !== null) remoteStages.set(step.id, remote);
    const operator = compiled.kind === "source" ? sourcePorts : compiled.kind === "sink" ? (remote ?? compiled.stage) : compiled.operator;
    const host = new OperatorHost(step, operator, inputs.length, timer);
    hosts.set(step.id, host);
    if (compiled.kind === "source") sources.push({ step, host });
    if (compiled.kind === "sink") sinks.push({ step, host, stage: remote ?? compiled.stage });
    inputs.forEach((from, input) => {
      const isNear = cut.placements.get(from.operator) === "single" || from.port === "dead_letter";
      const isCut = cut.edges.some(({ to }) => to.step === step.id && to.input === input);
      if (isHere && isNear && !isCut) hosts.get(from.operator)?.connect(from.port, { host, input });
    });
  }
  const inlets = new Map<number, OperatorHost>();
  const targets = new Map<number, Target>();
  for (const edge of cut.edges) {
    const host = hosts.get(edge.to.step);
    if (host === undefined || edge.between === "ingest-keyed") continue;
    const target = { host, input: edge.to.input };
    if (edge.between === "ingest-single") targets.set(edge.id, target);
    else inlets.set(edge.id, createInlet(edge, target, groups, plan, clock));
  }
  return { hosts, sinks, sources, inlets, targets, remoteStages, listeners: listenersOf(cut, hosts) };
}

function createInlet(edge: CutEdge, target: Target, groups: number, plan: LogicalPlan, clock: Clock): OperatorHost {
  const step = plan.steps.find(({ id }) => id === edge.from.operator);
  if (step === undefined) throw new Error(`the plan has no step ${edge.from.operator}`);
  const host = new OperatorHost(step, createPassThrough(), groups, createWorkTimer(clock));
  host.connect("out", target);
  return host;
}

function listenersOf(cut: PlanCut, hosts: ReadonlyMap<string, OperatorHost>): ReadonlyMap<string, readonly Target[]> {
  const listeners = new Map<string, Target[]>();
  for (const [step, source] of cut.sourceOf) {
    const host = hosts.get(step);
    const list = listeners.get(source) ?? [];
    listeners.set(source, list);
    if (host === undefined) continue;
    if (step === source) list.push(...host.targets(host.portIndex("dead_letter")));
    else list.push({ host, input: 0 });
  }
  return listeners;
}
