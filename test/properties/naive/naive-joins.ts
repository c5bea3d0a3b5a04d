import type { PlannedOperator, PlanStep } from "@millrace/engine";
import type { NaiveOperator, NaiveRow } from "./naive-operator.ts";

type Op<K extends PlannedOperator["op"]> = Extract<PlannedOperator, { op: K }>;
type Join = Op<"interval-join" | "window-join" | "temporal-join" | "regular-join">;
type Emit = Parameters<NaiveOperator["row"]>[2];

interface Kept {
  readonly row: NaiveRow;
  partners: number;
  padded: boolean;
}

const latePorts = ["late_left", "late_right"];

/** Every pair is tried. NULL equals nothing, unless the join says so. */
function isPair({ on, nullsMatch }: Join, left: NaiveRow, right: NaiveRow): boolean {
  return on.every((key) => (nullsMatch === true || left.fields[key.left] !== null) && left.fields[key.left] === right.fields[key.right]);
}

/** SQL's NOT IN: TRUE where there is nothing on the right, or no row is equal and none might be. */
function isNotIn(operator: Join, left: NaiveRow, rights: readonly NaiveRow[]): boolean {
  const isUnknown = (row: NaiveRow, side: "left" | "right"): boolean =>
    operator.nullsMatch !== true && operator.on.some((key) => row.fields[key[side]] === null);
  return rights.every((right) => !isUnknown(left, "left") && !isUnknown(right, "right") && !isPair(operator, left, right));
}

function joined(step: PlanStep, { rightPrefix }: Join, left: NaiveRow | null, right: NaiveRow | null): Record<string, unknown> {
  const [leftType, rightType] = step.inputs;
  const fields: Record<string, unknown> = {};
  for (const { name } of leftType.fields) fields[name] = left?.fields[name] ?? null;
  for (const { name } of rightType.fields) fields[name in fields ? `${rightPrefix}${name}` : name] = right?.fields[name] ?? null;
  return fields;
}

const isOuter = (kind: string, side: number): boolean => kind === "full" || kind === (side === 0 ? "left" : "right");

export function naiveIntervalJoin(operator: Op<"interval-join">, step: PlanStep): NaiveOperator {
  const [lowerMs, upperMs] = [operator.lowerMs ?? 0, operator.upperMs ?? 0];
  const sides: readonly [Kept[], Kept[]] = [[], []];
  const holdMs = [Math.max(upperMs, 0), Math.max(-lowerMs, 0)];
  let watermark = Number.NEGATIVE_INFINITY;
  const delayMs = Math.max(...[0, 1].map((side) => (isOuter(operator.kind, side) ? holdMs[side] : 0)));
  return {
    row(input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      if (row.timeMs <= watermark) return emit(latePorts[input], row);
      const own: Kept = { row, partners: 0, padded: false };
      sides[input === 0 ? 0 : 1].push(own);
      for (const other of sides[input === 0 ? 1 : 0]) {
        const [left, right] = input === 0 ? [own, other] : [other, own];
        const distance = right.row.timeMs - left.row.timeMs;
        if (distance < lowerMs || distance > upperMs || !isPair(operator, left.row, right.row)) continue;
        left.partners++;
        right.partners++;
        emit("out", {
          fields: joined(step, operator, left.row, right.row),
          timeMs: Math.max(left.row.timeMs, right.row.timeMs),
          kind: "+I",
        });
      }
    },
    watermark(next, emit) {
      watermark = next;
      for (const side of [0, 1] as const) {
        if (!isOuter(operator.kind, side)) continue;
        for (const kept of sides[side]) {
          if (kept.padded || kept.partners > 0 || kept.row.timeMs + holdMs[side] > watermark) continue;
          kept.padded = true;
          const fields = side === 0 ? joined(step, operator, kept.row, null) : joined(step, operator, null, kept.row);
          emit("out", { fields, timeMs: kept.row.timeMs, kind: "+I" });
        }
      }
      return watermark - delayMs;
    },
  };
}

export function naiveWindowJoin(operator: Op<"window-join">, step: PlanStep): NaiveOperator {
  const { window, kind } = operator;
  const slideMs = window.kind === "hopping" ? window.slideMs : window.sizeMs;
  const sides: readonly [NaiveRow[], NaiveRow[]] = [[], []];
  let watermark = Number.NEGATIVE_INFINITY;
  const startsOf = (atMs: number): number[] => {
    const near = Math.floor((atMs - window.offsetMs) / slideMs) * slideMs + window.offsetMs;
    const starts: number[] = [];
    for (let start = near; start > atMs - window.sizeMs; start -= slideMs) starts.push(start);
    return starts;
  };
  const close = (startMs: number, emit: Emit): void => {
    const endMs = startMs + window.sizeMs;
    const within = (row: NaiveRow): boolean => row.timeMs >= startMs && row.timeMs < endMs;
    const [lefts, rights] = [sides[0].filter(within), sides[1].filter(within)];
    const say = (left: NaiveRow | null, right: NaiveRow | null): void => {
      emit("out", {
        fields: { ...joined(step, operator, left, right), window_start: startMs, window_end: endMs },
        timeMs: endMs - 1,
        kind: "+I",
      });
    };
    for (const left of lefts) {
      const partners = rights.filter((right) => isPair(operator, left, right));
      if (kind === "not-in") {
        if (isNotIn(operator, left, rights)) say(left, null);
        continue;
      }
      if (kind === "semi" || kind === "anti") {
        if (partners.length > 0 === (kind === "semi")) say(left, null);
        continue;
      }
      for (const right of partners) say(left, right);
      if (partners.length === 0 && isOuter(kind, 0)) say(left, null);
    }
    if (isOuter(kind, 1)) for (const right of rights) if (!lefts.some((left) => isPair(operator, left, right))) say(null, right);
  };
  return {
    row(input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      const open = startsOf(row.timeMs).some((start) => start + window.sizeMs - 1 > watermark);
      if (!open) return emit(latePorts[input], row);
      // Closed windows were joined when they closed: what comes later is no part of them.
      sides[input === 0 ? 0 : 1].push(row);
    },
    watermark(next, emit) {
      const starts = new Set([...sides[0], ...sides[1]].flatMap((row) => startsOf(row.timeMs)));
      const closing = [...starts].filter((start) => start + window.sizeMs - 1 > watermark && start + window.sizeMs - 1 <= next);
      watermark = next;
      for (const start of closing.sort((a, b) => a - b)) close(start, emit);
      return watermark;
    },
  };
}

export function naiveTemporalJoin(operator: Op<"temporal-join">, step: PlanStep): NaiveOperator {
  const versions: NaiveRow[] = [];
  let waiting: NaiveRow[] = [];
  let watermark = Number.NEGATIVE_INFINITY;
  return {
    row(input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      if (input === 1) versions.push(row);
      else if (row.timeMs <= watermark) emit("late_left", row);
      else waiting.push(row);
    },
    watermark(next, emit) {
      watermark = next;
      const due = waiting.filter((row) => row.timeMs <= watermark);
      waiting = waiting.filter((row) => row.timeMs > watermark);
      for (const left of due) {
        let valid: NaiveRow | null = null;
        for (const version of versions) {
          const newest: number = valid?.timeMs ?? Number.NEGATIVE_INFINITY;
          if (version.timeMs <= left.timeMs && version.timeMs >= newest && isPair(operator, left, version)) valid = version;
        }
        if (valid !== null || operator.kind === "left") emit("out", { ...left, fields: joined(step, operator, left, valid) });
      }
      return watermark;
    },
  };
}

/** Without forgetting. */
export function naiveRegularJoin(operator: Op<"regular-join">, step: PlanStep): NaiveOperator {
  const sides: readonly [Kept[], Kept[]] = [[], []];
  const say = (emit: Emit, kind: "+I" | "-D", left: NaiveRow | null, right: NaiveRow | null): void =>
    emit("out", { fields: joined(step, operator, left, right), timeMs: Number.NaN, kind });
  return {
    row(input, row, emit) {
      if (Number.isNaN(row.timeMs)) return;
      const own: Kept = { row, partners: 0, padded: false };
      const side = input === 0 ? 0 : 1;
      const pad = (kept: Kept, at: 0 | 1, kind: "+I" | "-D"): void =>
        say(emit, kind, at === 0 ? kept.row : null, at === 0 ? null : kept.row);
      for (const other of sides[side === 0 ? 1 : 0]) {
        const [left, right] = side === 0 ? [own, other] : [other, own];
        if (!isPair(operator, left.row, right.row)) continue;
        if (other.partners === 0 && isOuter(operator.kind, 1 - side)) pad(other, side === 0 ? 1 : 0, "-D");
        own.partners++;
        other.partners++;
        say(emit, "+I", left.row, right.row);
      }
      if (own.partners === 0 && isOuter(operator.kind, side)) pad(own, side, "+I");
      sides[side].push(own);
    },
  };
}
