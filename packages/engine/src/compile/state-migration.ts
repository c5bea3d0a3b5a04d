/** How state that was written with one signature becomes that of another. */
export interface StateMigration {
  /** For each aggregate of the present operator its place among the stored ones; -1: there is none, it starts empty. */
  readonly aggregates: readonly number[];
  /** Why this can be done and what it means, as the end of a sentence. */
  readonly reason: string;
}

/** Where the aggregates and, if there is one, the changelog of the output stand in the signatures of operators that can. */
const places: Readonly<Record<string, { readonly aggregates: number; readonly output: number | null; readonly length: number }>> = {
  "window-aggregate": { aggregates: 4, output: 3, length: 5 },
  "count-window": { aggregates: 4, output: null, length: 5 },
  "look-back": { aggregates: 3, output: null, length: 4 },
};

/**
 * How an operator takes over state that was written before aggregates were added or put into another order; null when it
 * cannot. An aggregate that has changed or is gone, and anything else that shapes the state, is no such case; nor is an
 * output that takes back what was said, which would have to be in the old form.
 */
export function stateMigration(before: string, after: string): StateMigration | null {
  const [old, now] = [parse(before), parse(after)];
  const place = typeof now[0] === "string" && Object.hasOwn(places, now[0]) ? places[now[0]] : undefined;
  if (place === undefined || old.length !== place.length || now.length !== place.length) return null;
  const isSame = now.every((entry, i) => i === place.aggregates || text(entry) === text(old[i]));
  if (!isSame || (place.output !== null && now[place.output] !== "append")) return null;
  const [stored, wanted] = [list(old[place.aggregates]).map(text), list(now[place.aggregates]).map(text)];
  const aggregates = wanted.map((aggregate) => stored.indexOf(aggregate));
  // Each stored one has to be read, and the same one twice has no order of its own.
  const isWhole = new Set(stored).size === stored.length && stored.every((aggregate) => wanted.includes(aggregate));
  if (!isWhole || new Set(wanted).size !== wanted.length) return null;
  const added = list(now[place.aggregates]).flatMap((aggregate, i) => (aggregates[i] < 0 ? [`"${String(list(aggregate)[0])}"`] : []));
  return { aggregates, reason: reasonOf(added) };
}

function reasonOf(added: readonly string[]): string {
  if (added.length === 0) return "its results stand in another order; all are kept";
  const subject =
    added.length === 1 ? `${added[0]} starts empty and holds` : `${added.slice(0, -1).join(", ")} and ${added.at(-1)} start empty and hold`;
  return `${subject} only what comes from now on; the other results are kept`;
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A signature is a JSON list; an older form reads as one that nothing fits. */
function parse(signature: string): readonly unknown[] {
  try {
    return list(JSON.parse(signature));
  } catch {
    return [];
  }
}
