import type { Row } from "../windows/window-run.ts";

const bound = /^(?:window[ ._]*)?(start|end)$/i;

/** What output columns are made of, by name: `left window start as hour`, `left_counter`. */
export function sourcesOf(output: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    output.map((item) => {
      const [, from, as = from] = /^(.+?)(?:\s+as\s+(\w+))?$/i.exec(item) ?? ["", item, item];
      return [as.replace(/^window[ .]/i, ""), from];
    }),
  );
}

/** Whether a column is the end of a window. */
export function isWindowEnd(source: string): boolean {
  return bound.exec(withoutSide(source))?.[1].toLowerCase() === "end";
}

/** A row under the names of the output; those that the output does not name are their own. */
export function withOutputNames(row: Row, sources: ReadonlyMap<string, string>): Row {
  const named = { ...row, start: row.start ?? row.window_start, end: row.end ?? row.window_end };
  const valueUnder = (as: string, from: string): unknown => {
    const found = columnOf(row, from);
    return found === undefined ? (columnOf(row, as) ?? null) : found;
  };
  return { ...named, ...Object.fromEntries([...sources].map(([as, from]) => [as, valueUnder(as, from)])) };
}

/** The value that is meant by a name: a field of that name, or one of the side that it begins with; undefined when there is none. */
function columnOf(row: Row, name: string): unknown {
  if (Object.hasOwn(row, name)) return row[name];
  const words = withoutSide(name);
  const isRight = /^right[ ._]/i.test(name);
  const found = bound.exec(words);
  const field = found === null ? words : `window_${found[1].toLowerCase()}`;
  const right = `right_${field}`;
  if (isRight) return Object.hasOwn(row, right) ? row[right] : row[field];
  // Where a side is missing, both have the same window.
  return words === name && found !== null ? (row[field] ?? row[right]) : row[field];
}

function withoutSide(name: string): string {
  return name.replace(/^(left|right)[ ._]/i, "");
}
