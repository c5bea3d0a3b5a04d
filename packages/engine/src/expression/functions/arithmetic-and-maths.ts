import { type ArithmeticOperator, arithmetic, numberRange } from "../kernels/arithmetic-kernel.ts";
import { compareValues } from "../kernels/comparison-kernel.ts";
import { extremeKernel } from "../kernels/extreme-kernel.ts";
import { timeFloorKernel } from "../kernels/time-floor-kernel.ts";
import { roundDecimal, truncateDecimal } from "../values/rounding.ts";
import { ceilTime, floorTime } from "../values/time-units.ts";
import { define, type Example, type FunctionDefinition, fieldTypeOf, type Signature, signature } from "./function-definition.ts";

type Examples = readonly (readonly [string, Example["value"]])[];

function compute(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
  }
}

/** One overload of an operator on numbers: results that the type cannot hold are NULL, whole types drop fractions. */
function operation(operator: ArithmeticOperator, shape: string): Signature {
  const result = fieldTypeOf(signature(shape, () => null).result);
  const whole = result?.kind !== "double";
  const [least, most] = numberRange(result ?? { kind: "double" });
  const evaluate = (a: number, b: number): number | null => {
    const exact = compute(operator, a, b);
    const value = whole ? Math.trunc(exact) + 0 : exact;
    return value >= least && value <= most ? value : null;
  };
  return signature(shape, evaluate, { kernel: arithmetic(operator) });
}

function operatorDefinition(
  name: ArithmeticOperator,
  doc: string,
  shapes: readonly string[],
  examples: Examples,
  aliases: readonly string[] = [],
): FunctionDefinition {
  const signatures = shapes.map((shape) => operation(name, shape));
  return define("maths", name, doc, signatures, examples, { syntax: `a ${name} b`, aliases });
}

/** A function of one double; what is not a finite number is NULL. */
function real(
  name: string,
  doc: string,
  evaluate: (x: number) => number,
  examples: Examples,
  aliases: readonly string[] = [],
): FunctionDefinition {
  return define("maths", name, doc, [signature("number double -> double", (x: number) => finite(evaluate(x)))], examples, { aliases });
}

/** A function that gives a bigint for a bigint and a double for a double. */
function numeric(
  name: string,
  doc: string,
  evaluate: (x: number) => number,
  examples: Examples,
  more: readonly Signature[] = [],
  aliases: readonly string[] = [],
): FunctionDefinition {
  const signatures = [
    signature("number bigint -> bigint", (x: number) => evaluate(x) + 0),
    signature("number double -> double", evaluate),
    ...more,
  ];
  return define("maths", name, doc, signatures, examples, { aliases });
}

function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

function safe(x: number | null): number | null {
  return x !== null && Number.isSafeInteger(x) ? x + 0 : null;
}

function extreme(comparison: "<" | ">", values: readonly unknown[]): unknown {
  let best = values[0];
  for (let i = 1; i < values.length; i++) if (isBeyond(comparison, values[i], best)) best = values[i];
  return best;
}

/** As `compareValues`; numbers, as most are, are compared at once. */
function isBeyond(comparison: "<" | ">", value: unknown, best: unknown): boolean {
  if (typeof value !== "number" || typeof best !== "number") return compareValues(comparison, value, best);
  return comparison === "<" ? value < best : value > best;
}

export const arithmeticAndMaths: readonly FunctionDefinition[] = [
  operatorDefinition(
    "+",
    "Sum; or a time moved by a length of time. Whole numbers beyond ±2^53 are NULL.",
    [
      "a bigint, b bigint -> bigint",
      "a double, b double -> double",
      "time timestamp, length interval -> timestamp",
      "length interval, time timestamp -> timestamp",
      "a interval, b interval -> interval",
    ],
    [
      ["1 + 2", 3],
      ["1 + 0.5", 1.5],
      ["TIMESTAMP '2026-01-01 00:00:00' + INTERVAL '1' DAY", 1767312000000],
      ["9007199254740991 + 1", null],
    ],
  ),
  operatorDefinition(
    "-",
    "Difference; of two times it is a length of time.",
    [
      "a bigint, b bigint -> bigint",
      "a double, b double -> double",
      "time timestamp, length interval -> timestamp",
      "a timestamp, b timestamp -> interval",
      "a interval, b interval -> interval",
    ],
    [
      ["5 - 7", -2],
      ["TIMESTAMP '2026-01-01 00:01:00' - TIMESTAMP '2026-01-01 00:00:00'", 60000],
    ],
  ),
  operatorDefinition(
    "*",
    "Product.",
    [
      "a bigint, b bigint -> bigint",
      "a double, b double -> double",
      "length interval, factor bigint -> interval",
      "factor bigint, length interval -> interval",
    ],
    [
      ["6 * 7", 42],
      ["2 * 1.5", 3],
      ["INTERVAL '1' MINUTE * 3", 180000],
    ],
  ),
  operatorDefinition(
    "/",
    "Quotient. Two whole numbers give a whole number, cut towards zero; division by zero is NULL.",
    ["a bigint, b bigint -> bigint", "a double, b double -> double"],
    [
      ["7 / 2", 3],
      ["-7 / 2", -3],
      ["7 / 2.0", 3.5],
      ["1 / 0", null],
      ["0.0 / 0", null],
    ],
  ),
  operatorDefinition(
    "%",
    "Remainder, with the sign of the left number; a remainder of division by zero is NULL.",
    ["a bigint, b bigint -> bigint", "a double, b double -> double"],
    [
      ["7 % 3", 1],
      ["-7 % 3", -1],
      ["MOD(7, 0)", null],
    ],
    ["MOD"],
  ),
  define(
    "maths",
    "NEGATE",
    "The number with its sign changed.",
    [
      signature("number bigint -> bigint", (x: number) => 0 - x),
      signature("number double -> double", (x: number) => -x),
      signature("length interval -> interval", (x: number) => 0 - x),
    ],
    [
      ["-(1 + 2)", -3],
      ["-(INTERVAL '1' SECOND)", -1000],
    ],
    { syntax: "-a", flink: ([a]) => `-(${a})` },
  ),
  numeric("ABS", "The number without its sign.", Math.abs, [
    ["ABS(-3)", 3],
    ["ABS(-1.5)", 1.5],
  ]),
  numeric("SIGN", "-1, 0 or 1.", Math.sign, [
    ["SIGN(-3)", -1],
    ["SIGN(2.5)", 1],
  ]),
  numeric(
    "FLOOR",
    "The greatest whole number that is not above; or the start of the unit of time that holds a time.",
    Math.floor,
    [
      ["FLOOR(1.7)", 1],
      ["FLOOR(-1.2)", -2],
      ["FLOOR(TIMESTAMP '2026-01-01 12:34:56' TO HOUR)", 1767268800000],
    ],
    [signature("time timestamp, unit unit -> timestamp", floorTime, { kernel: timeFloorKernel })],
  ),
  numeric(
    "CEIL",
    "The least whole number that is not below; or the start of the next unit of time unless the time is one.",
    Math.ceil,
    [
      ["CEIL(1.2)", 2],
      ["CEIL(TIMESTAMP '2026-01-01 12:34:56' TO HOUR)", 1767272400000],
    ],
    [signature("time timestamp, unit unit -> timestamp", ceilTime)],
    ["CEILING"],
  ),
  define(
    "maths",
    "ROUND",
    "Rounds to that many decimals (0 when left out), half away from zero; negative ones round before the point.",
    [
      signature("number bigint -> bigint", (x: number) => x),
      signature("number double -> double", (x: number) => roundDecimal(x, 0)),
      signature("number bigint, decimals bigint -> bigint", (x: number, n: number) => safe(roundDecimal(x, Math.min(n, 0)))),
      signature("number double, decimals bigint -> double", roundDecimal),
    ],
    [
      ["ROUND(2.5)", 3],
      ["ROUND(2.675, 2)", 2.68],
      ["ROUND(-1.005, 2)", -1.01],
      ["ROUND(1250, -2)", 1300],
    ],
  ),
  define(
    "maths",
    "TRUNCATE",
    "Cuts decimals off behind that many (0 when left out).",
    [
      signature("number double -> double", (x: number) => truncateDecimal(x, 0)),
      signature("number bigint, decimals bigint -> bigint", (x: number, n: number) => safe(truncateDecimal(x, Math.min(n, 0)))),
      signature("number double, decimals bigint -> double", truncateDecimal),
    ],
    [
      ["TRUNCATE(2.679, 2)", 2.67],
      ["TRUNCATE(-1.9)", -1],
    ],
  ),
  real("SQRT", "Square root; NULL of a negative number.", Math.sqrt, [
    ["SQRT(9)", 3],
    ["SQRT(-1)", null],
  ]),
  define(
    "maths",
    "POWER",
    "The first number to the power of the second.",
    [signature("base double, exponent double -> double", (x: number, y: number) => finite(x ** y))],
    [
      ["POWER(2, 10)", 1024],
      ["POWER(10, 400)", null],
    ],
  ),
  real("EXP", "e to the power of the number.", Math.exp, [["EXP(0)", 1]]),
  real("LN", "Natural logarithm; NULL of a number that is not positive.", Math.log, [
    ["LN(1)", 0],
    ["LN(0)", null],
  ]),
  real("LOG10", "Logarithm to base 10.", Math.log10, [["LOG10(1000)", 3]]),
  real("LOG2", "Logarithm to base 2.", Math.log2, [["LOG2(8)", 3]]),
  real("SIN", "Sine of an angle in radians.", Math.sin, [["SIN(0)", 0]]),
  real("COS", "Cosine of an angle in radians.", Math.cos, [["COS(0)", 1]]),
  real("TAN", "Tangent of an angle in radians.", Math.tan, [["TAN(0)", 0]]),
  real("ASIN", "Arc sine, in radians.", Math.asin, [
    ["ASIN(0)", 0],
    ["ASIN(2)", null],
  ]),
  real("ACOS", "Arc cosine, in radians.", Math.acos, [["ACOS(1)", 0]]),
  real("ATAN", "Arc tangent, in radians.", Math.atan, [["ATAN(0)", 0]]),
  real("RADIANS", "Degrees as radians.", (x) => (x / 180) * Math.PI, [["RADIANS(180)", Math.PI]]),
  real("DEGREES", "Radians as degrees.", (x) => (x * 180) / Math.PI, [["DEGREES(PI())", 180]]),
  define("maths", "PI", "The number π.", [signature("-> double", () => Math.PI)], [["PI()", Math.PI]]),
  define(
    "maths",
    "GREATEST",
    "The greatest of all; NULL when one is NULL.",
    [signature("value C... -> C", (...values: readonly unknown[]) => extreme(">", values), { kernel: extremeKernel(">") })],
    [
      ["GREATEST(1, 3, 2)", 3],
      ["GREATEST('a', 'b')", "b"],
      ["GREATEST(1, NULL)", null],
    ],
  ),
  define(
    "maths",
    "LEAST",
    "The least of all; NULL when one is NULL.",
    [signature("value C... -> C", (...values: readonly unknown[]) => extreme("<", values), { kernel: extremeKernel("<") })],
    [["LEAST(1, 0.5, 2)", 0.5]],
  ),
];
