import type { CheckpointManifest } from "../checkpoint/checkpoint-store.ts";
import { hasSignedState } from "../compile/signature-difference.ts";
import type { DeadLetter, SourceReader } from "../connector/source-port.ts";
import type { SourceState } from "../dataflow/driven-source.ts";
import type { OperatorHost, Target } from "../dataflow/operator-host.ts";
import type { PipelineRunOptions } from "../dataflow/pipeline-run.ts";
import { runFailure } from "../dataflow/run-failure.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { cutPlan, sourceOfOneWorker } from "../plan/cut-plan.ts";
import type { Source } from "../plan/logical-operator.ts";
import type { Clock } from "../time/clock.ts";
import type { SplitWatermarksState } from "../time/split-watermarks.ts";
import { Coordinator, type CoordinatorOptions } from "./coordinator.ts";
import { keyGroups, parseGroupStepId } from "./key-groups.ts";
import { ParallelSource } from "./parallel-source.ts";
import { type SinglePart, wireSinglePart } from "./single-part.ts";
import { SourceReplica } from "./source-replica.ts";
import type { SplitStates } from "./split-state.ts";
import { createLocalWorkers } from "./worker-pool.ts";

/** A run over several workers, as far as it is there before its sources are open. */
export class ParallelRun {
  readonly coordinator: Coordinator;
  readonly single: SinglePart;
  readonly #edges: ReadonlyMap<string, ReadonlyMap<number, readonly Target[]>>;
  readonly #watermarks: Record<string, SplitWatermarksState> = Object.create(null);

  constructor(
    run: PipelineRunOptions,
    usable: CheckpointManifest | null,
    split: SplitStates | null,
    hooks: Pick<CoordinatorOptions, "onProgress" | "onRecords" | "onLetters" | "onFailure">,
  ) {
    const { plan, clock } = run;
    const alone = sourceOfOneWorker(plan);
    if (alone !== undefined) throw runFailure("WORKERS_SOURCE", {}, { node: alone.node, retryable: false });
    const cut = cutPlan(plan);
    const workers = Math.max(1, Math.min(run.parallelism ?? 1, keyGroups));
    const groups = split === null ? groupsOfState(run, usable) : keyGroups;
    this.single = wireSinglePart(plan, cut, groups, clock);
    this.coordinator = new Coordinator({
      plan,
      cut,
      single: this.single,
      pool: run.workers ?? createLocalWorkers(clock),
      workers,
      groups,
      ...hooks,
    });
    const edges = new Map<string, Map<number, readonly Target[]>>();
    for (const edge of cut.edges) {
      const target = this.single.targets.get(edge.id);
      if (edge.source === null || target === undefined) continue;
      edges.set(edge.source, (edges.get(edge.source) ?? new Map<number, readonly Target[]>()).set(edge.id, [target]));
    }
    this.#edges = edges;
  }

  openSource(options: {
    readonly host: OperatorHost;
    readonly source: Source<TypedExpression>;
    readonly reader: SourceReader;
    readonly clock: Clock;
    readonly onDeadLetters: (letters: readonly DeadLetter[]) => void;
    readonly state: SourceState | null;
  }): ParallelSource {
    const { host, source, state, clock } = options;
    const { id } = host.step;
    const targets = this.#edges.get(id) ?? new Map();
    const listeners = this.single.listeners.get(id) ?? [];
    const replica = new SourceReplica(source, targets, state?.watermarks ?? null, clock.monotonic(), listeners);
    if (state !== null) this.#watermarks[id] = state.watermarks;
    const opened = new ParallelSource({ ...options, coordinator: this.coordinator, replica });
    this.coordinator.sources.set(id, opened);
    return opened;
  }

  /** Starts the workers with all that was restored. */
  start(): Promise<void> {
    return this.coordinator.start(this.#watermarks);
  }
}

/**
 * Whether a run goes over several workers, or over one that has the keys in groups, as a checkpoint of several left them.
 * Not when rows are outside of memory, or are taken as columns.
 */
export function isParallel(run: PipelineRunOptions, usable: CheckpointManifest | null): boolean {
  const parts = usable?.parts ?? [];
  if (parts.some(({ id }) => parseGroupStepId(id) !== null)) return true;
  const stays = run.state !== undefined || run.takeColumns !== undefined || parts.some(({ kind }) => kind === "rows");
  return (run.parallelism ?? 1) > 1 && !stays && sourceOfOneWorker(run.plan) === undefined;
}

/** State of all keys in one piece that cannot be taken apart stays in one piece: it is the state of a single group. */
function groupsOfState({ plan }: PipelineRunOptions, usable: CheckpointManifest | null): number {
  const placements = cutPlan(plan).placements;
  const isWhole = usable?.parts.some(
    ({ kind, id, signature }) => kind === "operator" && placements.get(id) === "keyed" && hasSignedState(signature ?? ""),
  );
  return isWhole === true ? 1 : keyGroups;
}
