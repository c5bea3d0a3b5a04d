import {
  type AggregateFunction,
  type AggregateSpec,
  type Changelog,
  type OperatorOutput,
  outputOf,
  type PortSpec,
  param,
  type WindowAggregate,
  type WindowSpec,
} from "@millrace/engine";

/** The aggregate functions that windows offer. */
export const windowFunctions = [
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "count_distinct",
  "first",
  "last",
] as const satisfies readonly AggregateFunction[];

/** The ports of every window: its results, and the records that came when all their windows were closed. */
export const windowOutputs: readonly PortSpec[] = [{ name: "out" }, { name: "late", label: "Late", side: true }];

/** Parameters that all windows begin with. */
export const windowKeyParams = {
  keyBy: param.fields({
    label: "Key fields",
    help: "One result per window for each value. An empty list takes the key of the stream, or all records as one group when it has none.",
  }),
};

/** Parameters that all windows end with. */
export const windowResultParams = {
  aggregates: param.aggregates({
    label: "Results",
    functions: windowFunctions,
    default: [{ as: "count", fn: "count" }],
    help: "What is computed over the records of a window. NULLs are ignored; count without a field counts records.",
  }),
  allowedLateness: param.duration({
    label: "Allowed lateness",
    default: "0s",
    maxMs: 31 * 86_400_000,
    advanced: true,
    help: "How much longer a window takes records in after the watermark has passed its end.",
  }),
  output: param.choice({
    label: "Late records within the lateness",
    default: "append",
    advanced: true,
    options: [
      { value: "append", label: "Wait, then emit once", help: "A window comes out once, when its lateness is over." },
      {
        value: "update",
        label: "Emit at the end, then updates",
        help: "Each late record emits the new result under the same key and window.",
      },
      {
        value: "retract",
        label: "Emit at the end, then retract and replace",
        help: "The old result is taken back before the new one comes.",
      },
    ],
  }),
};

interface AggregateParam {
  readonly as: string;
  readonly fn: AggregateFunction;
  readonly argument?: string | undefined;
  readonly filter?: string | undefined;
}

/** The aggregates of a parameter as operators take them. */
export function aggregateSpecs(aggregates: readonly AggregateParam[]): readonly AggregateSpec<string>[] {
  return aggregates.map(({ as, fn, argument, filter }) => ({ as, fn, argument: argument ?? null, filter: filter ?? null }));
}

interface WindowParams {
  readonly keyBy: readonly string[];
  readonly aggregates: readonly AggregateParam[];
  readonly allowedLateness: number;
  readonly output: Changelog;
}

/** The window operator on the ports of its node. */
export function lowerWindow(params: WindowParams, input: OperatorOutput, window: WindowSpec): Record<string, OperatorOutput> {
  const operator: WindowAggregate<string, OperatorOutput> = {
    op: "window-aggregate",
    input,
    keyBy: params.keyBy,
    window,
    aggregates: aggregateSpecs(params.aggregates),
    allowedLatenessMs: params.allowedLateness,
    output: params.output,
  };
  return { out: outputOf(operator), late: outputOf(operator, "late") };
}
