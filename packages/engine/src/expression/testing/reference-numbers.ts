import { finiteOrNull, mostWhole, type ReferenceFunction, strict, wholeOrNull } from "./reference-function.ts";
import { isBefore } from "./reference-order.ts";

/** `+ - * / %`: whole types count exactly and without end, and what does not fit afterwards is NULL. */
function arithmetic(whole: (a: bigint, b: bigint) => bigint | null, real: (a: number, b: number) => number): ReferenceFunction {
  return strict(([a, b], _types, result) => {
    const [x, y] = [Number(a), Number(b)];
    if (result.kind === "double") return finiteOrNull(real(x, y));
    const value = whole(BigInt(x), BigInt(y));
    return value === null ? null : wholeOrNull(value, result);
  });
}

function ofReal(evaluate: (x: number) => number): ReferenceFunction {
  return strict(([x]) => finiteOrNull(evaluate(Number(x))));
}

/** The same for whole numbers and doubles; whole ones have no -0. */
function ofNumber(evaluate: (x: number) => number): ReferenceFunction {
  return strict(([x], _types, result) => (result.kind === "double" ? evaluate(Number(x)) : evaluate(Number(x)) + 0));
}

/** The decimal digits of a positive number in its shortest form: `digits` × 10^`exponent`. */
function decimal(size: number): { readonly digits: bigint; readonly exponent: number } {
  const [mantissa, exponent] = size.toExponential().split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** At `places` decimals, half away from zero (or cut): in decimal digits, as a person does it. */
function atDecimals(value: number, places: number, half: boolean): number {
  if (value === 0) return value;
  const { digits, exponent } = decimal(Math.abs(value));
  const dropped = -places - exponent;
  if (dropped <= 0) return value;
  const unit = dropped > 700 ? null : 10n ** BigInt(dropped);
  const kept = unit === null ? 0n : (digits + (half ? unit / 2n : 0n)) / unit;
  const size = kept === 0n ? 0 : Number(`${kept}e${-places}`);
  return value < 0 ? -size : size;
}

function decimals(half: boolean): ReferenceFunction {
  return strict(([x, n], types, result) => {
    const [value, places] = [Number(x), types.length === 1 ? 0 : Number(n)];
    if (result.kind === "double") return half ? finiteOrNull(atDecimals(value, places, true)) : atDecimals(value, places, false);
    if (types.length === 1) return value;
    const whole = atDecimals(value, Math.min(places, 0), half);
    return Number.isSafeInteger(whole) ? whole + 0 : null;
  });
}

function extreme(better: (a: unknown, b: unknown) => boolean): ReferenceFunction {
  return strict((args) => args.reduce((best, value) => (better(value, best) ? value : best)));
}

/** Arithmetic and maths. */
export const referenceNumbers: Readonly<Record<string, ReferenceFunction>> = {
  "+": arithmetic(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  "-": arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  "*": arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  "/": arithmetic(
    (a, b) => (b === 0n ? null : a / b),
    (a, b) => a / b,
  ),
  "%": arithmetic(
    (a, b) => (b === 0n ? null : a % b),
    (a, b) => a % b,
  ),
  NEGATE: strict(([x], _types, result) => (result.kind === "double" ? -Number(x) : 0 - Number(x))),
  ABS: ofNumber((x) => (x < 0 || Object.is(x, -0) ? -x : x)),
  SIGN: ofNumber((x) => (x > 0 ? 1 : x < 0 ? -1 : x)),
  FLOOR: ofNumber(Math.floor),
  CEIL: ofNumber(Math.ceil),
  ROUND: decimals(true),
  TRUNCATE: decimals(false),
  SQRT: ofReal(Math.sqrt),
  POWER: strict(([x, y]) => finiteOrNull(Number(x) ** Number(y))),
  EXP: ofReal(Math.exp),
  LN: ofReal(Math.log),
  LOG10: ofReal(Math.log10),
  LOG2: ofReal(Math.log2),
  SIN: ofReal(Math.sin),
  COS: ofReal(Math.cos),
  TAN: ofReal(Math.tan),
  ASIN: ofReal(Math.asin),
  ACOS: ofReal(Math.acos),
  ATAN: ofReal(Math.atan),
  RADIANS: ofReal((x) => (x / 180) * Math.PI),
  DEGREES: ofReal((x) => (x * 180) / Math.PI),
  PI: () => Math.PI,
  GREATEST: extreme((a, b) => isBefore(b, a)),
  LEAST: extreme((a, b) => isBefore(a, b)),
};

/** A double cut to a whole number, or NULL. */
export function cutToWhole(x: number): number | null {
  return Number.isFinite(x) && Math.abs(x) < mostWhole + 1 ? Number(BigInt(Math.trunc(x))) : null;
}
