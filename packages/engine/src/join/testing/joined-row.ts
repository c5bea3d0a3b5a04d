import type { JoinInputs } from "../../plan/join-operator.ts";
import type { EmittedRow } from "../../testing/operator-harness.ts";
import type { Order, Payment } from "./join-fixture.ts";

/** The row that a join of `orders` and `payments` makes of both; null is a side without a record. */
export function joinedRow(left: Order | null, right: Payment | null, timeMs: number, kind: EmittedRow["kind"] = "+I"): EmittedRow {
  const fields = {
    at: left?.at ?? null,
    who: left?.who ?? null,
    n: left?.n ?? null,
    id: left?.id ?? null,
    right_at: right?.at ?? null,
    payer: right?.payer ?? null,
    right_n: right?.n ?? null,
    paid: right?.paid ?? null,
    ref: right?.ref ?? null,
  };
  return { fields, timeMs, kind };
}

/** What says whether two records of a join are equal. */
export type JoinCondition = Pick<JoinInputs<unknown>, "on" | "nullsMatch">;

/** Whether a left and a right record have the key fields equal; NULL equals nothing, unless the join says so. */
export function sameKey({ on, nullsMatch }: JoinCondition, left: object, right: object): boolean {
  return on.every((key) => {
    const a: unknown = Reflect.get(left, key.left);
    return (a !== null || nullsMatch === true) && a === Reflect.get(right, key.right);
  });
}

/** Whether a record of a side can have no partner, because of a NULL in its key. */
export function hasNoPartner({ on, nullsMatch }: JoinCondition, side: "left" | "right", record: object): boolean {
  return nullsMatch !== true && on.some((key) => Reflect.get(record, key[side]) === null);
}

/** Rows in an order of their own, for comparison as multisets. */
export function sortedTexts(rows: readonly EmittedRow[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
