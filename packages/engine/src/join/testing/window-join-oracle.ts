import { leftAlone } from "../../plan/join-type.ts";
import type { EmittedRow } from "../../testing/operator-harness.ts";
import type { JoinOracleStep } from "./interval-join-oracle.ts";
import type { JoinCase, Order, Payment } from "./join-fixture.ts";
import { hasNoPartner, joinedRow, sameKey } from "./joined-row.ts";

type WindowJoinCase = Extract<JoinCase, { op: "window-join" }>;

/** The window join by the letter of its definition: all records are kept, and every window is joined from all of them. */
export class WindowJoinOracle {
  readonly #case: WindowJoinCase;
  readonly #left: Order[] = [];
  readonly #right: Payment[] = [];
  #watermark = Number.NEGATIVE_INFINITY;

  constructor(of: WindowJoinCase) {
    this.#case = of;
  }

  orders(records: readonly Order[]): JoinOracleStep {
    return { rows: [], late: this.#take(records, this.#left) };
  }

  payments(records: readonly Payment[]): JoinOracleStep {
    return { rows: [], late: this.#take(records, this.#right) };
  }

  /** In the order in which the rows come. */
  watermark(watermark: number): JoinOracleStep {
    const before = this.#watermark;
    this.#watermark = Math.max(before, watermark);
    const { sizeMs } = this.#case.window;
    const starts = new Set([...this.#left, ...this.#right].flatMap((record) => this.#startsOf(record.at)));
    const closing = [...starts].filter((start) => start + sizeMs - 1 > before && start + sizeMs - 1 <= this.#watermark);
    return { rows: closing.sort((a, b) => a - b).flatMap((start) => this.#join(start)), late: [] };
  }

  /** Keeps the records with an open window; returns those all of whose windows are closed. */
  #take<T extends { readonly at: number }>(records: readonly T[], into: T[]): T[] {
    const late: T[] = [];
    for (const record of records) {
      const starts = this.#startsOf(record.at);
      if (starts.some((start) => start + this.#case.window.sizeMs - 1 > this.#watermark)) into.push(record);
      else if (starts.length > 0) late.push(record);
    }
    return late;
  }

  /** Starts of all windows that hold a time, by trying every window around it. */
  #startsOf(at: number): number[] {
    const { window } = this.#case;
    const slideMs = window.kind === "hopping" ? window.slideMs : window.sizeMs;
    const starts: number[] = [];
    const last = Math.floor((at - window.offsetMs) / slideMs) + 1;
    for (let i = last - Math.ceil(window.sizeMs / slideMs) - 2; i <= last; i++) {
      const start = window.offsetMs + i * slideMs;
      if (start <= at && at < start + window.sizeMs) starts.push(start);
    }
    return starts;
  }

  /** TRUE by SQL's three values: no right is equal, and none might be. */
  #isNotIn(left: Order, rights: readonly Payment[]): boolean {
    const isUnknown = (right: Payment): boolean => hasNoPartner(this.#case, "left", left) || hasNoPartner(this.#case, "right", right);
    return rights.every((right) => !sameKey(this.#case, left, right) && !isUnknown(right));
  }

  #join(start: number): EmittedRow[] {
    const { kind, window } = this.#case;
    const end = start + window.sizeMs;
    const inWindow = <T extends { readonly at: number }>(records: readonly T[]): T[] =>
      records.filter(({ at }) => at >= start && at < end).sort((a, b) => a.at - b.at);
    const lefts = inWindow(this.#left);
    const rights = inWindow(this.#right);
    const rows: EmittedRow[] = [];
    const emit = (left: Order | null, right: Payment | null): void => {
      rows.push(windowRow(joinedRow(left, right, end - 1), start, end, leftAlone(kind)));
    };
    for (const left of lefts) {
      const partners = rights.filter((right) => sameKey(this.#case, left, right));
      if (kind === "not-in") {
        if (rights.length === 0 || this.#isNotIn(left, rights)) emit(left, null);
      } else if (kind === "anti" || kind === "semi") {
        if (partners.length > 0 === (kind === "semi")) emit(left, null);
      } else for (const right of partners) emit(left, right);
      if (partners.length === 0 && (kind === "left" || kind === "full")) emit(left, null);
    }
    if (kind === "right" || kind === "full") {
      for (const right of rights) if (!lefts.some((left) => sameKey(this.#case, left, right))) emit(null, right);
    }
    return rows;
  }
}

function windowRow(row: EmittedRow, start: number, end: number, leftAlone: boolean): EmittedRow {
  const { at, who, n, id, ...right } = row.fields;
  return { ...row, fields: { at, who, n, id, window_start: start, window_end: end, ...(leftAlone ? {} : right) } };
}
