import { markPatternFields } from "../pattern/pattern-layout.ts";
import type { StreamType } from "../types/stream-type.ts";
import { alertFields, windowKey } from "./derive-type.ts";
import { markFields } from "./expression-fields.ts";
import { markRecordRead } from "./live-record.ts";
import type { PlanInput } from "./logical-operator.ts";
import type { PlannedOperator, PlanStep } from "./logical-plan.ts";
import { operatorExpressions, operatorInputs } from "./map-operator.ts";
import { assignedFields } from "./pane-type.ts";

/** A step whose live fields are not known yet. */
export type DraftStep = Omit<PlanStep, "liveFields">;

type Live = Readonly<Record<string, boolean[]>>;

/**
 * For every step, in the order given (topological), which fields of each output port something downstream
 * reads. A sink reads all; an expression reads what it names; the time field of a source, and what its watermark comes from, are always read.
 */
export function liveFields(steps: readonly DraftStep[]): readonly Live[] {
  const liveOf = new Map<string, Live>();
  for (const step of steps) liveOf.set(step.id, portsOf(step));
  for (const step of steps.toReversed()) {
    const own = liveOf.get(step.id) ?? portsOf(step);
    operatorInputs<unknown, PlanInput>(step.operator).forEach((input, i) => {
      const target = liveOf.get(input.operator)?.[input.port];
      if (target !== undefined) markRead(step.operator, own, step.inputs[i], target);
    });
  }
  return steps.map((step) => liveOf.get(step.id) ?? portsOf(step));
}

function portsOf(step: DraftStep): Live {
  const live = Object.create(null) as Record<string, boolean[]>;
  for (const [port, type] of Object.entries(step.outputs)) {
    const isTime = (name: string) => step.operator.op === "source" && port === "out" && name === step.operator.timeField;
    live[port] = type.fields.map((field) => isTime(field.name));
    const isSource = step.operator.op === "source" && port === "out";
    if (isSource && step.operator.punctuation !== undefined) markFields(step.operator.punctuation, live[port]);
  }
  return live;
}

/** Marks what `operator` reads of an input of type `input`, given what is read of its own outputs. */
function markRead(operator: PlannedOperator, own: Live, input: StreamType, target: boolean[]): void {
  if ("strict" in operator && operator.strict === true) {
    // Whole records go to the dead letters, and everything is computed to know which.
    target.fill(true);
    return;
  }
  switch (operator.op) {
    case "source":
      break;
    case "sink":
      target.fill(true);
      break;
    case "filter":
      markSame(own.out, target);
      markFields(operator.where, target);
      break;
    case "project":
      markSame(own.dead_letter, target);
      operator.fields.forEach((field, i) => {
        if (own.out[i]) markFields(field.value, target);
      });
      break;
    case "key-by":
      markSame(own.out, target);
      markNames(operator.fields, input, target);
      break;
    case "assign-windows":
      // Sessions keep whole records, whatever is read of them: state must not depend on what hangs behind it.
      if (operator.window.kind === "session") target.fill(true);
      else
        assignedFields(input).forEach((field, i) => {
          if (own.out[i]) target[field] = true;
        });
      break;
    case "window-aggregate":
    case "running-aggregate":
    case "count-window":
      if (own.late !== undefined) markSame(own.late, target);
      markNames(windowKey(operator, input), input, target);
      // All aggregates are kept in state, whether they are read or not: state must not depend on what hangs behind it.
      for (const { argument, filter } of operator.aggregates) {
        if (argument !== null) markFields(argument, target);
        if (filter !== null) markFields(filter, target);
      }
      break;
    case "branch":
      for (const live of Object.values(own)) markSame(live, target);
      for (const branch of operator.branches) markFields(branch.value, target);
      break;
    case "union":
      markSame(own.out, target);
      break;
    case "interval-join":
    case "window-join":
    case "snapshot-join":
    case "regular-join":
    case "temporal-join":
    case "lookup-join":
      // Whole records are kept in state, whatever is read of them: state must not depend on what hangs behind it.
      target.fill(true);
      break;
    case "deduplicate":
    case "rate-limit":
    case "sample":
    case "unnest":
    case "top-n":
    case "look-back":
      markRecordRead(operator, own, input, target);
      break;
    case "pattern-match":
      markSame(own.late, target);
      markNames([...windowKey(operator, input), ...(operator.order ?? []).map(({ field }) => field)], input, target);
      // All measures are kept in state, whether they are read or not: state must not depend on what hangs behind it.
      for (const expression of operatorExpressions(operator)) markPatternFields(expression, input.fields, target);
      break;
    case "feature-flag":
      markSame(own.late, target);
      markNames(windowKey(operator, input), input, target);
      markFields(operator.setWhen, target);
      if (operator.unsetWhen !== null) markFields(operator.unsetWhen, target);
      break;
    case "threshold-alert":
      markSame(own.out.slice(alertFields.length), target);
      markNames(windowKey(operator, input), input, target);
      markFields(operator.raiseWhen, target);
      if (operator.clearWhen !== null) markFields(operator.clearWhen, target);
      markFields(operator.title, target);
      break;
  }
}

function markSame(live: readonly boolean[], target: boolean[]): void {
  live.forEach((isLive, i) => {
    if (isLive) target[i] = true;
  });
}

function markNames(names: readonly string[], input: StreamType, target: boolean[]): void {
  input.fields.forEach((field, i) => {
    if (names.includes(field.name)) target[i] = true;
  });
}
