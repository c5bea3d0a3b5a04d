import type { PlanInput } from "../plan/logical-operator.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import { operatorInputs } from "../plan/map-operator.ts";
import type { DrivenSource } from "./driven-source.ts";
import type { NodeTotals } from "./pipeline-run.ts";
import type { StepTotals } from "./step-totals.ts";

const sidePorts: ReadonlySet<string> = new Set(["late", "late_left", "late_right", "dead_letter", "timeout", "overflow"]);

/** Totals of every node of the plan, from those of its steps by id. */
export function nodeTotals(
  plan: LogicalPlan,
  steps: ReadonlyMap<string, StepTotals>,
  tasks: ReadonlyMap<string, DrivenSource>,
  backPressuredMs: number,
): Record<string, NodeTotals> {
  const nodes = new NodeOfSteps(plan);
  const totals: Record<string, NodeTotals> = Object.create(null);
  for (const step of plan.steps) {
    const { node } = step;
    const task = tasks.get(step.id);
    const counts = steps.get(step.id);
    if (counts === undefined) continue;
    const own = task === undefined ? operatorTotals(step, counts, nodes) : sourceTotals(step, counts, task, nodes, backPressuredMs);
    const known = Object.hasOwn(totals, node) ? totals[node] : undefined;
    totals[node] = known === undefined ? own : addTotals(known, own);
  }
  return totals;
}

/** Which node a step is of, and which ports stay inside one. */
class NodeOfSteps {
  readonly #nodeOf: ReadonlyMap<string, string>;
  /** By `step port`: nodes that read it. */
  readonly #readers = new Map<string, Set<string>>();

  constructor(plan: LogicalPlan) {
    this.#nodeOf = new Map(plan.steps.map((step) => [step.id, step.node]));
    for (const { node, operator } of plan.steps) {
      for (const input of operatorInputs<unknown, PlanInput>(operator)) {
        const readers = this.#readers.get(`${input.operator} ${input.port}`) ?? new Set();
        this.#readers.set(`${input.operator} ${input.port}`, readers.add(node));
      }
    }
  }

  of(step: string): string | undefined {
    return this.#nodeOf.get(step);
  }

  /** Only operators of the same node read the port. */
  isInside(step: PlanStep, port: string): boolean {
    const readers = this.#readers.get(`${step.id} ${port}`);
    return readers !== undefined && readers.size === 1 && readers.has(step.node);
  }
}

function operatorTotals(step: PlanStep, counts: StepTotals, nodes: NodeOfSteps): NodeTotals {
  const { gauges } = counts;
  let recordsIn = 0;
  operatorInputs<unknown, PlanInput>(step.operator).forEach((input, i) => {
    if (nodes.of(input.operator) !== step.node) recordsIn += counts.recordsIn[i];
  });
  return {
    recordsIn,
    recordsOut: recordsOut(step, counts, nodes),
    late: portTotal(counts, "late") + portTotal(counts, "late_left") + portTotal(counts, "late_right") + gauges.lateRecords,
    deadLettered: portTotal(counts, "dead_letter"),
    watermarkMs: finiteWatermark(counts.watermark),
    busyMs: counts.busyMs,
    backPressuredMs: 0,
    stateKeys: gauges.stateKeys,
    stateBytes: gauges.stateBytes,
    counters: gauges.counters,
  };
}

function sourceTotals(step: PlanStep, counts: StepTotals, task: DrivenSource, nodes: NodeOfSteps, backPressuredMs: number): NodeTotals {
  return {
    recordsIn: task.read,
    recordsOut: recordsOut(step, counts, nodes),
    late: 0,
    deadLettered: portTotal(counts, "dead_letter"),
    watermarkMs: finiteWatermark(task.watermark),
    busyMs: 0,
    backPressuredMs,
    stateKeys: 0,
    stateBytes: 0,
    counters: task.gauges(),
  };
}

/** Records that left the node over its main ports; ports that only feed operators of the same node do not count. */
function recordsOut(step: PlanStep, counts: StepTotals, nodes: NodeOfSteps): number {
  let total = 0;
  counts.ports.forEach((port, i) => {
    if (!sidePorts.has(port) && !nodes.isInside(step, port)) total += counts.recordsOut[i];
  });
  return total;
}

function portTotal(counts: StepTotals, port: string): number {
  const index = counts.ports.indexOf(port);
  return index < 0 ? 0 : counts.recordsOut[index];
}

function finiteWatermark(watermark: number): number | null {
  return Number.isFinite(watermark) ? watermark : null;
}

function addTotals(a: NodeTotals, b: NodeTotals): NodeTotals {
  const watermarks = [a.watermarkMs, b.watermarkMs].filter((watermark) => watermark !== null);
  return {
    recordsIn: a.recordsIn + b.recordsIn,
    recordsOut: a.recordsOut + b.recordsOut,
    late: a.late + b.late,
    deadLettered: a.deadLettered + b.deadLettered,
    watermarkMs: watermarks.length === 0 ? null : Math.min(...watermarks),
    busyMs: a.busyMs + b.busyMs,
    backPressuredMs: a.backPressuredMs + b.backPressuredMs,
    stateKeys: a.stateKeys + b.stateKeys,
    stateBytes: a.stateBytes + b.stateBytes,
    counters: { ...a.counters, ...b.counters },
  };
}
