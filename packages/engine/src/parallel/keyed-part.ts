import { joinBytes } from "../column/join-bytes.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import { readDeadLetters } from "../dataflow/dead-letter-batch.ts";
import { createWorkTimer, OperatorHost, type Target, type WorkTimer } from "../dataflow/operator-host.ts";
import { unaccountedAmong } from "../dataflow/record-books.ts";
import type { SinkStage } from "../dataflow/sink-stage.ts";
import type { PlanCut } from "../plan/cut-plan.ts";
import type { PlanInput } from "../plan/logical-operator.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import { operatorInputs } from "../plan/map-operator.ts";
import type { Clock } from "../time/clock.ts";
import type { SplitWatermarksState } from "../time/split-watermarks.ts";
import { KeyedOutlet } from "./edge-outlet.ts";
import { groupStepId, keyGroups } from "./key-groups.ts";
import type { EdgeRows, KeyedOutput, NodeLetters, OtherEntry, StagedRecords, TaskEntry, TaskFacts } from "./messages.ts";
import { type PlacedRows, SourceReplica } from "./source-replica.ts";
import { RowsReader, type WireRows } from "./wire-rows.ts";

interface Group {
  readonly group: number;
  readonly hosts: readonly OperatorHost[];
  /** By source. */
  readonly replicas: ReadonlyMap<string, SourceReplica>;
  readonly outlets: readonly KeyedOutlet[];
  /** Inputs that an edge feeds. */
  readonly edges: ReadonlyMap<number, Target>;
}

/** The keyed steps of a worker: each group of keys has operators of its own, so that groups can move between workers as they are. */
export class KeyedPart {
  readonly hosts: readonly OperatorHost[];
  readonly #groups: readonly Group[];
  readonly #clock: Clock;
  readonly #sinks: readonly { readonly host: OperatorHost; readonly stage: SinkStage }[];
  readonly #outputs: KeyedOutput[] = [];
  #letters: NodeLetters[] = [];
  /** By edge and worker that sent rows over it. */
  readonly #readers = new Map<string, RowsReader>();
  /** By edge: records that came. */
  readonly received: Float64Array;

  constructor(options: {
    readonly plan: LogicalPlan;
    readonly cut: PlanCut;
    readonly groups: readonly number[];
    /** False: there is one group of all keys, whose state has the ids of the steps. */
    readonly isGrouped: boolean;
    readonly watermarks: Readonly<Record<string, SplitWatermarksState>>;
    readonly clock: Clock;
  }) {
    const { plan, cut, clock } = options;
    this.#clock = clock;
    this.received = new Float64Array(cut.edges.length);
    const timer = createWorkTimer(clock);
    const own = plan.steps.filter(({ id }) => cut.placements.get(id) === "keyed");
    const sinks = compilePlan({ ...plan, steps: own.filter(({ operator }) => operator.op === "sink") }).steps.flatMap((compiled) =>
      compiled.kind === "sink" ? [{ host: new OperatorHost(compiled.step, compiled.stage, 1, timer), stage: compiled.stage }] : [],
    );
    this.#sinks = sinks;
    const sinkHosts = new Map(sinks.map(({ host }) => [host.step.id, host]));
    this.#groups = options.groups.map((group) => this.#createGroup({ ...options, timer, own, sinkHosts, group }));
    this.hosts = this.#groups.flatMap(({ hosts }) => hosts);
  }

  /** The groups' operators by the id under which their state is kept. */
  host(id: string): OperatorHost | undefined {
    return this.hosts.find(({ step }) => step.id === id);
  }

  get sent(): Float64Array {
    const sent = new Float64Array(this.received.length);
    for (const { outlets } of this.#groups) for (const outlet of outlets) sent[outlet.edge] += outlet.receivedThisRun[0];
    return sent;
  }

  /** Records of which it has lost sight. */
  get lost(): number {
    const entered = new Float64Array(this.received.length);
    for (const { edges } of this.#groups) for (const [edge, { host, input }] of edges) entered[edge] += host.receivedThisRun[input];
    return entered.reduce((off, count, edge) => off + Math.abs(count - this.received[edge]), unaccountedAmong(this.hosts));
  }

  /** The records of a task that are for this worker. */
  takeTask({ source, split, worker }: TaskEntry, facts: TaskFacts, edges: readonly EdgeRows[]): void {
    const byGroup = new Map<number, PlacedRows[]>();
    for (const { edge, rows } of edges) {
      const reader = this.#reader(edge, worker);
      for (const wire of rows) this.#spread(edge, wire, reader, byGroup);
    }
    const now = this.#clock.monotonic();
    for (const { group, replicas } of this.#groups) replicas.get(source)?.take(split, facts, byGroup.get(group) ?? [], now);
    this.#flush();
  }

  /** Everything in the order of a run but tasks and barriers. */
  takeEntry(entry: Exclude<OtherEntry, { readonly kind: "barrier" }>): void {
    const now = this.#clock.monotonic();
    for (const { replicas, hosts } of this.#groups) {
      if (entry.kind === "time") {
        for (const host of hosts) host.processingTime(entry.nowMs);
        continue;
      }
      const replica = replicas.get(entry.source);
      if (entry.kind === "splits") replica?.register(entry.splits, now);
      else if (entry.kind === "finished") replica?.finish(entry.splits);
      else if (entry.kind === "idle") replica?.markIdle(entry.splits, entry.isAll);
      else if (entry.kind === "raise") replica?.raise(entry.watermark);
      else replica?.end();
    }
    this.#flush();
  }

  /** What has come out since the last call. */
  takeOutputs(): {
    readonly outputs: readonly KeyedOutput[];
    readonly staged: readonly StagedRecords[];
    readonly letters: readonly NodeLetters[];
  } {
    const letters = this.#letters;
    this.#letters = [];
    const staged = this.#sinks.flatMap(({ host, stage }) => {
      const { pieces, records } = stage.take();
      return records === 0 ? [] : [{ sink: host.step.id, bytes: joinBytes(pieces), records }];
    });
    return { outputs: this.#outputs.splice(0), staged, letters };
  }

  #flush(): void {
    for (const { outlets } of this.#groups) for (const outlet of outlets) outlet.flush();
  }

  #reader(edge: number, from: number): RowsReader {
    const key = `${edge} ${from}`;
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const reader = new RowsReader();
    this.#readers.set(key, reader);
    return reader;
  }

  #spread(edge: number, wire: WireRows, reader: RowsReader, byGroup: Map<number, PlacedRows[]>): void {
    const { groups, places, length } = wire;
    if (groups === null || places === null) throw new Error(`rows of edge ${edge} came without their groups`);
    this.received[edge] += length;
    const batch = reader.read(wire);
    const rowsOf = rowsByGroup(groups, length);
    for (const { group } of this.#groups) {
      const rows = rowsOf(group);
      if (rows.length === 0) continue;
      const list = byGroup.get(group) ?? [];
      byGroup.set(group, list);
      list.push({ edge, batch, rows: rows.length === length ? null : rows, places });
    }
  }

  #createGroup(options: {
    readonly plan: LogicalPlan;
    readonly cut: PlanCut;
    readonly isGrouped: boolean;
    readonly watermarks: Readonly<Record<string, SplitWatermarksState>>;
    readonly clock: Clock;
    readonly timer: WorkTimer;
    readonly own: readonly PlanStep[];
    readonly sinkHosts: ReadonlyMap<string, OperatorHost>;
    readonly group: number;
  }): Group {
    const { plan, cut, own, sinkHosts, group, timer, isGrouped } = options;
    const hosts = new Map<string, OperatorHost>();
    const outlets: KeyedOutlet[] = [];
    const operators = own.filter(({ operator }) => operator.op !== "sink");
    for (const compiled of compilePlan({ ...plan, steps: operators }).steps) {
      if (compiled.kind !== "operator") continue;
      const { step } = compiled;
      const named = isGrouped ? { ...step, id: groupStepId(step.id, group) } : step;
      const host = new OperatorHost(named, compiled.operator, operatorInputs(step.operator).length, timer);
      host.onDeadLetters = (batch) => this.#letters.push({ node: step.node, letters: readDeadLetters(batch, step) });
      hosts.set(step.id, host);
    }
    const readerOf = (id: string): OperatorHost => {
      const host = hosts.get(id) ?? sinkHosts.get(id);
      if (host === undefined) throw new Error(`${id} is no keyed step`);
      return host;
    };
    for (const step of own) {
      operatorInputs<unknown, PlanInput>(step.operator).forEach((from, input) => {
        hosts.get(from.operator)?.connect(from.port, { host: readerOf(step.id), input });
      });
    }
    const steps = new Map(plan.steps.map((step) => [step.id, step]));
    const replicas = new Map<string, Map<number, Target[]>>();
    const edges = new Map<number, Target>();
    for (const edge of cut.edges) {
      if (edge.between === "keyed-single") {
        const reader = steps.get(edge.to.step);
        if (reader === undefined) throw new Error(`the plan has no step ${edge.to.step}`);
        const outlet = new KeyedOutlet(edge, reader, group, this.#outputs);
        outlets.push(outlet);
        hosts.get(edge.from.operator)?.connect(edge.from.port, { host: outlet, input: 0 });
      } else if (edge.between === "ingest-keyed" && edge.source !== null) {
        const targets = replicas.get(edge.source) ?? new Map<number, Target[]>();
        const target = { host: readerOf(edge.to.step), input: edge.to.input };
        edges.set(edge.id, target);
        targets.set(edge.id, [target]);
        replicas.set(edge.source, targets);
      }
    }
    return {
      group,
      hosts: [...hosts.values()],
      outlets,
      edges,
      replicas: new Map([...replicas].map(([id, targets]) => [id, this.#replica(id, targets, steps, options)])),
    };
  }

  #replica(
    id: string,
    targets: ReadonlyMap<number, readonly Target[]>,
    steps: ReadonlyMap<string, PlanStep>,
    { watermarks, clock }: { readonly watermarks: Readonly<Record<string, SplitWatermarksState>>; readonly clock: Clock },
  ): SourceReplica {
    const source = steps.get(id)?.operator;
    if (source?.op !== "source") throw new Error(`${id} is no source`);
    return new SourceReplica(source, targets, watermarks[id] ?? null, clock.monotonic());
  }
}

/** The rows of each group, ascending. */
function rowsByGroup(groups: Uint8Array, length: number): (group: number) => Int32Array {
  // Of each group: where its rows begin, and then where they end.
  const ends = new Int32Array(keyGroups + 1);
  for (let row = 0; row < length; row++) ends[groups[row] + 1]++;
  for (let group = 0; group < keyGroups; group++) ends[group + 1] += ends[group];
  const starts = ends.slice();
  const rows = new Int32Array(length);
  for (let row = 0; row < length; row++) rows[ends[groups[row]]++] = row;
  return (group) => rows.subarray(starts[group], ends[group]);
}
