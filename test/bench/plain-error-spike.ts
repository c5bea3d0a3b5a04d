import type { PlainStage } from "./plain-lines.ts";
import type { Row } from "./subject.ts";

interface LogRecord {
  readonly timestamp: number;
  readonly service: string;
  readonly level: string;
}

interface Count {
  readonly service: string;
  readonly start: number;
  count: number;
}

type Next<T> = (value: T) => void;

/** Scenario 1 the plain way: a callback a record from node to node, a Map for the windows. What most event-driven tools do. */
export function errorSpikeStage(windowMs: number, threshold: number, emit: Next<Row>): PlainStage<LogRecord> {
  const alert = alertNode(threshold, emit);
  const window = windowNode(windowMs, alert);
  return {
    onRecord: filterNode((record) => record.level === "ERROR", window.onRecord, window.onTime),
    onEnd: () => window.onTime(Number.POSITIVE_INFINITY),
  };
}

function filterNode(keep: (record: LogRecord) => boolean, next: Next<LogRecord>, onTime: Next<number>): Next<LogRecord> {
  return (record) => {
    if (keep(record)) next(record);
    onTime(record.timestamp - 1);
  };
}

function windowNode(
  sizeMs: number,
  next: Next<Count & { readonly end: number }>,
): { readonly onRecord: Next<LogRecord>; readonly onTime: Next<number> } {
  const windows = new Map<string, Count>();
  let nextEnd = Number.POSITIVE_INFINITY;
  return {
    onRecord: ({ timestamp, service }) => {
      const start = timestamp - (timestamp % sizeMs);
      const key = `${start}|${service}`;
      const known = windows.get(key);
      if (known === undefined) windows.set(key, { service, start, count: 1 });
      else known.count += 1;
      nextEnd = Math.min(nextEnd, start + sizeMs);
    },
    onTime: (watermark) => {
      if (watermark < nextEnd - 1) return;
      nextEnd = Number.POSITIVE_INFINITY;
      for (const [key, window] of windows) {
        const end = window.start + sizeMs;
        if (end - 1 <= watermark) {
          windows.delete(key);
          next({ ...window, end });
        } else nextEnd = Math.min(nextEnd, end);
      }
    },
  };
}

function alertNode(threshold: number, next: Next<Row>): Next<Count & { readonly end: number }> {
  const raised = new Map<string, number>();
  return ({ service, start, end, count }) => {
    const at = end - 1;
    const since = raised.get(service);
    const tell = (transition: string, raisedAt: number): void => {
      const title = `${service}: ${count} errors`;
      next({
        alert_key: service,
        transition,
        severity: "critical",
        title,
        raised_at: raisedAt,
        at,
        service,
        window_start: start,
        window_end: end,
        errors: count,
      });
    };
    if (count > threshold && since === undefined) {
      raised.set(service, at);
      tell("raised", at);
    } else if (count <= threshold && since !== undefined) {
      raised.delete(service);
      tell("cleared", since);
    }
  };
}
