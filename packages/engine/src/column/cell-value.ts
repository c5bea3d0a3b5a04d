import { type FieldType, showType } from "../types/field-type.ts";

/** A value as a column holds it: number, boolean, string, or any JSON; null is NULL. */
export type CellValue = unknown;

/** Why a value does not fit its declared type. */
export class Misfit {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/**
 * A JSON value as a cell of `type`. Nothing is coerced: text is not a number, a fraction is not a bigint.
 * A timestamp is a number of milliseconds or an ISO 8601 text (UTC when it names no zone).
 */
export function cellFromJson(name: string, type: FieldType, value: unknown): CellValue | Misfit {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "boolean":
      return typeof value === "boolean" ? value : misfit(name, type, value);
    case "string":
      return typeof value === "string" ? value : misfit(name, type, value);
    case "double":
      return typeof value === "number" && Number.isFinite(value) ? value : misfit(name, type, value);
    case "bigint":
    case "interval":
      return typeof value === "number" && Number.isSafeInteger(value) ? value : misfit(name, type, value);
    case "timestamp": {
      const ms = typeof value === "number" ? value : typeof value === "string" ? parseTimestamp(value) : Number.NaN;
      return isTimestamp(ms) ? ms : misfit(name, type, value);
    }
    default:
      return value;
  }
}

/** A text (of a CSV file) as a cell of `type`; empty text is NULL, except for strings. */
export function cellFromText(name: string, type: FieldType, text: string): CellValue | Misfit {
  if (type.kind === "string") return text;
  if (text === "") return null;
  switch (type.kind) {
    case "boolean":
      return text === "true" ? true : text === "false" ? false : misfit(name, type, text);
    case "double":
    case "bigint":
    case "interval":
      return numberForm.test(text) ? cellFromJson(name, type, Number(text)) : misfit(name, type, text);
    case "timestamp":
      return cellFromJson(name, type, numberForm.test(text) ? Number(text) : text);
    default:
      try {
        return JSON.parse(text);
      } catch {
        return misfit(name, type, text);
      }
  }
}

const numberForm = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const timestampForm = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
const furthestTimestamp = 8.64e15;

/** True for a whole number of milliseconds in the range that calendars know. */
export function isTimestamp(ms: number): boolean {
  return Number.isInteger(ms) && Math.abs(ms) <= furthestTimestamp;
}

/** Milliseconds since the epoch of an ISO 8601 date or date and time; NaN when it is none. Without a zone it is UTC. */
export function parseTimestamp(text: string): number {
  const match = timestampForm.exec(text);
  if (match === null) return Number.NaN;
  const [, date, time = "00:00", zone = "Z"] = match;
  const colonZone = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return Math.trunc(Date.parse(`${date}T${time}${colonZone}`));
}

function misfit(name: string, type: FieldType, value: unknown): Misfit {
  const shown = JSON.stringify(value) ?? String(value);
  const cut = shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
  return new Misfit(`the field ${name} is declared ${showType(type)}, but the record holds ${cut}`);
}
