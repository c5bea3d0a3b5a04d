import type { PlannedOperator, PlanStep, StreamType, TypedExpression } from "@millrace/engine";
import { fieldValue, keyText, type NaiveOperator, type NaiveRow } from "./naive-operator.ts";

type Op<K extends PlannedOperator["op"]> = Extract<PlannedOperator, { op: K }>;

export function naiveFilter({ where }: Op<"filter">, { inputs: [type] }: PlanStep): NaiveOperator {
  return { row: (_input, row, emit) => fieldValue(where, type, row) === true && emit("out", row) };
}

export function naiveProject({ fields, strict }: Op<"project">, { inputs: [type] }: PlanStep): NaiveOperator {
  return {
    row(_input, row, emit) {
      const values = fields.map(({ value }) => fieldValue(value, type, row));
      const failed = fields.find(({ value }, i) => values[i] === null && readsValues(value, row));
      if (strict !== true || failed === undefined) {
        return emit("out", { ...row, fields: Object.fromEntries(fields.map(({ name }, i) => [name, values[i]])) });
      }
      const read = [...new Set(fieldsIn(failed.value))].sort((a, b) => indexOf(type, a) - indexOf(type, b));
      const have = read.length === 1 ? "has a value" : "have values";
      const reason = `"${failed.name}" cannot be computed although ${read.join(", ")} ${have}`;
      emit("dead_letter", { ...row, fields: { ...row.fields, dead_letter_reason: reason } });
    },
  };
}

function fieldsIn(expression: TypedExpression): readonly string[] {
  if (expression.kind === "field") return [expression.name];
  return expression.kind === "call" ? expression.args.flatMap(fieldsIn) : [];
}

/** Whether an expression computes something out of fields none of which is NULL. */
function readsValues(expression: TypedExpression, row: NaiveRow): boolean {
  const read = expression.kind === "call" ? fieldsIn(expression) : [];
  return read.length > 0 && read.every((name) => row.fields[name] !== null);
}

function indexOf(type: StreamType, name: string): number {
  return type.fields.findIndex((field) => field.name === name);
}

export const naivePassThrough: NaiveOperator = { row: (_input, row, emit) => emit("out", row) };

export function naiveBranch({ branches, every }: Op<"branch">, { inputs: [type] }: PlanStep): NaiveOperator {
  return {
    row(_input, row, emit) {
      const taking = branches.filter(({ value }) => fieldValue(value, type, row) === true).map(({ name }) => name);
      for (const port of taking.length === 0 ? ["otherwise"] : every === true ? taking : taking.slice(0, 1)) emit(port, row);
    },
  };
}

export function naiveUnnest(operator: Op<"unnest">): NaiveOperator {
  const { field, as, position, keepEmpty } = operator;
  return {
    row(_input, row, emit) {
      const value = row.fields[field];
      const elements: readonly unknown[] = Array.isArray(value) ? value : [];
      const out = (element: unknown, at: number | null): void => {
        const fields = Object.fromEntries(Object.entries(row.fields).map(([name, old]) => (name === field ? [as, element] : [name, old])));
        emit("out", { ...row, fields: position === null ? fields : { ...fields, [position]: at } });
      };
      elements.forEach((element, i) => {
        out(element ?? null, i + 1);
      });
      if (elements.length === 0 && keepEmpty) out(null, null);
    },
  };
}

/** The first of each key within the TTL goes on; `last`: each that is not older replaces the one before it. */
export function naiveDeduplicate({ keyBy, keep, ttlMs }: Op<"deduplicate">, { inputs: [type] }: PlanStep): NaiveOperator {
  const times = new Map<string, number>();
  let watermark = Number.NEGATIVE_INFINITY;
  return {
    row(_input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      const key = keyText(keyBy, type, row);
      const noted = times.get(key);
      const before = noted === undefined || watermark >= noted + ttlMs - 1 ? undefined : noted;
      const repeated = before !== undefined && row.timeMs < before + ttlMs;
      if (repeated && (keep === "first" || row.timeMs < before)) return;
      if (row.timeMs <= watermark) return emit("late", row);
      times.set(key, row.timeMs);
      emit("out", { ...row, kind: repeated ? "+U" : "+I" });
    },
    watermark(next) {
      watermark = next;
      return next;
    },
  };
}

export function naiveRateLimit({ keyBy, limit, intervalMs }: Op<"rate-limit">, { inputs: [type] }: PlanStep): NaiveOperator {
  const counts = new Map<string, number>();
  let watermark = Number.NEGATIVE_INFINITY;
  return {
    row(_input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      const interval = Math.floor(row.timeMs / intervalMs);
      if ((interval + 1) * intervalMs - 1 <= watermark) return emit("late", row);
      const id = `${interval} ${keyText(keyBy, type, row)}`;
      const before = counts.get(id) ?? 0;
      counts.set(id, before + 1);
      emit(before < limit ? "out" : "over", row);
    },
    watermark(next) {
      watermark = next;
      return next;
    },
  };
}

interface AlertState {
  raisedAt: number;
  alertedAt: number;
}

/** Only without suppression: how long it is remembered for late records is not said. */
export function naiveAlert(operator: Op<"threshold-alert">, { inputs: [type] }: PlanStep): NaiveOperator | null {
  const { keyBy, raiseWhen, clearWhen, repeatMs, severity, title } = operator;
  if (operator.suppressMs > 0) return null;
  const raised = new Map<string, AlertState>();
  const nullable = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);
  return {
    row(_input, row, emit) {
      if (row.kind === "-U" || row.kind === "-D") return;
      const key = keyText(keyBy, type, row);
      const values: readonly unknown[] = JSON.parse(key);
      const alertKey = values.length === 0 ? "" : values.length === 1 ? String(values[0]) : key;
      const say = (transition: string, raisedAt: number): void => {
        const own = { alert_key: alertKey, transition, severity, title: fieldValue(title, type, row) };
        emit("out", { ...row, kind: "+I", fields: { ...own, raised_at: nullable(raisedAt), at: nullable(row.timeMs), ...row.fields } });
      };
      const raises = fieldValue(raiseWhen, type, row) === true;
      const state = raised.get(key);
      if (state === undefined) {
        if (!raises) return;
        raised.set(key, { raisedAt: row.timeMs, alertedAt: row.timeMs });
        say("raised", row.timeMs);
      } else if (!raises && (clearWhen === null || fieldValue(clearWhen, type, row) === true)) {
        raised.delete(key);
        say("cleared", state.raisedAt);
      } else if (repeatMs !== null && row.timeMs - state.alertedAt >= repeatMs) {
        state.alertedAt = row.timeMs;
        say("repeated", state.raisedAt);
      }
    },
  };
}

/** Rows in the order in which they came, for operators that let them wait. */
export interface WaitingRow {
  readonly row: NaiveRow;
  readonly key: string;
}
