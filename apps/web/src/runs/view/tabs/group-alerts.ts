import type { AlertEntry, Row, RowValue } from "../../../live/live-event.ts";

export type Severity = "info" | "warning" | "critical";

/** An alert from its raising to its clearing. */
export interface Alert {
  readonly id: string;
  /** Slug of the inbox that it came to. */
  readonly sink: string;
  /** null: the row says nothing of it. */
  readonly severity: Severity | null;
  readonly title: string;
  readonly state: "raised" | "cleared";
  /** Event times, ms since the epoch; null when the row has none. */
  readonly raisedAtMs: number | null;
  readonly clearedAtMs: number | null;
  /** When it was written last, by the clock. */
  readonly atMs: number;
  /** The fields of the record that raised it. */
  readonly numbers: Row;
}

const ownFields = new Set(["alert_key", "transition", "severity", "title", "raised_at", "at"]);

/** Brings the rows of an inbox (newest first) together by key and moment of raising. The last that anything happened to comes first. */
export function groupAlerts(entries: readonly AlertEntry[]): readonly Alert[] {
  const alerts = new Map<string, Alert>();
  for (const entry of entries.toReversed()) {
    const key = keyOf(entry);
    const known = alerts.get(key);
    alerts.delete(key);
    alerts.set(key, known === undefined ? open(entry) : update(known, entry));
  }
  return [...alerts.values()].toReversed();
}

function keyOf({ id, sink, row }: AlertEntry): string {
  const hasIdentity = row.alert_key !== undefined && row.raised_at !== undefined;
  return hasIdentity ? JSON.stringify([sink, row.alert_key, row.raised_at]) : id;
}

function open(entry: AlertEntry): Alert {
  const { row } = entry;
  const isCleared = row.transition === "cleared";
  return {
    id: entry.id,
    sink: entry.sink,
    severity: readSeverity(row.severity),
    title: typeof row.title === "string" && row.title !== "" ? row.title : "Alert",
    state: isCleared ? "cleared" : "raised",
    raisedAtMs: readTime(row.raised_at),
    clearedAtMs: isCleared ? readTime(row.at) : null,
    atMs: entry.atMs,
    numbers: Object.fromEntries(Object.entries(row).filter(([name]) => !ownFields.has(name))),
  };
}

/** Clearing ends the alert and keeps what raised it; a repeat brings newer numbers. */
function update(known: Alert, entry: AlertEntry): Alert {
  const next = open(entry);
  if (next.state === "cleared") return { ...known, state: "cleared", clearedAtMs: next.clearedAtMs, atMs: entry.atMs };
  return { ...next, id: known.id };
}

function readSeverity(value: RowValue | undefined): Severity | null {
  return value === "info" || value === "warning" || value === "critical" ? value : null;
}

function readTime(value: RowValue | undefined): number | null {
  if (typeof value === "number") return value;
  const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}
