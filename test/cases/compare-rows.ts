import type { JsonObject } from "@millrace/engine";

/** What two multisets of rows do not share; both lists empty: equal. Order of rows and of members does not count. */
export function compareRows(
  actual: readonly JsonObject[],
  expected: readonly JsonObject[],
): { readonly missing: readonly string[]; readonly extra: readonly string[] } {
  const counts = new Map<string, number>();
  for (const row of expected) counts.set(canonical(row), (counts.get(canonical(row)) ?? 0) + 1);
  const extra: string[] = [];
  for (const row of actual) {
    const text = canonical(row);
    const left = counts.get(text) ?? 0;
    if (left === 0) extra.push(text);
    else counts.set(text, left - 1);
  }
  const missing = [...counts].flatMap(([text, count]) => Array.from({ length: count }, () => text));
  return { missing, extra };
}

function canonical(row: JsonObject): string {
  return JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))));
}
