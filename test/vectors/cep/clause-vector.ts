import type { Vector } from "../suite.ts";
import type { Row } from "../windows/window-run.ts";

/** Rows, a MATCH_RECOGNIZE clause over them in its parts, and the rows that come out. */
export interface ClauseVector extends Vector {
  readonly matchRecognize: {
    readonly partitionBy?: readonly string[] | null;
    /** `arrival`, or `field ASC` and so on; `rowtime (= tstamp)` is a time that is in another field. None: as they come. */
    readonly orderBy?: string | readonly string[] | null;
    readonly measures: Readonly<Record<string, string>>;
    readonly rowsPerMatch: string;
    readonly afterMatch?: string | null;
    readonly pattern: string;
    /** As SQL writes it: `INTERVAL '5' SECOND`. */
    readonly within?: string | null;
    readonly define?: Readonly<Record<string, string>> | null;
  };
  /** Rows in the order in which they come, with or without their times and watermarks between them. */
  readonly input: readonly (Row | TimedRow | { readonly watermark: number | "MAX" })[];
  readonly expected: readonly Row[];
  readonly ordered?: boolean;
}

interface TimedRow {
  readonly record: Row;
  readonly ts: number;
}

/** A row with its time, or a watermark. */
export type ClauseStep = { readonly row: Row; readonly timeMs: number } | { readonly watermark: number | "MAX" };

/** The text of the clause. */
export function clauseText({ matchRecognize: of }: ClauseVector): string {
  const list = (items: Readonly<Record<string, string>>, write: (name: string, text: string) => string): string =>
    Object.entries(items)
      .map(([name, text]) => write(name, text))
      .join(", ");
  const [partitionBy, order, define] = [of.partitionBy ?? [], orderOf(of.orderBy), of.define ?? {}];
  return [
    partitionBy.length === 0 ? "" : `PARTITION BY ${partitionBy.join(", ")}`,
    order.length === 0 ? "" : `ORDER BY ${order.map((item) => item.replace(/ \(= [^)]*\)/, "")).join(", ")}`,
    `MEASURES ${list(of.measures, (name, text) => `${text} AS \`${name}\``)}`,
    of.rowsPerMatch,
    of.afterMatch == null ? "" : `AFTER MATCH ${of.afterMatch.replace(/^AFTER MATCH /i, "")}`,
    `PATTERN (${of.pattern})${of.within == null ? "" : ` WITHIN ${of.within.replace(/^WITHIN /i, "")}`}`,
    Object.keys(define).length === 0 ? "" : `DEFINE ${list(define, (name, text) => `${name} AS ${text}`)}`,
  ].join("\n");
}

/** What comes, in order: a row without a time of its own has that which the clause orders by, or comes one ms behind the one before. */
export function clauseSteps({ matchRecognize, input }: ClauseVector): readonly ClauseStep[] {
  const field = timeFieldOf(orderOf(matchRecognize.orderBy).at(0) ?? "");
  return input.map((item, i): ClauseStep => {
    if (isTimed(item)) return { row: item.record, timeMs: item.ts };
    if (isWatermark(item)) return item;
    return { row: item, timeMs: Object.hasOwn(item, field) ? Number(item[field]) : i };
  });
}

/** What rows are ordered by. */
function orderOf(orderBy: ClauseVector["matchRecognize"]["orderBy"]): readonly string[] {
  return [orderBy ?? []].flat().filter((item) => item !== "arrival");
}

function timeFieldOf(item: string): string {
  const [, name = "", other] = /^(\w+)(?: \(= (\w+)\))?/.exec(item) ?? [];
  return other ?? name;
}

function isTimed(item: ClauseVector["input"][number]): item is TimedRow {
  return "record" in item && typeof item.record === "object" && item.record !== null && "ts" in item && typeof item.ts === "number";
}

function isWatermark(item: ClauseVector["input"][number]): item is { readonly watermark: number | "MAX" } {
  const keys = Object.keys(item);
  return keys.length === 1 && keys[0] === "watermark";
}
