import { lookupRow, type PlannedOperator, type PlanStep } from "@millrace/engine";
import { fieldValue, keyOf, keyText, type NaiveOperator, type NaiveRow } from "./naive-operator.ts";

type Op<K extends PlannedOperator["op"]> = Extract<PlannedOperator, { op: K }>;

/** The rows of the table are asked one after the other; the last that fits counts. */
export function naiveLookup(operator: Op<"lookup-join">, { inputs: [type] }: PlanStep): NaiveOperator | null {
  if (operator.connector !== "table" || !Array.isArray(operator.options.rows)) return null;
  const table: readonly Record<string, unknown>[] = operator.options.rows.filter((row) => typeof row === "object" && row !== null);
  return {
    row(_input, row, emit) {
      const key = operator.keys.map(({ value }) => fieldValue(value, type, row));
      const isNull = key.includes(null);
      if (isNull && operator.kind === "inner") return;
      const found = isNull ? undefined : table.findLast((one) => operator.keys.every(({ name }, i) => one[name] === key[i]));
      const answer = found === undefined ? ({ kind: "none" } as const) : lookupRow(operator.fields, found);
      if (answer.kind === "failed" && operator.onFailure === "dead-letter") {
        return emit("dead_letter", { ...row, fields: { ...row.fields, dead_letter_reason: answer.reason } });
      }
      if (answer.kind !== "row" && operator.kind === "inner") return;
      const fields: Record<string, unknown> = { ...row.fields };
      operator.fields.forEach(({ name }, i) => {
        const taken = type.fields.some((field) => field.name === name);
        fields[taken ? `${operator.rightPrefix}${name}` : name] = answer.kind === "row" ? answer.values[i] : null;
      });
      emit("out", { ...row, fields });
    },
  };
}

interface FlagState {
  readonly key: Record<string, unknown>;
  readonly since: number;
  until: number;
  said: number;
}

/** Flags that have expired are looked for among all keys. */
export function naiveFlag(operator: Op<"feature-flag">, { inputs: [type] }: PlanStep): NaiveOperator {
  const flags = new Map<string, FlagState>();
  let watermark = Number.NEGATIVE_INFINITY;
  const rowOf = (state: FlagState, transition: string, at: number, reason: string): NaiveRow => {
    const isSet = transition !== "unset";
    const own = { transition, is_set: isSet, at, expires_at: isSet ? state.until : null, reason, set_for: at - state.since };
    return { fields: { ...state.key, ...own }, timeMs: at, kind: "+I" };
  };
  return {
    row(_input, row, emit) {
      const { timeMs: at } = row;
      if (Number.isNaN(at)) return;
      if (at <= watermark) return emit("late", row);
      const id = keyText(operator.keyBy, type, row);
      const unset = (state: FlagState, when: number, reason: string): void => {
        flags.delete(id);
        emit("out", rowOf(state, "unset", when, reason));
      };
      const before = flags.get(id);
      if (before !== undefined && at > before.until) unset(before, before.until, "expired");
      const state = flags.get(id);
      const until = at + operator.ttlMs;
      if (fieldValue(operator.setWhen, type, row) === true) {
        if (state === undefined) {
          const set = { key: keyOf(operator.keyBy, type, row), since: at, until, said: until };
          flags.set(id, set);
          emit("out", rowOf(set, "set", at, "condition"));
        } else if (until > state.until) {
          state.until = until;
          if (operator.extendMs === null || until - state.said < operator.extendMs) return;
          state.said = until;
          emit("out", rowOf(state, "extended", at, "condition"));
        }
      } else if (state !== undefined && operator.unsetWhen !== null && fieldValue(operator.unsetWhen, type, row) === true) {
        unset(state, at, "condition");
      }
    },
    watermark(next, emit) {
      watermark = next;
      const due = [...flags].filter(([, { until }]) => until <= watermark).sort((a, b) => a[1].until - b[1].until);
      for (const [id, state] of due) {
        flags.delete(id);
        emit("out", rowOf(state, "unset", state.until, "expired"));
      }
      return watermark;
    },
  };
}
