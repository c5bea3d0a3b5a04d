import type { EmittedRow } from "../../testing/operator-harness.ts";
import type { JoinCase, Order, Payment } from "./join-fixture.ts";
import { hasNullKey, joinedRow, sameKey } from "./joined-row.ts";

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

/** The interval join by the letter of its definition: nothing is ever cleaned up, every pair is tried. */
export class IntervalJoinOracle {
  readonly #case: IntervalJoinCase;
  readonly #lowerMs: number;
  readonly #upperMs: number;
  readonly #outerLeft: boolean;
  readonly #outerRight: boolean;
  readonly #leftKeys: readonly string[];
  readonly #rightKeys: readonly string[];
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
    this.#leftKeys = of.on.map((key) => key.left);
    this.#rightKeys = of.on.map((key) => key.right);
  }

  orders(records: readonly Order[]): JoinOracleStep {
    const step: JoinOracleStep = { rows: [], late: [] };
    for (const record of records) {
      if (record.at <= this.#watermark) step.late.push(record);
      else if (!this.#outerLeft && hasNullKey(this.#leftKeys, record)) this.nullKeys++;
      else {
        const kept = { record, matched: false, padded: false };
        this.#left.push(kept);
        for (const other of this.#right) this.#try(kept, other, step);
      }
    }
    return step;
  }

  payments(records: readonly Payment[]): JoinOracleStep {
    const step: JoinOracleStep = { rows: [], late: [] };
    for (const record of records) {
      if (record.at <= this.#watermark) step.late.push(record);
      else if (!this.#outerRight && hasNullKey(this.#rightKeys, record)) this.nullKeys++;
      else {
        const kept = { record, matched: false, padded: false };
        this.#right.push(kept);
        for (const other of this.#left) this.#try(other, kept, step);
      }
    }
    return step;
  }

  watermark(watermark: number): JoinOracleStep {
    this.#watermark = Math.max(this.#watermark, watermark);
    const rows: EmittedRow[] = [];
    for (const kept of this.#left) {
      const isDue = kept.record.at + Math.max(this.#upperMs, 0) <= this.#watermark;
      if (!this.#outerLeft || kept.matched || kept.padded || !isDue) continue;
      kept.padded = true;
      rows.push(joinedRow(kept.record, null, kept.record.at));
    }
    for (const kept of this.#right) {
      const isDue = kept.record.at + Math.max(-this.#lowerMs, 0) <= this.#watermark;
      if (!this.#outerRight || kept.matched || kept.padded || !isDue) continue;
      kept.padded = true;
      rows.push(joinedRow(null, kept.record, kept.record.at));
    }
    return { rows, late: [] };
  }

  #try(left: Kept<Order>, right: Kept<Payment>, step: JoinOracleStep): void {
    const distance = right.record.at - left.record.at;
    if (distance < this.#lowerMs || distance > this.#upperMs || !sameKey(this.#case.on, left.record, right.record)) return;
    left.matched = true;
    right.matched = true;
    step.rows.push(joinedRow(left.record, right.record, Math.max(left.record.at, right.record.at)));
  }
}
