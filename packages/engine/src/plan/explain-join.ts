import { writeDuration } from "../types/duration.ts";
import { explainWindow } from "./explain-window.ts";
import type { JoinInputs, JoinOperator, SnapshotJoin } from "./join-operator.ts";

/** What a join does, as lines for people. */
export function explainJoin<I>(operator: JoinOperator<I>): readonly string[] {
  switch (operator.op) {
    case "interval-join":
      return [
        `${operator.kind} join on ${explainOn(operator)}`,
        `right from ${explainBound(operator.lowerMs)} to ${explainBound(operator.upperMs)}`,
        ...(operator.unmatched === "at-once" ? ["what has no partner yet comes out at once"] : []),
        ...explainLateness(operator.latenessMs),
      ];
    case "window-join":
      return [`${operator.kind} join on ${explainOn(operator)}`, explainWindow(operator.window)];
    case "temporal-join":
      return [`${operator.kind} as-of join on ${explainOn(operator)}`, ...explainLateness(operator.latenessMs)];
    case "snapshot-join":
      return [`${operator.kind} snapshot join on ${explainOn(operator)}`, explainLoading(operator)];
    case "regular-join":
      return [
        `${operator.kind} join on ${explainOn(operator)}`,
        `keep ${explainTtl(operator.leftTtlMs)} left, ${explainTtl(operator.rightTtlMs)} right`,
      ];
  }
}

function explainLoading<I>({ loadUntilMs, idleMs, maxBufferedRecords }: SnapshotJoin<I>): string {
  const until = loadUntilMs === null ? "the start of the run" : new Date(loadUntilMs).toISOString();
  const silence = idleMs === null ? "" : ` or ${writeDuration(idleMs)} of silence`;
  return `load the right until ${until}${silence}, at most ${maxBufferedRecords} left records wait`;
}

function explainOn<I>({ on, nullsMatch }: JoinInputs<I>): string {
  const equals = nullsMatch === true ? "IS NOT DISTINCT FROM" : "=";
  return on.length === 0 ? "one key" : on.map((key) => `left.${key.left} ${equals} right.${key.right}`).join(", ");
}

function explainLateness(latenessMs = 0): readonly string[] {
  return latenessMs === 0 ? [] : [`allowed lateness ${writeDuration(latenessMs)}`];
}

function explainTtl(ttlMs: number | null): string {
  return ttlMs === null ? "for ever" : writeDuration(ttlMs);
}

/** An end of an interval around the time of the left record. */
export function explainBound(boundMs: number | null): string {
  if (boundMs === null) return "any time";
  if (boundMs === 0) return "the time of the left";
  return `${writeDuration(Math.abs(boundMs))} ${boundMs < 0 ? "before" : "after"} the left`;
}
