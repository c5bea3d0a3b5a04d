import type { TypedExpression } from "../expression/typed-expression.ts";
import type { StreamType } from "../types/stream-type.ts";
import type { LogicalOperator, PlanInput } from "./logical-operator.ts";
import type { RecordOperator } from "./record-operator.ts";

/** An operator whose expressions are typed and whose inputs are ids. */
export type PlannedOperator = LogicalOperator<TypedExpression, PlanInput>;

/** Those of the planned operators that work on the records of one stream. */
export type PlannedRecordOperator = RecordOperator<TypedExpression, PlanInput>;

/** One operator of a plan, with its identity and the types of its ports. */
export interface PlanStep {
  /** Stable across edits: `<node slug>:<op>`, with `.2`, `.3` … when a node lowers to several of one kind. State is kept under it. */
  readonly id: string;
  /** Slug of the node that it came from. */
  readonly node: string;
  readonly operator: PlannedOperator;
  /** Stream type of every output port. */
  readonly outputs: Readonly<Record<string, StreamType>>;
  /** Stream types of the inputs, in order. */
  readonly inputs: readonly StreamType[];
  /** For each output port: which fields something downstream reads. Sources decode only these. */
  readonly liveFields: Readonly<Record<string, readonly boolean[]>>;
}

/** An edge of the graph and the operator port whose records run over it. */
export interface PlanEdge {
  /** `node.port` as in the graph. */
  readonly from: string;
  readonly to: string;
  readonly source: PlanInput;
}

/** What runs, what is explained and what is exported: operators in topological order. */
export interface LogicalPlan {
  readonly pipelineId: string;
  readonly steps: readonly PlanStep[];
  readonly edges: readonly PlanEdge[];
}
