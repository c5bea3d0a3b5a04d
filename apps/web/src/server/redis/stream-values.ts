import { deadLetterEntry } from "@millrace/protocol";
import type { AlertEntry, DeadLetter, LiveRowEntry, LogEntry, LogLevel, Row, RowValue } from "../../live/live-event.ts";
import { entryTimeMs, type StreamEntry } from "./stream-entry.ts";

/** An alert of the inbox; null for an entry that nothing can be made of. */
export function readAlert(entry: StreamEntry): AlertEntry | null {
  const row = readRow(entry.fields.get("row"));
  return row === null ? null : { id: entry.id, atMs: entryTimeMs(entry.id), sink: entry.fields.get("sink") ?? "", row };
}

/** A row of a live table. */
export function readLiveRow(entry: StreamEntry): LiveRowEntry | null {
  const row = readRow(entry.fields.get("row"));
  return row === null ? null : { id: entry.id, atMs: entryTimeMs(entry.id), row };
}

/** A dead letter. */
export function readDeadLetter(entry: StreamEntry): DeadLetter | null {
  const parsed = deadLetterEntry.safeParse(readJson(entry.fields.get("row")));
  return parsed.success ? { ...parsed.data, id: entry.id } : null;
}

/** A log line of the runtime (pino JSON). */
export function readLogLine(entry: StreamEntry): LogEntry | null {
  const line = readRow(entry.fields.get("line"));
  if (line === null) return null;
  const { level, time, msg, pid: _pid, hostname: _hostname, name: _name, ...fields } = line;
  return {
    id: entry.id,
    atMs: typeof time === "number" ? time : entryTimeMs(entry.id),
    level: readLevel(level),
    message: typeof msg === "string" ? msg : "",
    fields,
  };
}

function readLevel(level: RowValue | undefined): LogLevel {
  if (level === "error" || level === "fatal") return "error";
  if (level === "warn" || level === "info" || level === "debug") return level;
  if (typeof level !== "number") return "info";
  if (level >= 50) return "error";
  if (level >= 40) return "warn";
  return level >= 30 ? "info" : "debug";
}

function readRow(text: string | undefined): Row | null {
  const value = readJson(text);
  // JSON.parse gives JSON values only, so an object that is no list is a row.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : null;
}

function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
