import { compareStrings } from "../../expression/values/code-points.ts";
import type { FixedWindow } from "../../plan/window-spec.ts";
import type { EmittedRow } from "../../testing/operator-harness.ts";
import type { TimeWindow } from "../window-assigner.ts";
import { type AggregateCase, type Reading, resultName, type WindowCase } from "./window-fixture.ts";

/** What a step gives: rows out, late records, and the counters so far. */
export interface OracleStep {
  readonly rows: EmittedRow[];
  readonly late: Reading[];
}

/** One window of one key, with all its records in order of arrival. */
interface Group {
  readonly key: Record<string, unknown>;
  readonly startMs: number;
  readonly endMs: number;
  readonly records: Reading[];
  fired: boolean;
}

/**
 * Window aggregation by the letter of the definition: every window keeps all its records, and every result is
 * computed from all of them.
 */
export class WindowOracle {
  readonly #case: WindowCase;
  readonly #window: FixedWindow;
  readonly #groups = new Map<string, Group>();
  #watermark = Number.NEGATIVE_INFINITY;
  partiallyLate = 0;
  outsideWindow = 0;

  constructor(of: WindowCase) {
    if (of.window.kind === "session") throw new Error("sessions have an oracle of their own");
    this.#case = of;
    this.#window = of.window;
  }

  records(records: readonly Reading[]): OracleStep {
    const step: OracleStep = { rows: [], late: [] };
    for (const record of records) this.#record(record, step);
    return step;
  }

  /** Rows by window end; the order of keys within a window is not defined here. */
  watermark(watermark: number): OracleStep {
    this.#watermark = Math.max(this.#watermark, watermark);
    const delayMs = this.#case.output === "append" ? this.#case.allowedLatenessMs : 0;
    const due = [...this.#groups.values()].filter((group) => !group.fired && group.endMs - 1 + delayMs <= this.#watermark);
    for (const group of due) group.fired = true;
    return { rows: due.sort((a, b) => a.endMs - b.endMs).map((group) => this.#row(group, "+I")), late: [] };
  }

  #record(record: Reading, step: OracleStep): void {
    const windows = windowsAround(this.#window, record.at).filter(({ startMs, endMs }) => startMs <= record.at && record.at < endMs);
    if (windows.length === 0) this.outsideWindow++;
    const open = windows.filter(({ endMs }) => endMs - 1 + this.#case.allowedLatenessMs > this.#watermark);
    if (open.length === 0 && windows.length > 0) step.late.push(record);
    else if (open.length < windows.length) this.partiallyLate++;
    for (const window of open) this.#add(record, window, step);
  }

  #add(record: Reading, { startMs, endMs }: TimeWindow, step: OracleStep): void {
    const key = Object.fromEntries(this.#case.keyBy.map((name) => [name, record[name]]));
    const id = JSON.stringify([key, startMs, endMs]);
    const group = this.#groups.get(id) ?? { key, startMs, endMs, records: [], fired: false };
    this.#groups.set(id, group);
    const before = this.#row(group, "-U");
    const known = group.records.length > 0;
    group.records.push(record);
    if (this.#case.output === "append" || endMs - 1 > this.#watermark) return;
    group.fired = true;
    const after = this.#row(group, known ? "+U" : "+I");
    if (known && this.#case.output === "retract") {
      if (JSON.stringify(before.fields) === JSON.stringify(after.fields)) return;
      step.rows.push(before);
    }
    step.rows.push(after);
  }

  #row(group: Group, kind: EmittedRow["kind"]): EmittedRow {
    const fields: Record<string, unknown> = { ...group.key, window_start: group.startMs, window_end: group.endMs };
    for (const aggregate of this.#case.aggregates) fields[resultName(aggregate)] = resultOf(aggregate, group.records);
    return { fields, timeMs: group.endMs - 1, kind };
  }
}

/** All windows near a time, and some more. */
export function windowsAround(window: FixedWindow, at: number): TimeWindow[] {
  const windows: TimeWindow[] = [];
  if (window.kind === "calendar") {
    if (window.zone !== "UTC" || window.unit !== "day") throw new Error("the oracle knows days in UTC only");
    const startMs = Math.floor(at / 86_400_000) * 86_400_000;
    return [{ startMs, endMs: startMs + 86_400_000 }];
  }
  if (window.kind === "cumulate") {
    const startMs = Math.floor((at - window.offsetMs) / window.maxSizeMs) * window.maxSizeMs + window.offsetMs;
    for (let endMs = startMs + window.stepMs; endMs <= startMs + window.maxSizeMs; endMs += window.stepMs) windows.push({ startMs, endMs });
    return windows;
  }
  const slideMs = window.kind === "hopping" ? window.slideMs : window.sizeMs;
  const last = Math.floor((at - window.offsetMs) / slideMs) + 1;
  for (let i = last - Math.ceil(window.sizeMs / slideMs) - 2; i <= last; i++) {
    const startMs = window.offsetMs + i * slideMs;
    windows.push({ startMs, endMs: startMs + window.sizeMs });
  }
  return windows;
}

/** The result of an aggregate over all records that it is given, in order of arrival. */
export function resultOf(
  { fn, argument, filter, options: { limit, separator } = {} }: AggregateCase,
  records: readonly Reading[],
): unknown {
  const taken = records.filter((record) => filter === null || record[filter] === true);
  if (argument === null) return taken.length;
  const values = taken.map((record) => ({ at: record.at, value: record[argument] })).filter(({ value }) => value !== null);
  const plain = values.map(({ value }) => value);
  const numbers = plain.map(Number);
  const nothing = values.length === 0;
  switch (fn) {
    case "count":
      return values.length;
    case "count_distinct":
    // Few values are counted exactly.
    case "approx_count_distinct":
      return new Set(plain).size;
    case "most_frequent":
      return nothing ? null : mostFrequent(plain).slice(0, limit ?? 10);
    case "top_k":
      return nothing ? null : plain.toSorted((a, b) => order(b, a)).slice(0, limit ?? 10);
    case "sum":
      return nothing ? null : exactSum(numbers);
    case "avg":
      return nothing ? null : exactSum(numbers) / values.length;
    case "min":
      return nothing ? null : plain.reduce((a, b) => (order(b, a) < 0 ? b : a));
    case "max":
      return nothing ? null : plain.reduce((a, b) => (order(b, a) > 0 ? b : a));
    case "first":
      return nothing ? null : values.reduce((a, b) => (b.at < a.at ? b : a)).value;
    case "collect":
      return nothing ? null : plain.slice(0, limit);
    case "string_agg":
      return nothing ? null : plain.slice(0, limit).join(separator ?? ",");
    case "last":
      return nothing ? null : values.reduce((a, b) => (b.at >= a.at ? b : a)).value;
  }
}

function mostFrequent(values: readonly unknown[]): unknown[] {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || order(a, b))
    .slice(0, 10)
    .map(([value]) => value);
}

function order(a: unknown, b: unknown): number {
  return typeof a === "string" && typeof b === "string" ? compareStrings(a, b) : Number(a) - Number(b);
}

/** The double nearest to the sum of doubles that are multiples of 2^-70. */
function exactSum(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + BigInt(value * 2 ** 70), 0n);
  return Number(total) / 2 ** 70;
}
