import { dateFormatKernel } from "../kernels/date-format-kernel.ts";
import { isTimestamp } from "../values/calendar.ts";
import { parseDateFormat, readDate, writeDate } from "../values/date-format.ts";
import { addUnits, countUnits, extractPart } from "../values/time-units.ts";
import { parseTimestampText } from "../values/timestamp-text.ts";
import { define, type Example, type FunctionDefinition, signature } from "./function-definition.ts";

const sample = "TIMESTAMP '2026-03-08 09:05:07.250'";

/** A function that gives a part of a time. */
function part(name: string, unit: string, doc: string, value: Example["value"]): FunctionDefinition {
  return define(
    "time",
    name,
    doc,
    [signature("time timestamp -> bigint", (ms: number) => extractPart(unit, ms))],
    [[`${name}(${sample})`, value]],
  );
}

function formatDate(ms: number, text: string): string | null {
  const parsed = parseDateFormat(text);
  return "format" in parsed ? writeDate(parsed.format, ms) : null;
}

function readTimestamp(text: string, format: string | null = null): number | null {
  if (format === null) return parseTimestampText(text);
  const parsed = parseDateFormat(format);
  return "format" in parsed ? readDate(parsed.format, text) : null;
}

/** The time of a number of seconds (precision 0) or milliseconds (precision 3) since the epoch. */
function ofEpoch(value: number, precision: number): number | null {
  if (precision !== 0 && precision !== 3) return null;
  const ms = Math.floor(precision === 0 ? value * 1000 : value) + 0;
  return isTimestamp(ms) ? ms : null;
}

export const time: readonly FunctionDefinition[] = [
  define(
    "time",
    "EXTRACT",
    "A part of a time in UTC: YEAR, QUARTER, MONTH, WEEK (ISO), DAY, DOY, DOW (1 = Sunday), ISODOW (1 = Monday), HOUR, MINUTE, SECOND, or EPOCH, the seconds since 1970.",
    [signature("unit unit, time timestamp -> bigint", extractPart)],
    [
      [`EXTRACT(HOUR FROM ${sample})`, 9],
      [`EXTRACT(DOY FROM ${sample})`, 67],
    ],
    { syntax: "EXTRACT(unit FROM time)" },
  ),
  part("YEAR", "YEAR", "The year of a time, in UTC.", 2026),
  part("QUARTER", "QUARTER", "The quarter of a time, 1 to 4, in UTC.", 1),
  part("MONTH", "MONTH", "The month of a time, 1 to 12, in UTC.", 3),
  part("WEEK", "WEEK", "The ISO week of a time, 1 to 53, in UTC.", 10),
  part("DAYOFYEAR", "DOY", "The day of the year, 1 to 366, in UTC.", 67),
  part("DAYOFMONTH", "DAY", "The day of the month, 1 to 31, in UTC.", 8),
  part("DAYOFWEEK", "DOW", "The day of the week, 1 = Sunday to 7 = Saturday, in UTC.", 1),
  part("HOUR", "HOUR", "The hour of a time, 0 to 23, in UTC.", 9),
  part("MINUTE", "MINUTE", "The minute of a time, 0 to 59.", 5),
  part("SECOND", "SECOND", "The second of a time, 0 to 59.", 7),
  define(
    "time",
    "DATE_FORMAT",
    "The time as text in UTC, in a format of y, M, d, H, h, m, s, S, a, E and D; other text in quotes.",
    [signature("time timestamp, format format -> string", formatDate, { kernel: dateFormatKernel })],
    [
      [`DATE_FORMAT(${sample}, 'yyyy-MM-dd HH:mm')`, "2026-03-08 09:05"],
      [`DATE_FORMAT(${sample}, 'EEE d MMM, h a')`, "Sun 8 Mar, 9 AM"],
    ],
  ),
  define(
    "time",
    "TO_TIMESTAMP",
    "The time that a text names in UTC, as yyyy-MM-dd HH:mm:ss, in ISO form, or in the given format; NULL when it does not fit.",
    [signature("text string -> timestamp", readTimestamp), signature("text string, format format -> timestamp", readTimestamp)],
    [
      ["TO_TIMESTAMP('2026-01-01 00:00:00')", 1767225600000],
      ["TO_TIMESTAMP('31.12.2025', 'dd.MM.yyyy')", 1767139200000],
      ["TO_TIMESTAMP('31.12.25', 'dd.MM.yyyy')", null],
      ["TO_TIMESTAMP('soon')", null],
    ],
    { flink: (args) => `CAST(TO_TIMESTAMP(${args.join(", ")}) AS TIMESTAMP_LTZ(3))` },
  ),
  define(
    "time",
    "TO_TIMESTAMP_LTZ",
    "The time of a number since 1970: of seconds with precision 0, of milliseconds with precision 3.",
    [
      signature("number bigint, precision bigint -> timestamp", ofEpoch),
      signature("number double, precision bigint -> timestamp", ofEpoch),
    ],
    [
      ["TO_TIMESTAMP_LTZ(1767225600, 0)", 1767225600000],
      ["TO_TIMESTAMP_LTZ(1767225600000, 3)", 1767225600000],
    ],
  ),
  define(
    "time",
    "UNIX_TIMESTAMP",
    "Whole seconds since 1970 of a time, or of a text such as '2026-01-01 00:00:00' in UTC.",
    [
      signature("time timestamp -> bigint", (ms: number) => Math.floor(ms / 1000)),
      signature("text string -> bigint", (s: string) => {
        const ms = parseTimestampText(s);
        return ms === null ? null : Math.floor(ms / 1000);
      }),
    ],
    [["UNIX_TIMESTAMP(TIMESTAMP '2026-01-01 00:00:00')", 1767225600]],
    { flink: ([time]) => `UNIX_TIMESTAMP(CAST(${time} AS STRING))` },
  ),
  define(
    "time",
    "FROM_UNIXTIME",
    "Whole seconds since 1970 as text in UTC, as yyyy-MM-dd HH:mm:ss or in the given format.",
    [
      signature("seconds bigint -> string", (seconds: number) => formatDate(seconds * 1000, "yyyy-MM-dd HH:mm:ss")),
      signature("seconds bigint, format format -> string", (seconds: number, format: string) => formatDate(seconds * 1000, format)),
    ],
    [["FROM_UNIXTIME(1767225600)", "2026-01-01 00:00:00"]],
  ),
  define(
    "time",
    "TIMESTAMPADD",
    "The time moved by that many units: SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR.",
    [signature("unit unit, count bigint, time timestamp -> timestamp", addUnits)],
    [["TIMESTAMPADD(MONTH, 1, TIMESTAMP '2026-01-31 00:00:00')", 1772236800000]],
    { syntax: "TIMESTAMPADD(unit, count, time)" },
  ),
  define(
    "time",
    "TIMESTAMPDIFF",
    "Whole units from the first time to the second: SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR.",
    [signature("unit unit, from timestamp, to timestamp -> bigint", countUnits)],
    [
      ["TIMESTAMPDIFF(MINUTE, TIMESTAMP '2026-01-01 00:00:00', TIMESTAMP '2026-01-01 00:59:59')", 59],
      ["TIMESTAMPDIFF(MONTH, TIMESTAMP '2026-01-31 00:00:00', TIMESTAMP '2026-02-28 00:00:00')", 1],
    ],
    { syntax: "TIMESTAMPDIFF(unit, from, to)" },
  ),
];
