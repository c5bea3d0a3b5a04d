import type { PlannedOperator } from "@millrace/engine";
import type { FeedEvent } from "../random-feed.ts";
import { stillClockMs } from "../still-clock.ts";
import { fieldValue, type NaiveRow } from "./naive-operator.ts";

type Source = Extract<PlannedOperator, { op: "source" }>;

/** What an event of a feed brings: its record, unless it is a dead letter, and the watermark when it rises. */
export interface NaiveSource {
  /** null: the feed has ended. */
  next(): { readonly rows: readonly NaiveRow[]; readonly watermark: number | null } | null;
}

/**
 * A source by the letter: the watermark of a split is its newest time less the disorder, or what its records have said, that
 * of the source the least of them.
 */
export function naiveSource(source: Source, live: readonly boolean[], events: readonly FeedEvent[]): NaiveSource {
  const newest = new Map<string, number>();
  let emitted = Number.NEGATIVE_INFINITY;
  let at = 0;
  return {
    next() {
      if (at >= events.length) return null;
      const event = events[at++];
      if (event.kind === "gap") throw new Error("idleness has no naive form");
      const row = readRow(source, live, event.text);
      if (row === null) return { rows: [], watermark: null };
      const timed = !Number.isNaN(row.timeMs);
      if (!newest.has(event.split)) newest.set(event.split, Number.NEGATIVE_INFINITY);
      const { nullTime, future } = source.watermark;
      const latestMs = future === undefined ? Number.POSITIVE_INFINITY : stillClockMs + future.aheadMs;
      const isAhead = row.timeMs > latestMs;
      const isRefused = timed ? isAhead && future?.policy === "dead-letter" : nullTime !== "keep";
      const mark = isRefused || isAhead ? Number.NaN : markOf(source, row);
      if (mark <= latestMs) newest.set(event.split, Math.max(newest.get(event.split) ?? 0, mark));
      const watermark = Math.min(...newest.values()) - source.watermark.disorderMs - 1;
      const rises = watermark > emitted;
      if (rises) emitted = watermark;
      return { rows: isRefused ? [] : [row], watermark: rises ? watermark : null };
    },
  };
}

/** The time before which nothing follows, by this record; NaN: it says nothing. */
function markOf({ punctuation, fields }: Source, row: NaiveRow): number {
  if (punctuation === undefined) return row.timeMs;
  const said = fieldValue(punctuation, { fields, time: "event", timeField: null, changelog: "append", key: [] }, row);
  return typeof said === "number" ? said : said === true ? row.timeMs : Number.NaN;
}

/** null: not a record of the source's fields. */
function readRow(source: Source, live: readonly boolean[], text: string): NaiveRow | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  const record = new Map(Object.entries(parsed));
  const id = record.get("id");
  // What nobody reads is not looked at.
  const readsId = live[source.fields.findIndex(({ name }) => name === "id")];
  if (readsId && id !== null && id !== undefined && typeof id !== "number") return null;
  const fields = Object.fromEntries(source.fields.map(({ name }) => [name, record.get(name) ?? null]));
  const time = source.timeField === null ? null : fields[source.timeField];
  return { fields, timeMs: typeof time === "number" ? time : Number.NaN, kind: "+I" };
}
