import type { PlanInput } from "../plan/logical-operator.ts";
import type { LogicalPlan } from "../plan/logical-plan.ts";
import { operatorInputs } from "../plan/map-operator.ts";
import type { WiredDataflow } from "./dataflow.ts";
import type { OperatorHost } from "./operator-host.ts";
import type { NodeTotals } from "./pipeline-run.ts";
import type { SourceTask } from "./source-task.ts";

const sidePorts: ReadonlySet<string> = new Set(["late", "late_left", "late_right", "dead_letter", "timeout", "overflow"]);

/** Totals of every node of the plan. */
export function nodeTotals(
  plan: LogicalPlan,
  wired: WiredDataflow,
  tasks: ReadonlyMap<string, SourceTask>,
  backPressuredMs: number,
): Record<string, NodeTotals> {
  const nodeOf = new Map(plan.steps.map((step) => [step.id, step.node]));
  const totals: Record<string, NodeTotals> = Object.create(null);
  for (const host of wired.hosts.values()) {
    const { node } = host.step;
    const task = tasks.get(host.step.id);
    const own = task === undefined ? operatorTotals(host, nodeOf) : sourceTotals(host, task, backPressuredMs);
    const known = Object.hasOwn(totals, node) ? totals[node] : undefined;
    totals[node] = known === undefined ? own : addTotals(known, own);
  }
  return totals;
}

function operatorTotals(host: OperatorHost, nodeOf: ReadonlyMap<string, string>): NodeTotals {
  const gauges = host.operator.gauges();
  let recordsIn = 0;
  operatorInputs<unknown, PlanInput>(host.step.operator).forEach((input, i) => {
    if (nodeOf.get(input.operator) !== host.step.node) recordsIn += host.recordsIn[i];
  });
  return {
    recordsIn,
    recordsOut: recordsOut(host),
    late: portTotal(host, "late") + portTotal(host, "late_left") + portTotal(host, "late_right") + gauges.lateRecords,
    deadLettered: portTotal(host, "dead_letter"),
    watermarkMs: finiteWatermark(host.watermark),
    busyMs: host.busyMs,
    backPressuredMs: 0,
    stateKeys: gauges.stateKeys,
    stateBytes: gauges.stateBytes,
    counters: gauges.counters,
  };
}

function sourceTotals(host: OperatorHost, task: SourceTask, backPressuredMs: number): NodeTotals {
  return {
    recordsIn: task.read,
    recordsOut: recordsOut(host),
    late: 0,
    deadLettered: portTotal(host, "dead_letter"),
    watermarkMs: finiteWatermark(task.watermark),
    busyMs: 0,
    backPressuredMs,
    stateKeys: 0,
    stateBytes: 0,
    counters: task.gauges(),
  };
}

/** Records that left the node over its main ports; ports that only feed operators of the same node do not count. */
function recordsOut(host: OperatorHost): number {
  let total = 0;
  host.operator.ports.forEach((port, i) => {
    const targets = host.targets(i);
    const inside = targets.length > 0 && targets.every((target) => target.host.step.node === host.step.node);
    if (!sidePorts.has(port) && !inside) total += host.recordsOut[i];
  });
  return total;
}

function portTotal(host: OperatorHost, port: string): number {
  const index = host.operator.ports.indexOf(port);
  return index < 0 ? 0 : host.recordsOut[index];
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
