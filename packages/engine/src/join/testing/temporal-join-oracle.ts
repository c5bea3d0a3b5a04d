import type { EmittedRow } from "../../testing/operator-harness.ts";
import type { JoinOracleStep } from "./interval-join-oracle.ts";
import type { JoinCase, Order, Payment } from "./join-fixture.ts";
import { hasNoPartner, joinedRow, sameKey } from "./joined-row.ts";

type TemporalJoinCase = Extract<JoinCase, { op: "temporal-join" }>;
type Kind = EmittedRow["kind"];

interface Version {
  readonly record: Payment;
  readonly kind: Kind;
}

/** The temporal join by the letter of its definition: all versions are kept and searched. */
export class TemporalJoinOracle {
  readonly #case: TemporalJoinCase;
  #waiting: { readonly record: Order; readonly kind: Kind }[] = [];
  readonly #versions: Version[] = [];
  #watermark = Number.NEGATIVE_INFINITY;

  constructor(of: TemporalJoinCase) {
    this.#case = of;
  }

  orders(records: readonly Order[], kindOf: (record: Order) => Kind): JoinOracleStep {
    const lateThrough = this.#watermark - (this.#case.latenessMs ?? 0);
    const rows: EmittedRow[] = [];
    for (const record of records) {
      if (record.at > this.#watermark) this.#waiting.push({ record, kind: kindOf(record) });
      else if (record.at > lateThrough) rows.push(...this.#join(record, kindOf(record)));
    }
    return { rows, late: records.filter((record) => record.at <= lateThrough) };
  }

  payments(records: readonly Payment[], kindOf: (record: Payment) => Kind): JoinOracleStep {
    for (const record of records) this.#versions.push({ record, kind: kindOf(record) });
    return { rows: [], late: [] };
  }

  /** In the order in which the rows come. */
  watermark(watermark: number): JoinOracleStep {
    this.#watermark = Math.max(this.#watermark, watermark);
    const due = this.#waiting.filter(({ record }) => record.at <= this.#watermark);
    this.#waiting = this.#waiting.filter(({ record }) => record.at > this.#watermark);
    return { rows: due.flatMap(({ record, kind }) => this.#join(record, kind)), late: [] };
  }

  #join(record: Order, kind: Kind): readonly EmittedRow[] {
    const valid = this.#validFor(record);
    return valid === null && this.#case.kind === "inner" ? [] : [joinedRow(record, valid, record.at, kind)];
  }

  #validFor(order: Order): Payment | null {
    if (hasNoPartner(this.#case, "left", order)) return null;
    let newest: Version | null = null;
    for (const version of this.#versions) {
      const { at } = version.record;
      const isOlder = newest !== null && at < newest.record.at;
      if (at <= order.at && !isOlder && sameKey(this.#case, order, version.record)) newest = version;
    }
    return newest === null || newest.kind === "-D" || newest.kind === "-U" ? null : newest.record;
  }
}
