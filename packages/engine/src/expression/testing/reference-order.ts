import type { ReferenceFunction } from "./reference-function.ts";

/** Texts by code points, a lone half of a pair behind all whole characters of the first plane; FALSE before TRUE; numbers. */
export function isBefore(a: unknown, b: unknown): boolean {
  if (typeof a !== "string" || typeof b !== "string") return Number(a) < Number(b);
  const [x, y] = [units(a), units(b)];
  const at = x.findIndex((unit, i) => unit !== y[i]);
  if (at < 0) return x.length < y.length;
  return at < y.length && x[at] < y[at];
}

/** UTF-16 units, those of pairs moved behind all others. */
function units(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => {
    const unit = text.charCodeAt(i);
    return unit >= 0xd800 && unit < 0xe000 ? unit + 0x1_0000 : unit;
  });
}

const equal = (a: unknown, b: unknown): boolean => a === b;

/** NULL when a side is, else whether the comparison holds. */
function comparison(holds: (a: unknown, b: unknown) => boolean): ReferenceFunction {
  return ([a, b]) => (a === null || b === null ? null : holds(a, b));
}

function and(conditions: readonly unknown[]): boolean | null {
  return conditions.includes(false) ? false : conditions.includes(null) ? null : true;
}

function not(condition: unknown): boolean | null {
  return condition === null ? null : condition !== true;
}

function or(conditions: readonly unknown[]): boolean | null {
  return not(and(conditions.map(not)));
}

const notBefore = comparison((a, b) => !isBefore(a, b));
const same = comparison(equal);

/** Comparisons and three-valued logic. */
export const referenceLogic: Readonly<Record<string, ReferenceFunction>> = {
  "=": same,
  "<>": comparison((a, b) => !equal(a, b)),
  "<": comparison(isBefore),
  "<=": comparison((a, b) => !isBefore(b, a)),
  ">": comparison((a, b) => isBefore(b, a)),
  ">=": notBefore,
  AND: (args) => and(args),
  OR: (args) => or(args),
  NOT: ([a]) => not(a),
  "IS NULL": ([a]) => a === null,
  "IS NOT NULL": ([a]) => a !== null,
  "IS TRUE": ([a]) => a === true,
  "IS NOT TRUE": ([a]) => a !== true,
  "IS FALSE": ([a]) => a === false,
  "IS NOT FALSE": ([a]) => a !== false,
  "IS DISTINCT FROM": ([a, b]) => !equal(a, b),
  "IS NOT DISTINCT FROM": ([a, b]) => equal(a, b),
  BETWEEN: ([value, low, high], types, result) => and([notBefore([value, low], types, result), notBefore([high, value], types, result)]),
  IN: ([value, ...list], types, result) => or(list.map((element) => same([value, element], types, result))),
  CASE: (args) => caseOf(args),
  IF: (args) => caseOf(args),
  CASE_OF: ([subject, ...args]) =>
    caseOf(args.map((arg, i) => (i % 2 === 0 && i + 1 < args.length ? subject !== null && equal(subject, arg) : arg))),
  COALESCE: (args) => args.find((arg) => arg !== null) ?? null,
  NULLIF: ([a, b]) => (equal(a, b) ? null : a),
};

/** Conditions and values in turn, the last value without a condition. */
function caseOf(args: readonly unknown[]): unknown {
  const at = args.findIndex((arg, i) => i % 2 === 0 && i + 1 < args.length && arg === true);
  return at < 0 ? args.at(-1) : args[at + 1];
}
