/**
 * A double as Flink (Java) writes it: `1.0`, `0.001`, `1.0E7`; the shortest digits that read back as the same
 * number, with an exponent below 0.001 and from 10,000,000 on.
 */
export function writeDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const [digits, exponent] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** A whole number from text; digits behind a point are cut. Null when it is none or beyond ±2^53. */
export function parseBigint(text: string): number | null {
  if (text.length > 400 || !/^\s*[+-]?\d+(\.\d*)?\s*$/.test(text)) return null;
  const value = Math.trunc(Number(text)) + 0;
  return Number.isSafeInteger(value) ? value : null;
}

/** A finite double from text; null when it is none. */
export function parseDouble(text: string): number | null {
  if (text.length > 400 || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

const truths = new Set(["t", "true", "y", "yes", "1"]);
const falsehoods = new Set(["f", "false", "n", "no", "0"]);

/** TRUE for t, true, y, yes and 1, FALSE for f, false, n, no and 0, in any case; else null. */
export function parseBoolean(text: string): boolean | null {
  if (text.length > 16) return null;
  const word = text.trim().toLowerCase();
  if (truths.has(word)) return true;
  return falsehoods.has(word) ? false : null;
}
