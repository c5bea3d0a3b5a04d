import type { PlannedOperator, PlanStep } from "@millrace/engine";
import { aggregate } from "./naive-aggregates.ts";
import { fieldValue, keyOf, keyText, type NaiveOperator, type NaiveRow } from "./naive-operator.ts";
import { naiveSessions } from "./naive-sessions.ts";

type Op<K extends PlannedOperator["op"]> = Extract<PlannedOperator, { op: K }>;
type WindowAggregate = Op<"window-aggregate">;

interface Bounds {
  readonly startMs: number;
  readonly endMs: number;
}

/** Every window keeps all its records and is computed anew from all of them; null for windows that have no naive form here. */
export function naiveWindow(operator: WindowAggregate, step: PlanStep): NaiveOperator | null {
  const { window } = operator;
  if (operator.early !== undefined || operator.panes !== undefined || operator.time !== undefined) return null;
  if (window.kind === "session") return operator.output === "append" ? naiveSessions(operator, step, window) : null;
  if (window.kind === "calendar" && (window.zone !== "UTC" || window.unit !== "day")) return null;
  return naiveFixedWindow(operator, step);
}

function naiveFixedWindow(operator: WindowAggregate, { inputs: [type] }: PlanStep): NaiveOperator {
  const { keyBy, aggregates, allowedLatenessMs, output } = operator;
  const groups = new Map<string, Bounds & { readonly key: Record<string, unknown>; readonly rows: NaiveRow[]; fired: boolean }>();
  const delayMs = output === "append" ? allowedLatenessMs : 0;
  let watermark = Number.NEGATIVE_INFINITY;
  const rowOf = ({ key, startMs, endMs, rows }: Bounds & { key: object; rows: readonly NaiveRow[] }, kind: NaiveRow["kind"]): NaiveRow => ({
    fields: { ...key, window_start: startMs, window_end: endMs, ...aggregate(aggregates, type, rows) },
    timeMs: endMs - 1,
    kind,
  });
  return {
    row(_input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      const windows = windowsOf(operator.window, row.timeMs);
      const open = windows.filter(({ endMs }) => endMs - 1 + allowedLatenessMs > watermark);
      if (windows.length > 0 && open.length === 0) emit("late", row);
      for (const bounds of open) {
        const id = `${bounds.startMs} ${bounds.endMs} ${keyText(keyBy, type, row)}`;
        const group = groups.get(id) ?? { ...bounds, key: keyOf(keyBy, type, row), rows: [], fired: false };
        groups.set(id, group);
        const before = group.rows.length > 0 ? rowOf(group, "-U") : null;
        group.rows.push(row);
        if (output === "append" || bounds.endMs - 1 > watermark) continue;
        group.fired = true;
        const after = rowOf(group, before === null ? "+I" : "+U");
        if (before !== null && output === "retract") {
          if (JSON.stringify(before.fields) === JSON.stringify(after.fields)) continue;
          emit("out", before);
        }
        emit("out", after);
      }
    },
    watermark(next, emit) {
      watermark = next;
      const due = [...groups.values()].filter((group) => !group.fired && group.endMs - 1 + delayMs <= watermark);
      for (const group of due.sort((a, b) => a.endMs - b.endMs)) {
        group.fired = true;
        emit("out", rowOf(group, "+I"));
      }
      return watermark - delayMs;
    },
  };
}

/** All windows that hold a time, by trying those around it. */
function windowsOf(window: WindowAggregate["window"], atMs: number): Bounds[] {
  const tried: Bounds[] = [];
  if (window.kind === "calendar") {
    const startMs = Math.floor(atMs / 86_400_000) * 86_400_000;
    tried.push({ startMs, endMs: startMs + 86_400_000 });
  } else if (window.kind === "cumulate") {
    const startMs = Math.floor((atMs - window.offsetMs) / window.maxSizeMs) * window.maxSizeMs + window.offsetMs;
    for (let endMs = startMs + window.stepMs; endMs <= startMs + window.maxSizeMs; endMs += window.stepMs) tried.push({ startMs, endMs });
  } else if (window.kind !== "session") {
    const slideMs = window.kind === "hopping" ? window.slideMs : window.sizeMs;
    const near = Math.floor((atMs - window.offsetMs) / slideMs);
    for (let i = near - Math.ceil(window.sizeMs / slideMs) - 1; i <= near + 1; i++) {
      const startMs = window.offsetMs + i * slideMs;
      tried.push({ startMs, endMs: startMs + window.sizeMs });
    }
  }
  return tried.filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
}

export function naiveLookBack({ keyBy, rangeMs, aggregates }: Op<"look-back">, { inputs: [type] }: PlanStep): NaiveOperator {
  const kept: { readonly row: NaiveRow; readonly key: string }[] = [];
  let watermark = Number.NEGATIVE_INFINITY;
  return {
    row(_input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      if (row.timeMs <= watermark) emit("late", row);
      else kept.push({ row, key: keyText(keyBy, type, row) });
    },
    watermark(next, emit) {
      const due = kept.filter(({ row }) => row.timeMs > watermark && row.timeMs <= next).sort((a, b) => a.row.timeMs - b.row.timeMs);
      watermark = next;
      for (const { row, key } of due) {
        const inRange = kept.filter(
          (other) => other.key === key && other.row.timeMs > row.timeMs - rangeMs && other.row.timeMs <= row.timeMs,
        );
        emit("out", {
          ...row,
          fields: {
            ...row.fields,
            ...aggregate(
              aggregates,
              type,
              inRange.map((other) => other.row),
            ),
          },
        });
      }
      return watermark;
    },
  };
}

/** Only rankings at the end of their window. */
export function naiveTopN(operator: Op<"top-n">, { inputs: [type] }: PlanStep): NaiveOperator | null {
  const { keyBy, by, order, limit, sizeMs, offsetMs, ties } = operator;
  if (operator.output !== "append") return null;
  const groups = new Map<string, { readonly startMs: number; readonly rows: { readonly row: NaiveRow; readonly value: unknown }[] }>();
  let watermark = Number.NEGATIVE_INFINITY;
  const sign = order === "ascending" ? 1 : -1;
  const compare = (a: unknown, b: unknown): number => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return sign * (Number(a) - Number(b));
  };
  return {
    row(_input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      const startMs = Math.floor((row.timeMs - offsetMs) / sizeMs) * sizeMs + offsetMs;
      if (startMs + sizeMs - 1 <= watermark) return emit("late", row);
      const id = `${startMs} ${keyText(keyBy, type, row)}`;
      const group = groups.get(id) ?? { startMs, rows: [] };
      groups.set(id, group);
      group.rows.push({ row, value: fieldValue(by, type, row) });
    },
    watermark(next, emit) {
      watermark = next;
      for (const [id, { startMs, rows }] of groups) {
        const endMs = startMs + sizeMs;
        if (endMs - 1 > watermark) continue;
        groups.delete(id);
        rows.sort((a, b) => compare(a.value, b.value));
        rows.forEach(({ row, value }, i) => {
          const first = ties === "keep" ? rows.findIndex((other) => compare(other.value, value) === 0) : i;
          if (first >= limit) return;
          const fields = { ...row.fields, window_start: startMs, window_end: endMs, rank: first + 1 };
          emit("out", { fields, timeMs: endMs - 1, kind: "+I" });
        });
      }
      return watermark;
    },
  };
}
