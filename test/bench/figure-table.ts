import type { Figures } from "./bench-subject.ts";

const widths = [14, 8, 10, 8, 8, 8, 8, 8];

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" ");
}

/** The head of the table; rates are millions of records per CPU second. */
export const headerLines: readonly string[] = [line(["subject", "tier", "records", "rate", "target", "plain", "ratio", "floor"])];

export function figureLine({ subject, tier, records, rate, target, plainRate, ratio, floor }: Figures): string {
  const wanted = target === null ? "-" : target.toFixed(2);
  const missed = target !== null && rate < target ? "  below its target" : "";
  return `${line([subject, tier, String(records), rate.toFixed(2), wanted, plainRate.toFixed(2), `×${ratio.toFixed(2)}`, `×${floor}`])}${missed}`;
}
