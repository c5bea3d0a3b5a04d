import type { PipelineSettings } from "../graph/pipeline-settings.ts";
import { cutPlan, sourceOfOneWorker } from "./cut-plan.ts";
import type { LogicalPlan } from "./logical-plan.ts";
import { isPassing, stepKeys } from "./step-keys.ts";

/** What becomes of a plan on several workers, by slugs of its nodes in the order of the plan. */
export interface WorkerUse {
  /** Why all of it runs on one worker all the same; null: it does not. */
  readonly alone: { readonly reason: "state-on-disk" } | { readonly reason: "source"; readonly node: string } | null;
  /** Nodes that keep state and run on one worker. */
  readonly single: readonly string[];
  /** Nodes that keep state, by key, on all workers. */
  readonly keyed: readonly string[];
}

/** Which nodes several workers can share. */
export function workerUse(plan: LogicalPlan, { state }: Pick<PipelineSettings, "state">): WorkerUse {
  const { placements } = cutPlan(plan);
  const source = sourceOfOneWorker(plan);
  const stateful = plan.steps.filter((step) => stepKeys(step) !== "any" && !isPassing(step));
  const nodesAt = (isSingle: boolean): readonly string[] => [
    ...new Set(stateful.flatMap(({ id, node }) => ((placements.get(id) === "single") === isSingle ? [node] : []))),
  ];
  const alone =
    state === "disk"
      ? ({ reason: "state-on-disk" } as const)
      : source === undefined
        ? null
        : ({ reason: "source", node: source.node } as const);
  return { alone, single: nodesAt(true), keyed: nodesAt(false) };
}

/** The same as a line for people; nothing for a pipeline that is to have one worker. */
export function explainWorkers(plan: LogicalPlan, settings: Pick<PipelineSettings, "state" | "parallelism">): string {
  if (settings.parallelism === 1) return "";
  const { alone, single, keyed } = workerUse(plan, settings);
  if (alone !== null)
    return `workers 1, not ${settings.parallelism}: ${alone.reason === "source" ? `${alone.node} reads alone` : "state is on disk"}\n`;
  const parts = [
    "decoding on all",
    ...(keyed.length === 0 ? [] : [`by key on all: ${keyed.join(", ")}`]),
    ...(single.length === 0 ? [] : [`on one: ${single.join(", ")}`]),
  ];
  return `workers ${settings.parallelism}; ${parts.join("; ")}\n`;
}
