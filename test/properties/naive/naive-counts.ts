import type { PlannedOperator, PlanStep } from "@millrace/engine";
import { aggregate } from "./naive-aggregates.ts";
import { keyOf, keyText, type NaiveOperator, type NaiveRow } from "./naive-operator.ts";

type Op<K extends PlannedOperator["op"]> = Extract<PlannedOperator, { op: K }>;

/** Without a time to live, and without what is incomplete at the end. */
export function naiveCountWindow(operator: Op<"count-window">, { inputs: [type], outputs: { out } }: PlanStep): NaiveOperator | null {
  const { keyBy, size, slide, aggregates, incomplete, ttlMs } = operator;
  // What else a row says of its window is not modelled.
  const known = new Set([...keyBy, ...type.key, ...aggregates.map(({ as }) => as)]);
  if (incomplete || ttlMs !== null || out.fields.some(({ name }) => !known.has(name))) return null;
  const taken = new Map<string, NaiveRow[]>();
  return {
    row(_input, row, emit) {
      const key = keyText(keyBy, type, row);
      const rows = [...(taken.get(key) ?? []), row];
      taken.set(key, rows);
      if (rows.length < size || (rows.length - size) % slide !== 0) return;
      const window = rows.slice(-size);
      emit("out", { fields: { ...keyOf(keyBy, type, row), ...aggregate(aggregates, type, window) }, timeMs: newest(window), kind: "+I" });
    },
  };
}

/** Totals so far, with every record, as rows of their own. */
export function naiveRunningAggregate(
  operator: Op<"running-aggregate">,
  { inputs: [type], outputs: { out } }: PlanStep,
): NaiveOperator | null {
  const { keyBy, aggregates, trigger, panes, ttlMs, output } = operator;
  const known = new Set([...keyBy, ...type.key, ...aggregates.map(({ as }) => as)]);
  if (
    trigger.kind !== "records" ||
    trigger.every > 1 ||
    panes === "discarding" ||
    ttlMs !== null ||
    output !== "append" ||
    out.fields.some(({ name }) => !known.has(name))
  )
    return null;
  const taken = new Map<string, NaiveRow[]>();
  return {
    row(_input, row, emit) {
      const key = keyText(keyBy, type, row);
      const rows = [...(taken.get(key) ?? []), row];
      taken.set(key, rows);
      emit("out", { fields: { ...keyOf(keyBy, type, row), ...aggregate(aggregates, type, rows) }, timeMs: newest(rows), kind: "+I" });
    },
  };
}

/** The latest time of the records; NaN when none has one. */
function newest(rows: readonly NaiveRow[]): number {
  const times = rows.map(({ timeMs }) => timeMs).filter((timeMs) => !Number.isNaN(timeMs));
  return times.length === 0 ? Number.NaN : Math.max(...times);
}
