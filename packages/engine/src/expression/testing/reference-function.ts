import type { FieldType } from "../../types/field-type.ts";

/** A function on plain values, as SQL says what it is; `types` are those of the arguments, `result` that of the call. */
export type ReferenceFunction = (args: readonly unknown[], types: readonly FieldType[], result: FieldType) => unknown;

/** The greatest whole number that counts exactly. */
export const mostWhole = Number.MAX_SAFE_INTEGER;
/** The years 1 to 9999, ms since 1970. */
export const firstTime = -62_135_596_800_000;
export const lastTime = 253_402_300_799_999;
/** The longest text that a function gives, in UTF-16 units. */
export const longestText = 65_536;

/** NULL as soon as one argument is. */
export function strict(evaluate: ReferenceFunction): ReferenceFunction {
  return (args, types, result) => (args.includes(null) ? null : evaluate(args, types, result));
}

/** A whole number that its type can hold, else NULL. */
export function wholeOrNull(value: bigint | number, result: FieldType): number | null {
  const [least, most] = result.kind === "timestamp" ? [firstTime, lastTime] : [-mostWhole, mostWhole];
  return value >= least && value <= most ? Number(value) : null;
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function textOrNull(text: string): string | null {
  return text.length > longestText ? null : text;
}
