import type { Changelog, Trigger } from "@millrace/engine";
import type { EmittedRow, OperatorHarness } from "@millrace/engine/testing";
import { sessionsFireAtTheirEnd } from "../differences.ts";
import { type DifferenceRule, hasMembers, multisetProblem, sequenceProblem, type Vector, type VectorSuite } from "../suite.ts";
import {
  pick,
  type Row,
  streamOfRecords,
  timeField,
  type VectorAggregate,
  type VectorWindow,
  windowRun,
  withVectorNames,
  withVectorResults,
} from "./window-run.ts";

interface KafkaVector extends Vector {
  readonly window: VectorWindow & { readonly graceMs?: number };
  readonly keyBy: readonly string[];
  readonly aggregates: readonly VectorAggregate[];
  readonly emit: string;
  /** How much further stream time comes behind the last record; not written in vectors. */
  readonly moreMs?: number;
  readonly steps: readonly {
    readonly actions: readonly { readonly record: Row; readonly ts: number }[];
    readonly expected: readonly Row[] | { readonly onUpdate?: readonly Row[]; readonly onWindowClose?: readonly Row[] };
  }[];
}

const differences: readonly DifferenceRule<KafkaVector>[] = [
  { ...sessionsFireAtTheirEnd, applies: ({ window }) => window.kind === "session", agreed: (vector) => ({ ...vector, moreMs: 1 }) },
];

/** Windows of Kafka Streams. Its stream time `s` says that windows with `end + grace <= s` are closed: a watermark of `s - 1`. */
export const kafkaWindows: VectorSuite<KafkaVector> = {
  name: "windows of Kafka Streams",
  matches: (vector) => hasMembers(vector, ["window", "emit", "steps"]),
  differences,
  check,
};

function check(vector: KafkaVector): string | null {
  const [onUpdate, onClose] = [expectedOf(vector, "onUpdate"), expectedOf(vector, "onWindowClose")];
  if (onUpdate === null && onClose === null) return `"${vector.emit}" is neither on update nor on close: there is nothing to compare`;
  return updateProblem(vector, onUpdate) ?? closeProblem(vector, onClose);
}

/** What a vector says of one way of emitting; null when it says nothing. */
function expectedOf({ emit, steps }: KafkaVector, way: "onUpdate" | "onWindowClose"): readonly Row[] | null {
  const isWhole = emit.startsWith(way) || (way === "onUpdate" && emit.startsWith("onWindowUpdate"));
  const rows: Row[] = [];
  for (const { expected } of steps) {
    const found = Array.isArray(expected)
      ? isWhole
        ? expected
        : undefined
      : (expected as { readonly [name: string]: readonly Row[] })[way];
    if (found === undefined) return null;
    rows.push(...found);
  }
  return rows;
}

function closeProblem(vector: KafkaVector, expected: readonly Row[] | null): string | null {
  if (expected === null) return null;
  const rows = runOf(vector, "append").rows().filter(isKnown);
  const names = namesOf(expected);
  return multisetProblem(
    "rows on close",
    rows.map((row) => pick(vectorRow(row, vector), names)),
    expected.map((row) => pick(row, names)),
  );
}

/**
 * A row with every record. A session that is replaced has a row without a value first, as a tombstone; one with other bounds
 * alone counts, as Kafka has none for a session of a single time to which another record of that time comes.
 */
function updateProblem(vector: KafkaVector, expected: readonly Row[] | null): string | null {
  if (expected === null) return null;
  const isSession = vector.window.kind === "session";
  const rows = runOf(vector, isSession ? "retract" : "update", { kind: "records", every: 1 })
    .rows()
    .filter(isKnown);
  const names = namesOf(expected);
  const values = vector.aggregates.map(({ as }) => as);
  const nothing = Object.fromEntries(values.map((as) => [as, null]));
  const actual = rows.map((row): Row => ({ ...vectorRow(row, vector), ...(row.kind === "-U" || row.kind === "-D" ? nothing : {}) }));
  const [told, wanted] = [actual, expected].map((all) => (isSession ? all.filter((row, i) => !isReplaced(row, all.at(i + 1))) : all));
  return sequenceProblem(
    "rows on update",
    told.map((row) => pick(row, names)),
    wanted.map((row) => pick(row, names)),
  );

  function isReplaced(row: Row, next: Row | undefined): boolean {
    const same = [...vector.keyBy, "windowStart", "lastTs"];
    return next !== undefined && values.every((as) => row[as] === null) && same.every((name) => row[name] === next[name]);
  }
}

/**
 * Beside the results of a vector the latest time of the records, which is the time of a row there, and their number, so that
 * there is a row with every record, whether it changes a result or not. Records without a key are dropped before they count.
 */
function runOf({ window, keyBy, aggregates, steps, moreMs = 0 }: KafkaVector, output: Changelog, early?: Trigger): OperatorHarness {
  const actions = steps.flatMap((step) => step.actions).filter(({ record }) => !keyBy.some((name) => record[name] === null));
  const stream = streamOfRecords(
    actions.map(({ record, ts }) => ({ ...record, ts })),
    new Set(),
  );
  const all = [...aggregates, { fn: "max", field: "ts", as: "ts" }, { fn: "count", as: "@records" }];
  const more = early === undefined ? {} : { early };
  const harness = windowRun({ window, keyBy, aggregates: all, allowedLatenessMs: window.graceMs ?? 0, output, ...more }, stream);
  let streamMs = Number.NEGATIVE_INFINITY;
  for (const { record, ts } of actions) {
    harness.send([{ ...record, ts, [timeField]: ts }]);
    streamMs = Math.max(streamMs, ts);
    harness.watermark(streamMs - 1);
  }
  if (moreMs > 0) harness.watermark(streamMs - 1 + moreMs);
  return harness;
}

function vectorRow({ fields }: EmittedRow, { aggregates }: KafkaVector): Row {
  return withVectorResults(withVectorNames(fields), aggregates);
}

/** Kafka has no windows that begin before the epoch. */
function isKnown({ fields }: EmittedRow): boolean {
  return Number(fields.window_start) >= 0;
}

function namesOf(expected: readonly Row[]): string[] {
  return Object.keys(expected.at(0) ?? {});
}
