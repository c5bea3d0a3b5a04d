import type { Scored } from "./payments.ts";

/** What is wrong with an output; all zero when nothing is. */
export interface OutputCheck {
  readonly lost: number;
  readonly duplicate: number;
  readonly wrong: number;
  /** Rows of a customer that came before an older one of that customer. */
  readonly disordered: number;
  /** The first few, in words. */
  readonly examples: readonly string[];
}

const shown = 5;

/** Compares rows with the model. `ordered`: rows of a customer must be in time order, as they lie in their partition. */
export function checkOutput(
  rows: readonly Readonly<Record<string, unknown>>[],
  expected: ReadonlyMap<string, Scored>,
  ordered: boolean,
): OutputCheck {
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  const examples: string[] = [];
  const counts = { lost: 0, duplicate: 0, wrong: 0, disordered: 0 };
  const note = (kind: keyof typeof counts, words: string): void => {
    counts[kind]++;
    if (examples.length < shown) examples.push(`${kind}: ${words}`);
  };
  for (const row of rows) {
    const id = String(row.transaction_id);
    const model = expected.get(id);
    if (model === undefined) {
      note("wrong", `${id} was never paid`);
      continue;
    }
    if (seen.has(id)) note("duplicate", JSON.stringify(row));
    else if (differs(row, model)) note("wrong", `${JSON.stringify(row)} instead of ${JSON.stringify(model)}`);
    seen.add(id);
    if (!ordered) continue;
    if ((newest.get(model.customer_id) ?? 0) > model.at) note("disordered", JSON.stringify(row));
    else newest.set(model.customer_id, model.at);
  }
  for (const id of expected.keys()) if (!seen.has(id)) note("lost", id);
  return { ...counts, examples };
}

function differs(row: Readonly<Record<string, unknown>>, model: Scored): boolean {
  return (Object.keys(model) as (keyof Scored)[]).some((name) => String(row[name] ?? null) !== String(model[name]));
}
