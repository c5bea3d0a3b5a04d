import { caseKernel, caseOfKernel, coalesceKernel } from "../kernels/conditional-kernel.ts";
import { define, type FunctionDefinition, type Implementation, signature } from "./function-definition.ts";

function searchedCase(...args: readonly unknown[]): unknown {
  for (let k = 0; k + 1 < args.length; k += 2) if (args[k] === true) return args[k + 1];
  return args[args.length - 1];
}

function simpleCase(...args: readonly unknown[]): unknown {
  const [value] = args;
  for (let k = 1; k + 1 < args.length; k += 2) if (value !== null && value === args[k]) return args[k + 1];
  return args[args.length - 1];
}

const searched: Implementation = { nulls: "see", evaluate: searchedCase, kernel: caseKernel };
const simple: Implementation = { nulls: "see", evaluate: simpleCase, kernel: caseOfKernel };

export const conditional: readonly FunctionDefinition[] = [
  define(
    "conditional",
    "CASE",
    "The value behind the first condition that is TRUE, else the one behind ELSE, or NULL without ELSE.",
    [],
    [
      ["CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' ELSE 'c' END", "b"],
      ["CASE WHEN FALSE THEN 1 END", null],
    ],
    { syntax: "CASE WHEN condition THEN value … ELSE value END", special: () => searched },
  ),
  define(
    "conditional",
    "CASE_OF",
    "The value behind the first WHEN that equals the subject, else the one behind ELSE, or NULL without ELSE.",
    [],
    [
      ["CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "two"],
      ["CASE NULL WHEN NULL THEN 1 ELSE 0 END", 0],
    ],
    { syntax: "CASE subject WHEN value THEN value … ELSE value END", special: () => simple },
  ),
  define(
    "conditional",
    "IF",
    "The second argument when the condition is TRUE, else the third.",
    [signature("condition boolean, then T, otherwise T -> T", searchedCase, { nulls: "see", kernel: caseKernel })],
    [
      ["IF(1 < 2, 'yes', 'no')", "yes"],
      ["IF(NULL, 1, 2)", 2],
    ],
  ),
  define(
    "conditional",
    "COALESCE",
    "The first argument that is not NULL.",
    [
      signature("value T... -> T", (...args: readonly unknown[]) => args.find((arg) => arg !== null) ?? null, {
        nulls: "see",
        kernel: coalesceKernel,
      }),
    ],
    [
      ["COALESCE(NULL, 2, 3)", 2],
      ["COALESCE(1 / 0, 0)", 0],
    ],
    { aliases: ["IFNULL"] },
  ),
  define(
    "conditional",
    "NULLIF",
    "NULL when both are equal, else the first.",
    [signature("value C, other C -> C", (a: unknown, b: unknown) => (a === b ? null : a), { nulls: "see" })],
    [
      ["NULLIF(5, 0)", 5],
      ["NULLIF('-', '-')", null],
    ],
  ),
];
