import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Alignment } from "../time/watermark.ts";
import { writeDuration } from "../types/duration.ts";
import { showType } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";
import { explainExpression } from "./explain-expression.ts";
import { explainJoin } from "./explain-join.ts";
import { explainLookup } from "./explain-lookup.ts";
import { explainPane, explainTrigger } from "./explain-pane.ts";
import { explainPattern } from "./explain-pattern.ts";
import { explainAggregate, explainRecord } from "./explain-record.ts";
import { explainWindow } from "./explain-window.ts";
import type { Format, PlanInput, Source } from "./logical-operator.ts";
import type { LogicalPlan, PlannedOperator, PlanStep } from "./logical-plan.ts";
import { operatorInputs } from "./map-operator.ts";

/**
 * A plan as text for people: one block a step, with its inputs, what it does, and the fields of each output
 * port; fields that nothing reads stand in brackets. Connector options are left out. Deterministic.
 */
export function explainPlan(plan: LogicalPlan): string {
  const blocks = plan.steps.map((step) => {
    const lines = [...inputLines(step), ...operatorLines(step.operator), ...outputLines(step)];
    return [step.id, ...lines.map((line) => `  ${line}`)].join("\n");
  });
  return `${[`pipeline ${plan.pipelineId}`, ...blocks].join("\n\n")}\n`;
}

function inputLines(step: PlanStep): readonly string[] {
  return operatorInputs<unknown, PlanInput>(step.operator).map((input) => `<- ${input.operator}.${input.port}`);
}

function operatorLines(operator: PlannedOperator): readonly string[] {
  switch (operator.op) {
    case "source":
      return sourceLines(operator);
    case "filter":
      return [`where ${explainExpression(operator.where)}`, ...explainStrict(operator)];
    case "project":
      return [...operator.fields.map((field) => `${field.name} = ${explainExpression(field.value)}`), ...explainStrict(operator)];
    case "key-by":
      return [`by ${operator.fields.join(", ")}`];
    case "window-aggregate":
      return [
        `${explainWindow(operator.window)} by ${operator.keyBy.length === 0 ? "the key of the input" : operator.keyBy.join(", ")}`,
        `allowed lateness ${writeDuration(operator.allowedLatenessMs)}, output ${operator.output}`,
        ...(operator.early === undefined ? [] : [`also ${explainTrigger(operator.early)}`]),
        ...(operator.panes === "discarding" ? ["each result with what is new alone"] : []),
        ...(operator.time === "processing" ? ["in processing time"] : []),
        ...operator.aggregates.map(explainAggregate),
      ];
    case "running-aggregate":
    case "count-window":
    case "assign-windows":
      return explainPane(operator);
    case "branch":
      return [
        ...operator.branches.map((branch) => `${branch.name} when ${explainExpression(branch.value)}`),
        ...(operator.every === true ? ["to every branch whose condition holds"] : []),
        ...explainStrict(operator),
      ];
    case "union":
      return [];
    case "feature-flag":
      return [
        `a flag by ${operator.keyBy.length === 0 ? "the key of the input" : operator.keyBy.join(", ")} for ${writeDuration(operator.ttlMs)}`,
        `set when ${explainExpression(operator.setWhen)}`,
        ...(operator.unsetWhen === null ? [] : [`unset when ${explainExpression(operator.unsetWhen)}`]),
        ...(operator.extendMs === null ? [] : [`extensions of ${writeDuration(operator.extendMs)} and more are said`]),
        ...explainStrict(operator),
      ];
    case "threshold-alert":
      return [
        `by ${operator.keyBy.length === 0 ? "the key of the input" : operator.keyBy.join(", ")}, severity ${operator.severity}`,
        `raise when ${explainExpression(operator.raiseWhen)}`,
        `clear when ${operator.clearWhen === null ? "no longer raised" : explainExpression(operator.clearWhen)}`,
        `suppress ${writeDuration(operator.suppressMs)}, repeat ${operator.repeatMs === null ? "never" : writeDuration(operator.repeatMs)}`,
        `title ${explainExpression(operator.title)}`,
        ...explainStrict(operator),
      ];
    case "interval-join":
    case "window-join":
    case "snapshot-join":
    case "regular-join":
    case "temporal-join":
      return explainJoin(operator);
    case "lookup-join":
      return explainLookup(operator);
    case "deduplicate":
    case "rate-limit":
    case "sample":
    case "unnest":
    case "top-n":
    case "look-back":
      return explainRecord(operator);
    case "pattern-match":
      return [...explainPattern(operator), ...explainStrict(operator)];
    case "sink":
      return [`connector ${operator.connector}, format ${explainFormat(operator.format)}`];
  }
}

function explainStrict(operator: { readonly strict?: boolean }): readonly string[] {
  return operator.strict === true ? ["what cannot be computed goes to the dead letters"] : [];
}

function sourceLines(source: Source<TypedExpression>): readonly string[] {
  const { watermark, pace, punctuation } = source;
  const idle = watermark.idleTimeoutMs === null ? "" : `, idle after ${writeDuration(watermark.idleTimeoutMs)}`;
  const by = `event time by ${source.timeField ?? "the connector"}`;
  const time = {
    bounded: `${by}, disorder ${writeDuration(watermark.disorderMs)}${idle}, null time: ${watermark.nullTime}`,
    punctuated: `${by}${idle}, null time: ${watermark.nullTime}`,
    processing: "processing time",
    none: "no time",
  } as const;
  return [
    `connector ${source.connector}, format ${explainFormat(source.format)}`,
    time[watermark.kind],
    ...(punctuation === undefined ? [] : [`watermark by ${explainExpression(punctuation)}`]),
    ...(watermark.future === undefined
      ? []
      : [`over ${writeDuration(watermark.future.aheadMs)} ahead of the clock: ${watermark.future.policy}`]),
    ...(watermark.alignment === undefined ? [] : [explainAlignment(watermark.alignment)]),
    ...(pace === null ? [] : [`replayed at ${pace.speed} x the speed of its event time`]),
  ];
}

function explainAlignment({ group, maxDriftMs }: Alignment): string {
  return `at most ${writeDuration(maxDriftMs)} ahead of ${group === "" ? "the other sources" : `the sources of ${group}`}`;
}

function outputLines(step: PlanStep): readonly string[] {
  return Object.entries(step.outputs).map(([port, type]) => {
    const live = step.liveFields[port];
    const fields = type.fields.map((field, i) => {
      const text = `${field.name} ${showType(field.type)}`;
      return live[i] ? text : `[${text}]`;
    });
    return `-> ${port}: ${fields.join(", ")} | ${explainStream(type)}`;
  });
}

function explainStream(type: StreamType): string {
  const time = type.time === "none" ? "no time" : `${type.time} time${type.timeField === null ? "" : ` in ${type.timeField}`}`;
  return `${time}, ${type.changelog}${type.key.length === 0 ? "" : `, key ${type.key.join(", ")}`}`;
}

function explainFormat(format: Format): string {
  return format.kind === "csv" ? `csv (${JSON.stringify(format.delimiter)}${format.header ? ", header" : ""})` : format.kind;
}
