/** Lengths of time as vectors write them: `1 h`, `10 min`, `5 minutes`. */
const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const unitNames: Readonly<Record<string, string>> = { millisecond: "ms", sec: "s", second: "s", minute: "min", hour: "h", day: "d" };

/** Milliseconds of `1 h` and the like; throws for an unknown unit. */
export function durationMs(amount: string, unit: string): number {
  const word = unit.toLowerCase();
  const single = word.length > 2 && word.endsWith("s") ? word.slice(0, -1) : word;
  const unitMs = unitsMs[unitNames[single] ?? single];
  if (unitMs === undefined) throw new Error(`there is no unit of time ${unit}`);
  return Number(amount) * unitMs;
}

/** How far a watermark is behind the latest record, ms: `= ts - 1 min`, `= ts, no delay`. */
export function delayOf(text: string): number {
  const found = /-\s*(\d+)\s*([a-z]+)/i.exec(text) ?? /(\d+)\s*([a-z]+)\s+delay/i.exec(text);
  return found === null ? 0 : durationMs(found[1], found[2]);
}

/** An aggregate as the aggregates parameter of nodes holds it. */
export interface AggregateParam {
  readonly [name: string]: string;
  readonly as: string;
  readonly fn: string;
}

const functions: Readonly<Record<string, string>> = {
  countdistinct: "count_distinct",
  arrayagg: "collect",
  array_agg: "collect",
  stddev: "stddev_samp",
  stddevpop: "stddev_pop",
  stddevsamp: "stddev_samp",
};

/** The aggregate function that a vector means. */
export function functionOf(name: string): string {
  return functions[name.toLowerCase()] ?? name.toLowerCase();
}

/** `COUNT(DISTINCT x) AS y`, `count(*) AS y`, `CAST(max(x) AS BIGINT) as y`; null for anything else. `as`: where it has no name. */
export function aggregateOf(text: string, as?: string): (AggregateParam & { readonly call: string }) | null {
  const bare = text.trim().replace(/^cast\((.+) as [\w ]+\)(?= as \w+$|$)/i, "$1");
  const found = /^((\w+)\(\s*(distinct\s+)?(\*|\w+)\s*\))(?:\s+as\s+(\w+))?$/i.exec(bare);
  if (found === null) return null;
  const [, call, name, distinct, argument, own = as] = found;
  if (own === undefined) return null;
  const fn = distinct === undefined ? functionOf(name) : `${functionOf(name)}_distinct`;
  return argument === "*" ? { call, as: own, fn } : { call, as: own, fn, argument };
}

/** A condition over results: calls of aggregates stand for them. */
export function overResults(condition: string, calls: readonly { readonly call: string; readonly as: string }[]): string {
  return calls.reduce((text, { call, as }) => {
    const literally = call.replace(/[()*]/g, "\\$&").replace(/\s+/g, "\\s+");
    return text.replaceAll(new RegExp(literally, "gi"), as);
  }, condition);
}

/** `expression AS name`, or a field. */
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
  return [...items, item.trim()].filter((found) => found !== "");
}

/** The clauses of a query by the words that they begin with, none of which counts within brackets or quotes; what stands before them is "". */
export function clausesOf(text: string, words: readonly string[]): ReadonlyMap<string, string> {
  const clauses = new Map<string, string>();
  let [name, depth, start] = ["", 0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "'") at = Math.max(at, text.indexOf("'", at + 1));
    else if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
    else if (depth === 0 && (at === 0 || text[at - 1] === " ")) {
      const word = words.find((candidate) => text.slice(at, at + candidate.length + 1).toLowerCase() === `${candidate} `);
      if (word === undefined) continue;
      clauses.set(name, text.slice(start, at).trim());
      [name, start] = [word, at + word.length];
    }
  }
  return clauses.set(name, text.slice(start).trim());
}
