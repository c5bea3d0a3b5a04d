import { type ReferenceFunction, strict } from "./reference-function.ts";
import { readTimestamp, timeOf } from "./reference-time.ts";

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A run of one letter (`width` > 0), or text. */
interface Piece {
  readonly text: string;
  readonly width: number;
}

/** Letter by letter; null when a letter is not known or a quote is never closed. */
function piecesOf(format: string): Piece[] | null {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < format.length) {
    const char = format[at];
    let end = at + 1;
    if (char === "'") {
      let text = "";
      while (end < format.length && (format[end] !== "'" || format[end + 1] === "'")) {
        text += format[end];
        end += format[end] === "'" ? 2 : 1;
      }
      if (end >= format.length) return null;
      pieces.push({ text: end === at + 1 ? "'" : text, width: 0 });
      at = end + 1;
    } else if (/[A-Za-z]/.test(char)) {
      while (format[end] === char) end++;
      if (!"yMdHhmsSaED".includes(char) || end - at > 9) return null;
      pieces.push({ text: char, width: end - at });
      at = end;
    } else {
      pieces.push({ text: char, width: 0 });
      at = end;
    }
  }
  return pieces;
}

function write(format: string, ms: number): string | null {
  const pieces = piecesOf(format);
  if (pieces === null || timeOf(1970, 1, 1) === null || ms < -62_135_596_800_000 || ms > 253_402_300_799_999 || !Number.isInteger(ms))
    return null;
  const date = new Date(ms);
  return pieces.map(({ text, width }) => (width === 0 ? text : writePart(text, width, date))).join("");
}

function writePart(letter: string, width: number, date: Date): string {
  const digits = (value: number): string => String(value).padStart(width, "0");
  const [year, month, hour] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCHours()];
  switch (letter) {
    case "y":
      return width === 2 ? String(year % 100).padStart(2, "0") : digits(year);
    case "M":
      return width < 3 ? digits(month + 1) : width === 3 ? months[month].slice(0, 3) : months[month];
    case "d":
      return digits(date.getUTCDate());
    case "D":
      return digits(
        Math.round((Date.UTC(2000, month, date.getUTCDate()) - Date.UTC(2000, 0, 1)) / 86_400_000) +
          1 -
          (isLeap(year) || month < 2 ? 0 : 1),
      );
    case "E":
      return width > 3 ? days[date.getUTCDay()] : days[date.getUTCDay()].slice(0, 3);
    case "a":
      return hour < 12 ? "AM" : "PM";
    case "H":
      return digits(hour);
    case "h":
      return digits(hour % 12 || 12);
    case "m":
      return digits(date.getUTCMinutes());
    case "s":
      return digits(date.getUTCSeconds());
    default:
      return String(date.getUTCMilliseconds()).padStart(3, "0").padEnd(width, "0").slice(0, width);
  }
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** The time that a text in a format names; parts that are absent are the least possible. */
function read(format: string, text: string): number | null {
  const pieces = piecesOf(format);
  if (pieces === null) return null;
  const found = new Map<string, number>();
  let rest = text;
  for (const [i, piece] of pieces.entries()) {
    if (piece.width === 0) {
      if (!rest.startsWith(piece.text)) return null;
      rest = rest.slice(piece.text.length);
      continue;
    }
    const taken = readPart(piece, rest, (pieces.at(i + 1)?.width ?? 0) > 0);
    if (taken === null) return null;
    found.set(piece.text, taken.value);
    rest = rest.slice(taken.length);
  }
  return rest === "" ? combine(found) : null;
}

/** `tight`: digits of the next part follow at once, so that a part has exactly its width. */
function readPart(
  { text: letter, width }: Piece,
  rest: string,
  tight: boolean,
): { readonly value: number; readonly length: number } | null {
  const names = letter === "E" ? days : letter === "M" && width >= 3 ? months : letter === "a" ? ["AM", "PM"] : null;
  if (names !== null) {
    const known = names.map((name) => (letter !== "a" && width <= 3 ? name.slice(0, 3) : name).toLowerCase());
    const index = known.findIndex((name) => rest.toLowerCase().startsWith(name) && rest.slice(0, name.length).toLowerCase() === name);
    return index < 0 ? null : { value: index + (letter === "a" ? 0 : 1), length: known[index].length };
  }
  const most = tight || letter === "S" ? width : letter === "y" ? Math.max(width, 4) : Math.max(width, 2);
  const digits = /^\d*/.exec(rest.slice(0, most))?.[0] ?? "";
  if (digits === "" || ((tight || letter === "y") && digits.length < width)) return null;
  if (letter === "S") return { value: Number(digits.padEnd(3, "0").slice(0, 3)), length: digits.length };
  if (letter === "y" && width === 2) return digits.length === 2 ? { value: 2000 + Number(digits), length: 2 } : null;
  return { value: Number(digits), length: digits.length };
}

function combine(found: ReadonlyMap<string, number>): number | null {
  const part = (letter: string, least: number): number => found.get(letter) ?? least;
  const half = found.get("h");
  if (half !== undefined && (half < 1 || half > 12)) return null;
  const hour = half === undefined ? part("H", 0) : (half % 12) + 12 * part("a", 0);
  const byDay = found.has("D") && !found.has("d");
  const start = timeOf(part("y", 1970), byDay ? 1 : part("M", 1), byDay ? 1 : part("d", 1), hour, part("m", 0), part("s", 0), part("S", 0));
  if (start === null || !byDay) return start;
  const ms = start + (part("D", 1) - 1) * 86_400_000;
  return part("D", 1) >= 1 && new Date(ms).getUTCFullYear() === part("y", 1970) ? ms : null;
}

/** What reads or writes times in a format. */
export const referenceDateFormat: Readonly<Record<string, ReferenceFunction>> = {
  DATE_FORMAT: strict(([ms, format]) => write(String(format), Number(ms))),
  FROM_UNIXTIME: strict(([seconds, format = "yyyy-MM-dd HH:mm:ss"]) => write(String(format), Number(seconds) * 1000)),
  TO_TIMESTAMP: strict(([text, format]) => (format === undefined ? readTimestamp(String(text)) : read(String(format), String(text)))),
};
