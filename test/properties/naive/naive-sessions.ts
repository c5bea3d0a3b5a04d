import type { PlannedOperator, PlanStep } from "@millrace/engine";
import { aggregate } from "./naive-aggregates.ts";
import { keyOf, keyText, type NaiveOperator, type NaiveRow } from "./naive-operator.ts";

type WindowAggregate = Extract<PlannedOperator, { op: "window-aggregate" }>;

interface Session {
  readonly key: string;
  readonly arrivals: readonly Arrival[];
  readonly first: number;
  readonly last: number;
}

interface Arrival {
  readonly row: NaiveRow;
  readonly place: number;
}

/** Lists of records that grow and merge; results at the end of each. */
export function naiveSessions(
  operator: WindowAggregate,
  { inputs: [type] }: PlanStep,
  { gapMs, maxDurationMs }: Extract<WindowAggregate["window"], { kind: "session" }>,
): NaiveOperator {
  const { keyBy, aggregates, allowedLatenessMs } = operator;
  const maxMs = maxDurationMs ?? Number.POSITIVE_INFINITY;
  let sessions: Session[] = [];
  let arrived = 0;
  let watermark = Number.NEGATIVE_INFINITY;
  const touchedBy = (key: string, at: number): readonly Session[] => {
    const own = sessions.filter((session) => session.key === key).sort((a, b) => a.first - b.first);
    const around = own.find(({ first, last }) => first <= at && at <= last);
    if (around !== undefined) return [around];
    const before = own.findLast(({ last }) => last < at);
    const after = own.find(({ first }) => first > at);
    const takesBefore = before !== undefined && at - before.last <= gapMs && at - before.first < maxMs;
    const takesAfter = after !== undefined && after.first - at <= gapMs && after.last - at < maxMs;
    if (takesBefore && takesAfter) return after.last - before.first >= maxMs ? [before] : [before, after];
    return takesBefore ? [before] : takesAfter ? [after] : [];
  };
  return {
    row(_input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      const key = keyText(keyBy, type, row);
      const touched = touchedBy(key, row.timeMs);
      const first = Math.min(row.timeMs, ...touched.map((session) => session.first));
      const last = Math.max(row.timeMs, ...touched.map((session) => session.last));
      if (watermark >= last + gapMs + allowedLatenessMs) return emit("late", row);
      // Whichever session a record came to first, the aggregates see all of them in order of arrival.
      const arrivals = [...touched.flatMap((session) => session.arrivals), { row, place: arrived++ }].sort((a, b) => a.place - b.place);
      sessions = [...sessions.filter((session) => !touched.includes(session)), { key, first, last, arrivals }];
    },
    watermark(next, emit) {
      watermark = next;
      const isDue = ({ last }: Session): boolean => watermark >= last + gapMs + allowedLatenessMs;
      for (const { first, last, arrivals } of sessions.filter(isDue).sort((a, b) => a.last - b.last)) {
        const rows = arrivals.map(({ row }) => row);
        const times = { window_start: first, window_end: last + gapMs, last_event_time: last, duration: last - first };
        const fields = { ...keyOf(keyBy, type, rows[0]), ...times, ...aggregate(aggregates, type, rows) };
        emit("out", { fields, timeMs: last + gapMs - 1, kind: "+I" });
      }
      sessions = sessions.filter((session) => !isDue(session));
      return watermark - allowedLatenessMs - 1;
    },
  };
}
