/** U+2009: between thousands, and before a unit. */
export const thinSpace = "\u2009";

/** A number in at most four figures: `0`, `0.4`, `38`, `1.2k`, `48k`, `3.1M`; a dash for what is not a number. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size < 0.05) return "0";
  if (size < 9.95) return trim(value.toFixed(1));
  if (size < 999.5) return String(Math.round(value));
  if (size < 9950) return `${trim((value / 1000).toFixed(1))}k`;
  if (size < 999_500) return `${Math.round(value / 1000)}k`;
  if (size < 9_950_000) return `${trim((value / 1e6).toFixed(1))}M`;
  if (size < 999_500_000) return `${Math.round(value / 1e6)}M`;
  return `${trim((value / 1e9).toFixed(1))}G`;
}

/** Records a second: `1.2k/s`. */
export function rateWords(perSecond: number): string {
  return `${shortNumber(perSecond)}/s`;
}

/** A whole number with thin spaces between the thousands: `12 000`. */
export function countWords(count: number): string {
  if (!Number.isFinite(count)) return "–";
  const digits = String(Math.abs(Math.round(count))).replace(/\B(?=(\d{3})+$)/g, thinSpace);
  return count <= -0.5 ? `−${digits}` : digits;
}

/** A count with its noun: `1 record`, `12 records`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countWords(count)} ${count === 1 ? one : many}`;
}

/** A size in memory: `812 B`, `1.4 MB` (powers of 1024). */
export function bytesWords(bytes: number): string {
  if (!Number.isFinite(bytes)) return "–";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 9.95 ? String(Math.round(value)) : trim(value.toFixed(1));
  return `${digits}${thinSpace}${units[unit]}`;
}

/** A share of one as per cent: `62 %`. */
export function shareWords(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)}${thinSpace}%` : "–";
}

function trim(text: string): string {
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}
