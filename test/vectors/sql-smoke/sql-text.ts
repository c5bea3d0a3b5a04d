/** Lengths of time as vectors write them: `1 h`, `10 min`. */
const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `1 h` and the like; throws for an unknown unit. */
export function durationMs(amount: string, unit: string): number {
  const unitMs = unitsMs[unit];
  if (unitMs === undefined) throw new Error(`there is no unit of time ${unit}`);
  return Number(amount) * unitMs;
}

/** An aggregate as the aggregates parameter of nodes holds it. */
export interface AggregateParam {
  readonly [name: string]: string;
  readonly as: string;
  readonly fn: string;
}

/** `COUNT(DISTINCT x) AS y`, `count(*) AS y`, `max(x) as y`; null for anything else. */
export function aggregateOf(text: string): AggregateParam | null {
  const found = /^(\w+)\(\s*(distinct\s+)?(\*|\w+)\s*\)\s+as\s+(\w+)$/i.exec(text.trim());
  if (found === null) return null;
  const [, name, distinct, argument, as] = found;
  const fn = distinct === undefined ? name.toLowerCase() : `${name.toLowerCase()}_distinct`;
  return argument === "*" ? { as, fn } : { as, fn, argument };
}

/** `expression AS name`; throws for anything else. */
export function namedOf(text: string): { readonly name: string; readonly value: string } {
  const found = /^(.+?)\s+as\s+(\w+)$/i.exec(text.trim());
  if (found === null) return { name: text.trim(), value: text.trim() };
  return { name: found[2], value: found[1] };
}

/** The items of a list that is separated by commas, none of them within brackets. */
export function listOf(text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let item = "";
  for (const sign of text) {
    if (sign === "(") depth++;
    if (sign === ")") depth--;
    if (sign === "," && depth === 0) {
      items.push(item.trim());
      item = "";
    } else item += sign;
  }
  return [...items, item.trim()];
}
