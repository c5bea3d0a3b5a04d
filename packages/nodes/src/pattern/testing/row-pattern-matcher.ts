/** A row of the input; `time` in ms. */
export interface MatcherRow {
  readonly kind: string;
  readonly n: number;
  readonly time: number;
}

/** Rows that a match has, by variable, in order. */
export interface MappedRow {
  readonly variable: string;
  readonly row: MatcherRow;
  readonly index: number;
}

/** An element of a row pattern: a variable, or elements in parentheses. */
export interface MatcherElement {
  readonly of: string | readonly MatcherElement[];
  readonly min: number;
  readonly max: number;
  readonly reluctant: boolean;
}

/** Whether a row may be one of a variable, behind the rows that the match has. */
export type MatcherCondition = (row: MatcherRow, mapped: readonly MappedRow[]) => boolean;

export interface MatcherPattern {
  readonly elements: readonly MatcherElement[];
  readonly conditions: ReadonlyMap<string, MatcherCondition>;
  readonly withinMs: number;
  /** Index of the row to go on at behind a match. */
  readonly next: (match: readonly MappedRow[]) => number;
}

/**
 * Row pattern matching as SQL:2016 defines it, by trying all ways in the order of preference: a greedy quantifier would
 * rather go on, a reluctant one rather stop. The first way from a row is its match. Slow and plain.
 */
export function matchRows(pattern: MatcherPattern, rows: readonly MatcherRow[]): readonly (readonly MappedRow[])[] {
  const found: (readonly MappedRow[])[] = [];
  for (let start = 0; start < rows.length; ) {
    const match = first(sequence(pattern, rows, pattern.elements, start, []));
    if (match === null || match.length === 0) start++;
    else {
      found.push(match);
      start = pattern.next(match);
    }
  }
  return found;
}

function first<T>(ways: Iterable<T>): T | null {
  for (const way of ways) return way;
  return null;
}

/** The ways to match elements from a row on, each as all rows that the match then has. */
function* sequence(
  pattern: MatcherPattern,
  rows: readonly MatcherRow[],
  elements: readonly MatcherElement[],
  start: number,
  mapped: readonly MappedRow[],
): Generator<readonly MappedRow[]> {
  if (elements.length === 0) {
    yield mapped;
    return;
  }
  const [element, ...others] = elements;
  for (const way of repeated(pattern, rows, element, 0, start, mapped)) yield* sequence(pattern, rows, others, start, way);
}

function* repeated(
  pattern: MatcherPattern,
  rows: readonly MatcherRow[],
  element: MatcherElement,
  count: number,
  start: number,
  mapped: readonly MappedRow[],
): Generator<readonly MappedRow[]> {
  const { of, min, max, reluctant } = element;
  if (count >= min && reluctant) yield mapped;
  if (count < max) {
    const once = typeof of === "string" ? one(pattern, rows, of, start, mapped) : sequence(pattern, rows, of, start, mapped);
    for (const way of once) if (way.length > mapped.length) yield* repeated(pattern, rows, element, count + 1, start, way);
  }
  if (count >= min && !reluctant) yield mapped;
}

function* one(
  pattern: MatcherPattern,
  rows: readonly MatcherRow[],
  variable: string,
  start: number,
  mapped: readonly MappedRow[],
): Generator<readonly MappedRow[]> {
  const index = start + mapped.length;
  const row = rows.at(index);
  if (row === undefined || row.time - rows[start].time >= pattern.withinMs) return;
  if (pattern.conditions.get(variable)?.(row, mapped) ?? true) yield [...mapped, { variable, row, index }];
}
