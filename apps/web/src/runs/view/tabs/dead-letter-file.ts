import type { DeadLetter } from "../../../live/live-event.ts";

/** Dead letters as a CSV table. A cell that a spreadsheet would take for a formula begins with a quote. */
export function deadLetterCsv(letters: readonly DeadLetter[]): string {
  const rows = letters.map(({ atMs, node, position, reason, raw }) => [new Date(atMs).toISOString(), node, position, reason, raw]);
  return [["when", "node", "position", "reason", "record"], ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
