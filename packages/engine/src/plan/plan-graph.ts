import { type CheckedGraph, type CheckedNode, loweredOutput } from "../check/checked-graph.ts";
import { type Diagnostic, error } from "../diagnostics/diagnostic.ts";
import { failure, type Result, success } from "../diagnostics/result.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { parsePortRef } from "../graph/port-ref.ts";
import type { StreamType } from "../types/stream-type.ts";
import { deriveTypes, type ExpressionFacts } from "./derive-type.ts";
import { type DraftStep, liveFields } from "./live-fields.ts";
import type { LoweredOperator, OperatorOutput, PlanInput } from "./logical-operator.ts";
import type { LogicalPlan, PlanEdge, PlanStep } from "./logical-plan.ts";
import { expressionFields, mapOperator, operatorInputs } from "./map-operator.ts";
import { typeOperator } from "./type-operator.ts";

export interface PlanOptions {
  /** Every field counts as read: for a preview, which shows whole records on every edge. Default false. */
  readonly keepAllFields?: boolean;
}

/**
 * The plan of a checked graph: operators in topological order, with ids, typed expressions, types of all
 * ports and what is read of them. Every operator of every node stays, even when nothing takes its records,
 * so that each node has its numbers. Fails only when a node lowered to an operator that does not type-check.
 */
export function planGraph(checked: CheckedGraph, options: PlanOptions = {}): Result<LogicalPlan> {
  const planner = new Planner();
  for (const node of checked.nodes) planner.addNode(node);
  if (planner.problems.length > 0) return failure(planner.problems);
  const live = liveFields(planner.steps);
  const steps = planner.steps.map(
    (step, i): PlanStep => ({ ...step, liveFields: options.keepAllFields === true ? allLive(step.outputs) : live[i] }),
  );
  return success({ pipelineId: checked.graph.id, steps, edges: planner.edges(checked) });
}

/** Gives operator objects, which nodes share by reference, their ids and types. */
class Planner {
  readonly steps: DraftStep[] = [];
  readonly problems: Diagnostic[] = [];
  private readonly planned = new Map<LoweredOperator, DraftStep>();
  private readonly used = new Map<string, number>();

  addNode(node: CheckedNode): void {
    for (const lowered of Object.values(node.lowered)) {
      this.addOperator("operator" in lowered ? lowered.operator : lowered, node);
    }
  }

  edges(checked: CheckedGraph): readonly PlanEdge[] {
    const nodes = new Map(checked.nodes.map((node) => [node.slug, node]));
    const edges: PlanEdge[] = [];
    for (const edge of checked.graph.edges) {
      const from = parsePortRef(edge.from);
      const to = parsePortRef(edge.to);
      const node = from === null ? undefined : nodes.get(from.node);
      if (from === null || to === null || node === undefined || !nodes.has(to.node)) continue;
      const output = loweredOutput(node.lowered, from.port);
      if (output !== null) edges.push({ ...edge, source: this.reference(output) });
    }
    return edges;
  }

  private addOperator(operator: LoweredOperator, node: CheckedNode): DraftStep | null {
    const known = this.planned.get(operator);
    if (known !== undefined) return known;
    const inputs: StreamType[] = [];
    for (const input of operatorInputs(operator)) {
      const type = this.addOperator(input.operator, node)?.outputs[input.port];
      if (type === undefined) return null;
      inputs.push(type);
    }
    const place = { node: node.slug };
    const typed = typeOperator(operator, expressionFields(operator, inputs), place);
    if (!typed.ok) {
      this.problems.push(...typed.diagnostics);
      return null;
    }
    const outputs = deriveTypes(typed.value, inputs, factsOf);
    if (outputs === null) {
      const detail = `the types of ${operator.op} cannot be derived`;
      this.problems.push(error("NODE_FAULTY", { type: node.definition.type, detail }, place));
      return null;
    }
    const planned = mapOperator(
      typed.value,
      (expression) => expression,
      (input) => this.reference(input),
    );
    const step: DraftStep = { id: this.nextId(node.slug, operator.op), node: node.slug, operator: planned, inputs, outputs };
    this.planned.set(operator, step);
    this.steps.push(step);
    return step;
  }

  private reference(output: OperatorOutput): PlanInput {
    return { operator: this.planned.get(output.operator)?.id ?? "", port: output.port };
  }

  private nextId(slug: string, op: string): string {
    const base = `${slug}:${op}`;
    const count = (this.used.get(base) ?? 0) + 1;
    this.used.set(base, count);
    return count === 1 ? base : `${base}.${count}`;
  }
}

function factsOf(expression: TypedExpression): ExpressionFacts {
  return { type: expression.type, field: expression.kind === "field" ? expression.name : null };
}

function allLive(outputs: Readonly<Record<string, StreamType>>): Readonly<Record<string, readonly boolean[]>> {
  const live = Object.create(null) as Record<string, readonly boolean[]>;
  for (const [port, type] of Object.entries(outputs)) live[port] = type.fields.map(() => true);
  return live;
}
