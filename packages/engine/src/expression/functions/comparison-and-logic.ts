import { compareValues, comparisonKernel, comparisonPredicate } from "../kernels/comparison-kernel.ts";
import {
  conjunctionPredicate,
  disjunctionPredicate,
  junctionKernel,
  negationKernel,
  negationPredicate,
  nullKernel,
  nullPredicate,
  truthKernel,
  truthPredicate,
} from "../kernels/logic-kernel.ts";
import type { Comparison } from "../kernels/number-comparison.ts";
import { betweenKernel, betweenPredicate, inPredicate } from "../kernels/range-kernel.ts";
import { define, type Example, type FunctionDefinition, signature } from "./function-definition.ts";

type Truth = boolean | null;

function comparison(name: Comparison, doc: string, examples: readonly (readonly [string, Example["value"]])[]): FunctionDefinition {
  const evaluate = (left: unknown, right: unknown): boolean => compareValues(name, left, right);
  const fast = { kernel: comparisonKernel(name), predicate: comparisonPredicate(name) };
  return define("comparison and logic", name, doc, [signature("left C, right C -> boolean", evaluate, fast)], examples, {
    syntax: `a ${name} b`,
  });
}

function and(...conditions: readonly Truth[]): Truth {
  if (conditions.includes(false)) return false;
  return conditions.includes(null) ? null : true;
}

function or(...conditions: readonly Truth[]): Truth {
  if (conditions.includes(true)) return true;
  return conditions.includes(null) ? null : false;
}

/** TRUE or FALSE where one side decides, else NULL. */
function between(value: unknown, low: unknown, high: unknown): Truth {
  if (value === null) return null;
  return and(low === null ? null : compareValues(">=", value, low), high === null ? null : compareValues("<=", value, high));
}

function isIn(value: unknown, ...list: readonly unknown[]): Truth {
  if (value === null) return null;
  return or(...list.map((element) => (element === null ? null : value === element)));
}

/** IS TRUE and the like: conditions in, never NULL out. */
function truthTest(name: string, wanted: boolean, negated: boolean, doc: string, example: readonly [string, boolean]): FunctionDefinition {
  const evaluate = (condition: Truth): boolean => (condition === wanted) !== negated;
  const bit = wanted ? 1 : 0;
  const fast = { nulls: "see" as const, kernel: truthKernel(bit, negated), predicate: truthPredicate(bit, negated) };
  return define("comparison and logic", name, doc, [signature("condition boolean -> boolean", evaluate, fast)], [example], {
    syntax: `a ${name}`,
  });
}

export const comparisonAndLogic: readonly FunctionDefinition[] = [
  comparison("=", "TRUE when both are equal. Text is compared exactly, character by character; NULL = anything is NULL.", [
    ["1 = 1.0", true],
    ["'a' = 'A'", false],
    ["0.1 + 0.2 = 0.3", false],
    ["CAST(NULL AS BIGINT) = 1", null],
  ]),
  comparison("<>", "TRUE when both differ; also written !=.", [
    ["1 <> 2", true],
    ["'a' != 'a'", false],
  ]),
  comparison("<", "TRUE when the left is less. Text is ordered by character codes.", [
    ["1 < 1.5", true],
    ["'B' < 'a'", true],
  ]),
  comparison("<=", "TRUE when the left is less or equal.", [["2 <= 2", true]]),
  comparison(">", "TRUE when the left is greater.", [["INTERVAL '1' HOUR > INTERVAL '59' MINUTE", true]]),
  comparison(">=", "TRUE when the left is greater or equal.", [
    ["TIMESTAMP '2026-01-02 00:00:00' >= TIMESTAMP '2026-01-01 00:00:00'", true],
  ]),
  define(
    "comparison and logic",
    "AND",
    "TRUE when all conditions are TRUE, FALSE when one is FALSE, else NULL.",
    [signature("condition boolean... -> boolean", and, { nulls: "see", kernel: junctionKernel(false), predicate: conjunctionPredicate })],
    [
      ["TRUE AND FALSE", false],
      ["NULL AND FALSE", false],
      ["NULL AND TRUE", null],
    ],
    { syntax: "a AND b" },
  ),
  define(
    "comparison and logic",
    "OR",
    "TRUE when one condition is TRUE, FALSE when all are FALSE, else NULL.",
    [signature("condition boolean... -> boolean", or, { nulls: "see", kernel: junctionKernel(true), predicate: disjunctionPredicate })],
    [
      ["TRUE OR FALSE", true],
      ["NULL OR TRUE", true],
      ["NULL OR FALSE", null],
    ],
    { syntax: "a OR b" },
  ),
  define(
    "comparison and logic",
    "NOT",
    "The opposite of a condition; NOT NULL is NULL.",
    [signature("condition boolean -> boolean", (a: boolean) => !a, { kernel: negationKernel, predicate: negationPredicate })],
    [
      ["NOT TRUE", false],
      ["NOT (1 = 2)", true],
    ],
    { syntax: "NOT a" },
  ),
  define(
    "comparison and logic",
    "IS NULL",
    "TRUE when there is no value. Never NULL itself.",
    [
      signature("value T -> boolean", (a: unknown) => a === null, {
        nulls: "see",
        kernel: nullKernel(false),
        predicate: nullPredicate(false),
      }),
    ],
    [
      ["NULL IS NULL", true],
      ["'' IS NULL", false],
    ],
    { syntax: "a IS NULL" },
  ),
  define(
    "comparison and logic",
    "IS NOT NULL",
    "TRUE when there is a value. Never NULL itself.",
    [
      signature("value T -> boolean", (a: unknown) => a !== null, {
        nulls: "see",
        kernel: nullKernel(true),
        predicate: nullPredicate(true),
      }),
    ],
    [["1 / 0 IS NOT NULL", false]],
    { syntax: "a IS NOT NULL" },
  ),
  truthTest("IS TRUE", true, false, "TRUE when the condition is TRUE, FALSE when it is FALSE or NULL.", ["(1 = NULL) IS TRUE", false]),
  truthTest("IS NOT TRUE", true, true, "TRUE when the condition is FALSE or NULL.", ["(1 = NULL) IS NOT TRUE", true]),
  truthTest("IS FALSE", false, false, "TRUE when the condition is FALSE, FALSE when it is TRUE or NULL.", ["(1 = 2) IS FALSE", true]),
  truthTest("IS NOT FALSE", false, true, "TRUE when the condition is TRUE or NULL.", ["(1 = 2) IS NOT FALSE", false]),
  define(
    "comparison and logic",
    "IS DISTINCT FROM",
    "TRUE when both differ, where NULL equals NULL and differs from everything else. Never NULL itself.",
    [signature("left C, right C -> boolean", (a: unknown, b: unknown) => a !== b, { nulls: "see" })],
    [
      ["NULL IS DISTINCT FROM 1", true],
      ["NULL IS DISTINCT FROM NULL", false],
    ],
    { syntax: "a IS DISTINCT FROM b" },
  ),
  define(
    "comparison and logic",
    "IS NOT DISTINCT FROM",
    "TRUE when both are equal, where NULL equals NULL. Never NULL itself.",
    [signature("left C, right C -> boolean", (a: unknown, b: unknown) => a === b, { nulls: "see" })],
    [["NULL IS NOT DISTINCT FROM NULL", true]],
    { syntax: "a IS NOT DISTINCT FROM b" },
  ),
  define(
    "comparison and logic",
    "BETWEEN",
    "TRUE when the value is neither below the first bound nor above the second; both bounds belong to it.",
    [signature("value C, low C, high C -> boolean", between, { nulls: "see", kernel: betweenKernel, predicate: betweenPredicate })],
    [
      ["5 BETWEEN 1 AND 5", true],
      ["'b' BETWEEN 'c' AND 'd'", false],
      ["9 BETWEEN NULL AND 5", false],
      ["3 BETWEEN NULL AND 5", null],
    ],
    { syntax: "a BETWEEN b AND c" },
  ),
  define(
    "comparison and logic",
    "IN",
    "TRUE when the value equals one of the list; NULL when it does not and the list holds NULL.",
    [signature("value C, element C... -> boolean", isIn, { nulls: "see", predicate: inPredicate })],
    [
      ["2 IN (1, 2)", true],
      ["'x' NOT IN ('a', 'b')", true],
      ["3 IN (1, NULL)", null],
    ],
    { syntax: "a IN (b, c)" },
  ),
];
