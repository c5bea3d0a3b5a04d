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

/** Whether a left and a right record have the key fields equal, by the names of `on`; NULL equals nothing. */
export function sameKey(on: readonly { readonly left: string; readonly right: string }[], left: object, right: object): boolean {
  return on.every((key) => {
    const a: unknown = Reflect.get(left, key.left);
    return a !== null && a === Reflect.get(right, key.right);
  });
}

export function hasNullKey(names: readonly string[], record: object): boolean {
  return names.some((name) => Reflect.get(record, name) === null);
}

/** Rows in an order of their own, for comparison as multisets. */
export function sortedTexts(rows: readonly EmittedRow[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
