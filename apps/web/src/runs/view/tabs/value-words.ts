import type { FieldType } from "@millrace/engine";
import { durationWords } from "../../../design/format/durations.ts";
import { clockWords, utcWords } from "../../../design/format/times.ts";
import type { RowValue } from "../../../live/live-event.ts";

/** How a value of a row is shown: moments by the viewer's clock, numbers without noise, text as it is, the rest as JSON. */
export function valueWords(value: RowValue | undefined, type?: FieldType): string {
  if (value === undefined) return "";
  if (value === null) return "null";
  if (typeof value === "string") return value;
  if (typeof value === "number") {
    if (type?.kind === "timestamp") return clockWords(value, value % 1000 !== 0);
    return type?.kind === "interval" ? durationWords(value) : numberWords(value);
  }
  return typeof value === "boolean" ? String(value) : JSON.stringify(value);
}

/** The value in full, for the hover. */
export function valueInFull(value: RowValue | undefined, type?: FieldType): string {
  if (value === undefined) return "";
  if (typeof value === "number" && type?.kind === "timestamp") return utcWords(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whole numbers as they are, others to six significant figures. */
function numberWords(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
