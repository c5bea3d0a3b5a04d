import type { EmittedRow } from "../../testing/operator-harness.ts";
import type { JoinCase, Order, Payment } from "./join-fixture.ts";
import { hasNoPartner, joinedRow, sameKey } from "./joined-row.ts";

type IntervalJoinCase = Extract<JoinCase, { op: "interval-join" }>;

/** A record that was taken in, for ever. */
interface Kept<T> {
  readonly record: T;
  matched: boolean;
  padded: boolean;
}

/** What a step gives. */
export interface JoinOracleStep {
  readonly rows: EmittedRow[];
  readonly late: (Order | Payment)[];
}

/** The interval join by the letter of its definition: nothing is ever cleaned up, every pair is tried; late is what is behind the allowed lateness. */
export class IntervalJoinOracle {
  readonly #case: IntervalJoinCase;
  readonly #lowerMs: number;
  readonly #upperMs: number;
  readonly #outerLeft: boolean;
  readonly #outerRight: boolean;
  readonly #latenessMs: number;
  readonly #left: Kept<Order>[] = [];
  readonly #right: Kept<Payment>[] = [];
  #watermark = Number.NEGATIVE_INFINITY;
  nullKeys = 0;

  constructor(of: IntervalJoinCase) {
    this.#case = of;
    this.#lowerMs = of.lowerMs ?? Number.NaN;
    this.#upperMs = of.upperMs ?? Number.NaN;
    this.#outerLeft = of.kind === "left" || of.kind === "full";
    this.#outerRight = of.kind === "right" || of.kind === "full";
    this.#latenessMs = of.latenessMs ?? 0;
  }

  orders(records: readonly Order[]): JoinOracleStep {
    const step: JoinOracleStep = { rows: [], late: [] };
    for (const record of records) {
      if (record.at <= this.#watermark - this.#latenessMs) step.late.push(record);
      else if (!this.#outerLeft && hasNoPartner(this.#case, "left", record)) this.nullKeys++;
      else {
        const kept = { record, matched: false, padded: false };
        this.#left.push(kept);
        for (const other of this.#right) this.#try(kept, other, step);
        if (this.#isAlone("left", kept, this.#outerLeft, this.#upperMs)) step.rows.push(joinedRow(record, null, record.at));
      }
    }
    return step;
  }

  payments(records: readonly Payment[]): JoinOracleStep {
    const step: JoinOracleStep = { rows: [], late: [] };
    for (const record of records) {
      if (record.at <= this.#watermark - this.#latenessMs) step.late.push(record);
      else if (!this.#outerRight && hasNoPartner(this.#case, "right", record)) this.nullKeys++;
      else {
        const kept = { record, matched: false, padded: false };
        this.#right.push(kept);
        for (const other of this.#left) this.#try(other, kept, step);
        if (this.#isAlone("right", kept, this.#outerRight, -this.#lowerMs)) step.rows.push(joinedRow(null, record, record.at));
      }
    }
    return step;
  }

  watermark(watermark: number): JoinOracleStep {
    this.#watermark = Math.max(this.#watermark, watermark);
    const rows: EmittedRow[] = [];
    for (const kept of this.#left) {
      if (this.#isAlone("left", kept, this.#outerLeft, this.#upperMs)) rows.push(joinedRow(kept.record, null, kept.record.at));
    }
    for (const kept of this.#right) {
      if (this.#isAlone("right", kept, this.#outerRight, -this.#lowerMs)) rows.push(joinedRow(null, kept.record, kept.record.at));
    }
    return { rows, late: [] };
  }

  /** Whether it is to be said now that a record has no partner, which is said once. */
  #isAlone(side: "left" | "right", kept: Kept<Order | Payment>, outer: boolean, holdMs: number): boolean {
    const isCertain = this.#case.unmatched === "at-once" || hasNoPartner(this.#case, side, kept.record);
    const isDue = isCertain || kept.record.at + Math.max(holdMs, 0) <= this.#watermark;
    if (!outer || kept.matched || kept.padded || !isDue) return false;
    kept.padded = true;
    return true;
  }

  #try(left: Kept<Order>, right: Kept<Payment>, step: JoinOracleStep): void {
    const distance = right.record.at - left.record.at;
    if (distance < this.#lowerMs || distance > this.#upperMs || !sameKey(this.#case, left.record, right.record)) return;
    left.matched = true;
    right.matched = true;
    step.rows.push(joinedRow(left.record, right.record, Math.max(left.record.at, right.record.at)));
  }
}
