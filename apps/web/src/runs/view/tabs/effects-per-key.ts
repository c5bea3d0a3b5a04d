import type { JsonValue } from "@millrace/engine";

/** How often each value of a field is there. */
export interface EffectLedger {
  readonly rows: number;
  readonly keys: number;
  /** Keys that are there more than once, the most often ones first. */
  readonly repeated: readonly { readonly key: string; readonly count: number }[];
}

/** Counts rows by the value of a field; rows without it are left out. */
export function effectsPerKey(rows: readonly Readonly<Record<string, JsonValue | undefined>>[], field: string): EffectLedger {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = row[field];
    if (value === undefined || value === null) continue;
    const key = typeof value === "string" ? value : JSON.stringify(value);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const all = [...counts].map(([key, count]) => ({ key, count }));
  const repeated = all.filter(({ count }) => count > 1).sort((a, b) => b.count - a.count);
  return { rows: all.reduce((sum, { count }) => sum + count, 0), keys: all.length, repeated };
}
