import {
  dayMs,
  dayOf,
  dayOfMonth,
  dayOfWeek,
  dayOfYear,
  isTimestamp,
  monthOfDay,
  timeOfDayMs,
  timestampOf,
  yearOfDay,
} from "./calendar.ts";
import { pad } from "./timestamp-text.ts";

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A run of one letter, or other text. */
interface Piece {
  readonly letter: string | null;
  readonly text: string;
}

/** A date format that has been read: it can write times and read texts. */
export interface DateFormat {
  readonly pieces: readonly Piece[];
  /** The greatest length of time within which the text never changes, ms. */
  readonly stepMs: number;
}

/** A format, or the letter in it that is not known. */
export type ParsedFormat = { readonly format: DateFormat } | { readonly unknown: string };

const steps: ReadonlyMap<string, number> = new Map([
  ["y", dayMs],
  ["M", dayMs],
  ["d", dayMs],
  ["D", dayMs],
  ["E", dayMs],
  ["a", 43_200_000],
  ["H", 3_600_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["S", 1],
]);

const remembered = new Map<string, ParsedFormat>();

/**
 * Reads a format of y, M, d, D, E, a, H, h, m, s and S; text stands in single quotes, two of which are one quote.
 * Formats are remembered, up to a bound.
 */
export function parseDateFormat(text: string): ParsedFormat {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const parsed = read(text);
  if (remembered.size >= 256) remembered.clear();
  remembered.set(text, parsed);
  return parsed;
}

function read(text: string): ParsedFormat {
  const pieces: Piece[] = [];
  let stepMs = dayMs;
  for (const [run] of text.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    if (run.startsWith("'")) {
      if (run.length === 1) return { unknown: "an unclosed quote" };
      pieces.push({ letter: null, text: run === "''" ? "'" : run.slice(1, -1).replaceAll("''", "'") });
    } else if (/[A-Za-z]/.test(run)) {
      const step = steps.get(run[0]);
      if (step === undefined || run.length > 9) return { unknown: run };
      stepMs = Math.min(stepMs, step);
      pieces.push({ letter: run[0], text: run });
    } else pieces.push({ letter: null, text: run });
  }
  return { format: { pieces, stepMs } };
}

/** The time in UTC in this format; null outside the years 1 to 9999. */
export function writeDate(format: DateFormat, ms: number): string | null {
  if (!isTimestamp(ms)) return null;
  const day = dayOf(ms);
  const time = timeOfDayMs(ms);
  let text = "";
  for (const piece of format.pieces) text += piece.letter === null ? piece.text : writePiece(piece.letter, piece.text.length, day, time);
  return text;
}

function writePiece(letter: string, width: number, day: number, time: number): string {
  const hour = Math.floor(time / 3_600_000);
  switch (letter) {
    case "y":
      return width === 2 ? pad(yearOfDay(day) % 100, 2) : pad(yearOfDay(day), width);
    case "M":
      return writeMonth(monthOfDay(day), width);
    case "d":
      return pad(dayOfMonth(day), width);
    case "D":
      return pad(dayOfYear(day), width);
    case "E":
      return width > 3 ? days[dayOfWeek(day) - 1] : days[dayOfWeek(day) - 1].slice(0, 3);
    case "a":
      return hour < 12 ? "AM" : "PM";
    case "H":
      return pad(hour, width);
    case "h":
      return pad(hour % 12 === 0 ? 12 : hour % 12, width);
    case "m":
      return pad(Math.floor(time / 60_000) % 60, width);
    case "s":
      return pad(Math.floor(time / 1000) % 60, width);
    default:
      return pad(time % 1000, 3)
        .padEnd(width, "0")
        .slice(0, width);
  }
}

function writeMonth(month: number, width: number): string {
  if (width > 3) return months[month - 1];
  return width === 3 ? months[month - 1].slice(0, 3) : pad(month, width);
}

/** The time in UTC that a text in this format names; null when it does not fit. Parts that are absent are the least possible. */
export function readDate(format: DateFormat, text: string): number | null {
  const found = new Map<string, number>();
  let at = 0;
  for (const [index, piece] of format.pieces.entries()) {
    if (piece.letter === null) {
      if (!text.startsWith(piece.text, at)) return null;
      at += piece.text.length;
      continue;
    }
    const adjacent = format.pieces[index + 1]?.letter != null;
    const part = readPiece(piece.letter, piece.text.length, text, at, adjacent);
    if (part === null) return null;
    found.set(piece.letter, part.value);
    at = part.end;
  }
  return at === text.length ? combine(found) : null;
}

interface ReadPart {
  readonly value: number;
  readonly end: number;
}

function readPiece(letter: string, width: number, text: string, at: number, adjacent: boolean): ReadPart | null {
  if (letter === "a") {
    const half = text.slice(at, at + 2).toUpperCase();
    return half === "AM" || half === "PM" ? { value: half === "PM" ? 1 : 0, end: at + 2 } : null;
  }
  if (letter === "E") return readName(days, width, text, at);
  if (letter === "M" && width >= 3) return readName(months, width, text, at);
  const most = adjacent || letter === "S" || letter === "y" ? width : Math.max(width, 2);
  const digits = /^\d*/.exec(text.slice(at, at + Math.max(most, letter === "y" && !adjacent ? 4 : 0)))?.[0] ?? "";
  // A year of fewer digits than are asked for is another one: 26 is not 2026.
  if (digits === "" || ((adjacent || letter === "y") && digits.length < width)) return null;
  if (letter === "S") return { value: Number(digits.padEnd(3, "0").slice(0, 3)), end: at + digits.length };
  if (letter === "y" && width === 2) return digits.length === 2 ? { value: 2000 + Number(digits), end: at + 2 } : null;
  return { value: Number(digits), end: at + digits.length };
}

function readName(names: readonly string[], width: number, text: string, at: number): ReadPart | null {
  const index = names.findIndex((name) => {
    const sought = width > 3 ? name : name.slice(0, 3);
    return text.slice(at, at + sought.length).toLowerCase() === sought.toLowerCase();
  });
  if (index === -1) return null;
  return { value: index + 1, end: at + (width > 3 ? names[index].length : 3) };
}

function combine(found: ReadonlyMap<string, number>): number | null {
  const part = (letter: string, otherwise: number): number => found.get(letter) ?? otherwise;
  const twelve = found.get("h");
  if (twelve !== undefined && (twelve < 1 || twelve > 12)) return null;
  const hour = twelve === undefined ? part("H", 0) : (twelve % 12) + 12 * part("a", 0);
  const day = found.has("D") && !found.has("d") ? null : part("d", 1);
  const start = timestampOf(part("y", 1970), day === null ? 1 : part("M", 1), day ?? 1, hour, part("m", 0), part("s", 0), part("S", 0));
  if (start === null || day !== null) return start;
  const ms = start + (part("D", 1) - 1) * dayMs;
  return part("D", 1) >= 1 && yearOfDay(dayOf(ms)) === part("y", 1970) ? ms : null;
}
