import {
  type AggregateFunction,
  type AggregateSpec,
  type Changelog,
  type OperatorOutput,
  outputOf,
  type PortSpec,
  param,
  type Trigger,
  type WindowAggregate,
  type WindowSpec,
} from "@millrace/engine";
import type { z } from "zod";

/** The aggregate functions that windows offer. */
export const windowFunctions = [
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "count_distinct",
  "approx_count_distinct",
  "stddev_samp",
  "stddev_pop",
  "median",
  "p90",
  "p95",
  "p99",
  "percentile",
  "most_frequent",
  "top_k",
  "first",
  "last",
  "collect",
  "string_agg",
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
    help: "What is computed over the records of a window. NULLs are ignored; count without a field counts records. Each may be over only some of the records.",
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

/** Whether windows go by the time of the records or by the clock. */
export const windowTimeParams = {
  time: param.choice({
    label: "Time",
    default: "event",
    advanced: true,
    options: [
      { value: "event", label: "Event time", help: "A record counts at its own time, and windows close with the watermark." },
      {
        value: "processing",
        label: "Processing time",
        help: "A record counts when it comes, and windows close by the clock. Nothing is late; a run again gives other results.",
      },
    ],
  }),
};

/** Results before a window closes, and what each of them holds. */
export const earlyParams = {
  early: param.choice({
    label: "Results before the end",
    default: "none",
    advanced: true,
    options: [
      { value: "none", label: "None", help: "A result comes when the window closes." },
      { value: "records", label: "Every so many records", help: "Of a key and window; 1 gives a row for each record." },
      { value: "event-time", label: "Every interval of event time" },
      { value: "processing-time", label: "Every interval of processing time", help: "A run again gives other rows in between." },
    ],
  }),
  earlyRecords: param.number({
    label: "Every … records",
    default: 1,
    min: 1,
    max: 1_000_000,
    integer: true,
    advanced: true,
    visibleWhen: { param: "early", equals: ["records"] },
  }),
  earlyInterval: param.duration({
    label: "Every",
    default: "10s",
    minMs: 1,
    advanced: true,
    visibleWhen: { param: "early", equals: ["event-time", "processing-time"] },
    help: "Only what has changed comes out.",
  }),
  panes: param.choice({
    label: "Each result holds",
    default: "accumulating",
    advanced: true,
    options: [
      { value: "accumulating", label: "All records of the window", help: "A later result replaces an earlier one." },
      {
        value: "discarding",
        label: "What is new since the last result",
        help: "For what adds results up; every row is final, also of late records.",
      },
    ],
  }),
};

interface EarlyParams {
  readonly early: "none" | Trigger["kind"];
  readonly earlyRecords: number;
  readonly earlyInterval: number;
  readonly panes: "accumulating" | "discarding";
  readonly output: Changelog;
}

/** What parameters of early results say together that cannot be. */
export function refineEarly(value: EarlyParams, context: z.RefinementCtx, isSession = false): void {
  if (value.early !== "none" && value.panes === "accumulating" && value.output === "append") {
    context.addIssue({
      code: "custom",
      path: ["output"],
      message:
        'Results before the end replace one another, so that a window cannot be emitted once. Choose updates or retractions under "Late records within the lateness", or let each result hold what is new alone.',
    });
  }
  if (value.panes === "discarding" && value.output !== "append") {
    context.addIssue({
      code: "custom",
      path: ["output"],
      message: "Results that hold what is new alone are never replaced, so that there are no updates or retractions of them.",
    });
  }
  if (isSession && value.early !== "none" && !(value.early === "records" && value.earlyRecords === 1)) {
    context.addIssue({
      code: "custom",
      path: ["early"],
      message: "A session says its results before the end with every record (1), or not at all, as its own times change.",
    });
  }
}

function triggerOf(kind: Trigger["kind"], every: number, everyMs: number): Trigger {
  return kind === "records" ? { kind, every } : { kind, everyMs };
}

interface AggregateParam {
  readonly as: string;
  readonly fn: AggregateFunction;
  readonly argument?: string | undefined;
  readonly filter?: string | undefined;
  readonly fraction?: number | undefined;
  readonly limit?: number | undefined;
  readonly separator?: string | undefined;
}

/** The aggregates of a parameter as operators take them. */
export function aggregateSpecs(aggregates: readonly AggregateParam[]): readonly AggregateSpec<string>[] {
  return aggregates.map(({ as, fn, argument, filter, fraction, limit, separator }) => ({
    as,
    fn,
    argument: argument ?? null,
    filter: filter ?? null,
    ...(fraction === undefined ? {} : { fraction }),
    ...(limit === undefined ? {} : { limit }),
    ...(separator === undefined ? {} : { separator }),
  }));
}

interface WindowParams {
  readonly keyBy: readonly string[];
  readonly aggregates: readonly AggregateParam[];
  readonly allowedLateness: number;
  readonly output: Changelog;
  readonly time: "event" | "processing";
  readonly early: EarlyParams["early"];
  readonly earlyRecords: number;
  readonly earlyInterval: number;
  readonly panes: EarlyParams["panes"];
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
    ...(params.early === "none" ? {} : { early: triggerOf(params.early, params.earlyRecords, params.earlyInterval) }),
    ...(params.panes === "discarding" ? { panes: params.panes } : {}),
    ...(params.time === "processing" ? { time: params.time } : {}),
  };
  return { out: outputOf(operator), late: outputOf(operator, "late") };
}
