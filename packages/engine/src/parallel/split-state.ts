import type { CheckpointManifest, CheckpointPart } from "../checkpoint/checkpoint-store.ts";
import { joinBytes } from "../column/join-bytes.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import { hasSignedState } from "../compile/signature-difference.ts";
import { type StateFit, stateFit } from "../compile/state-fit.ts";
import { createWorkTimer, OperatorHost, type WorkTimer } from "../dataflow/operator-host.ts";
import type { PipelineRunOptions } from "../dataflow/pipeline-run.ts";
import { cutPlan, type PlanCut } from "../plan/cut-plan.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import { operatorInputs } from "../plan/map-operator.ts";
import { stepKeys } from "../plan/step-keys.ts";
import { keyValues } from "../state/key-table.ts";
import { KeyHash } from "../transform/key-hash.ts";
import { keyGroupOf, keyGroups, parseGroupStepId } from "./key-groups.ts";

/** By id of a part with the state of all keys of a step: the state of each group of keys. */
export type SplitStates = ReadonlyMap<string, readonly Uint8Array[]>;

/**
 * Takes the keyed state of a checkpoint that one worker wrote apart by groups of keys, so that several can go on with it.
 * null: there is none, or an operator among those that have any cannot be taken apart; then all stay with one group.
 * `read` brings the bytes of a part.
 */
export async function splitStates(
  run: Pick<PipelineRunOptions, "plan" | "clock" | "parallelism">,
  manifest: CheckpointManifest,
  read: (part: CheckpointPart) => Promise<Uint8Array>,
): Promise<SplitStates | null> {
  if ((run.parallelism ?? 1) < 2 || manifest.parts.some(({ id }) => parseGroupStepId(id) !== null)) return null;
  const cut = cutPlan(run.plan);
  const timer = createWorkTimer(run.clock);
  const whole = run.plan.steps.flatMap((step) => {
    const part = manifest.parts.find(({ kind, id }) => kind === "operator" && id === step.id);
    if (part === undefined || cut.placements.get(step.id) !== "keyed" || step.operator.op === "sink") return [];
    return [{ step, part, fit: stateFit(manifest, part, step), splitter: new StateSplitter(run.plan, cut, step, timer) }];
  });
  if (!whole.every(({ part, fit, splitter }) => splitter.canSplit || !isKept(part, fit))) return null;
  const states = new Map<string, readonly Uint8Array[]>();
  for (const { part, fit, splitter } of whole) states.set(part.id, splitter.split(await read(part), fit));
  return states;
}

/** Whether a step goes on with keyed state of a part. */
function isKept({ signature }: CheckpointPart, { verdict }: StateFit): boolean {
  return verdict !== "discarded" && hasSignedState(signature ?? "");
}

/** Takes apart the state of one step. */
class StateSplitter {
  readonly #plan: PipelineRunOptions["plan"];
  readonly #step: PlanStep;
  readonly #timer: WorkTimer;
  /** Where in a key of the step the values are by which its records are spread. */
  readonly #places: readonly number[];
  readonly #hash = new KeyHash([]);
  readonly #whole: OperatorHost;

  constructor(plan: PipelineRunOptions["plan"], cut: PlanCut, step: PlanStep, timer: WorkTimer) {
    this.#plan = plan;
    this.#step = step;
    this.#timer = timer;
    const keys = stepKeys(step);
    const names = typeof keys === "string" ? [] : keys[0];
    this.#places = (cut.keyedBy.get(step.id) ?? []).map((name) => names.indexOf(name));
    this.#whole = this.#createHost();
  }

  get canSplit(): boolean {
    return this.#whole.operator.parting !== undefined && this.#places.every((place) => place >= 0);
  }

  /** The state of each group. What was counted so far stays with the first. */
  split(bytes: Uint8Array, { verdict, aggregates }: StateFit): readonly Uint8Array[] {
    const whole = this.#whole;
    whole.restore(bytes, verdict !== "discarded", aggregates);
    const groups = Array.from({ length: keyGroups }, () => this.#createHost());
    const { parting } = whole.operator;
    for (const [group, host] of groups.entries()) {
      host.standAs(whole, group === 0);
      if (parting === undefined) continue;
      const { progress, counts } = parting.standing();
      host.operator.parting?.stand({ progress, counts: group === 0 ? counts : counts.map(() => 0) });
    }
    parting?.part((key, state) => groups[this.#groupOf(key)].operator.parting?.take(key, state));
    for (const { operator } of groups) operator.parting?.settle?.();
    return groups.map(wholeState);
  }

  #groupOf(key: string): number {
    const values = keyValues(key);
    return keyGroupOf(this.#hash.hashOf(this.#places.map((place) => values[place])));
  }

  #createHost(): OperatorHost {
    const [compiled] = compilePlan({ ...this.#plan, steps: [this.#step] }).steps;
    if (compiled.kind !== "operator") throw new Error(`${this.#step.id} is no operator`);
    return new OperatorHost(this.#step, compiled.operator, operatorInputs(this.#step.operator).length, this.#timer);
  }
}

function wholeState(host: OperatorHost): Uint8Array {
  const capture = host.capture();
  return joinBytes([...capture.rows(true), capture.end()]);
}
