import type { Batch } from "../column/batch.ts";
import { type ConnectorRegistry, lookupConnector } from "../connector/connector-registry.ts";
import type { PlanInput } from "../plan/logical-operator.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import { operatorInputs } from "../plan/map-operator.ts";
import type { Clock } from "../time/clock.ts";
import { type Operator, passWatermark } from "./operator.ts";
import { createWorkTimer, OperatorHost } from "./operator-host.ts";
import type { SinkStage } from "./sink-stage.ts";

/** A step of a compiled plan. */
export type CompiledStep =
  | { readonly kind: "source"; readonly step: PlanStep }
  | { readonly kind: "operator"; readonly step: PlanStep; readonly operator: Operator }
  | { readonly kind: "sink"; readonly step: PlanStep; readonly stage: SinkStage };

/** What `compilePlan` makes: one physical operator a step, in topological order, not yet connected. */
export interface Dataflow {
  readonly plan: LogicalPlan;
  readonly steps: readonly CompiledStep[];
}

/** The operators of a dataflow, connected and ready for records. */
export interface WiredDataflow {
  readonly hosts: ReadonlyMap<string, OperatorHost>;
  readonly sinks: readonly { readonly step: PlanStep; readonly host: OperatorHost; readonly stage: SinkStage }[];
  readonly sources: readonly { readonly step: PlanStep; readonly host: OperatorHost }[];
}

/** Connects the operators of a dataflow. */
export function wireDataflow(dataflow: Dataflow, clock: Clock): WiredDataflow {
  const timer = createWorkTimer(clock);
  const hosts = new Map<string, OperatorHost>();
  const sinks: { step: PlanStep; host: OperatorHost; stage: SinkStage }[] = [];
  const sources: { step: PlanStep; host: OperatorHost }[] = [];
  for (const compiled of dataflow.steps) {
    const { step } = compiled;
    const operator = compiled.kind === "source" ? sourcePorts : compiled.kind === "sink" ? compiled.stage : compiled.operator;
    const inputs = operatorInputs<unknown, PlanInput>(step.operator);
    const host = new OperatorHost(step, operator, inputs.length, timer);
    hosts.set(step.id, host);
    inputs.forEach((input, i) => {
      const upstream = hosts.get(input.operator);
      if (upstream === undefined) throw new Error(`plan step ${step.id} reads ${input.operator}, which does not come before it`);
      upstream.connect(input.port, { host, input: i });
    });
    if (compiled.kind === "sink") sinks.push({ step, host, stage: compiled.stage });
    if (compiled.kind === "source") sources.push({ step, host });
  }
  return { hosts, sinks, sources };
}

/** Names in the plan that this host cannot open. */
export function unknownConnectors(
  plan: LogicalPlan,
  connectors: ConnectorRegistry,
): { readonly node: string; readonly connector: string }[] {
  const missing: { node: string; connector: string }[] = [];
  for (const { node, operator } of plan.steps) {
    if (operator.op !== "source" && operator.op !== "sink" && operator.op !== "lookup-join") continue;
    if (!isKnown(operator, connectors)) missing.push({ node, connector: operator.connector });
  }
  return missing;
}

function isKnown(
  { op, connector }: { readonly op: "source" | "sink" | "lookup-join"; readonly connector: string },
  connectors: ConnectorRegistry,
): boolean {
  if (op === "lookup-join") return lookupConnector(connectors, connector) !== undefined;
  return (op === "source" ? connectors.sources : connectors.sinks).has(connector);
}

/** Ports of a source; its records come from a `SourceTask`, never through `onBatch`. */
export const sourcePorts: Operator = {
  ports: ["out", "dead_letter"],
  onBatch(_input: number, _batch: Batch): void {
    throw new Error("a source has no inputs");
  },
  onWatermark: passWatermark,
  snapshot() {},
  restore() {},
  gauges: () => ({ stateKeys: 0, stateBytes: 0, lateRecords: 0, bufferedRecords: 0, counters: {} }),
};
