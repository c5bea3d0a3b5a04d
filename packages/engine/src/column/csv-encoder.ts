import type { Field } from "../types/field-type.ts";
import type { Changelog } from "../types/stream-type.ts";
import type { Batch } from "./batch.ts";
import { valueAt } from "./column.ts";
import type { RecordEncoder } from "./record-decoder.ts";

/**
 * Encodes records as CSV lines (RFC 4180, line feeds), NULL as nothing. Text that a spreadsheet would take for a
 * formula (a first character of `= + - @`, tab or carriage return) is prefixed with `'`, as OWASP advises. There is
 * no header line: it belongs to a file, and the file sink writes it.
 */
export function createCsvEncoder(fields: readonly Field[], delimiter: string, changelog: Changelog): RecordEncoder {
  let lines: string[] = [];
  let size = 0;
  const operations = ["+I", "-U", "+U", "-D"];
  return {
    get size() {
      return size;
    },
    get records() {
      return lines.length;
    },
    write(batch: Batch): void {
      for (let at = 0; at < batch.selected; at++) {
        const row = batch.selection === null ? at : batch.selection[at];
        const cells = fields.map((_field, i) => {
          const column = batch.columns[i];
          return column === null || column === undefined ? "" : csvCell(valueAt(column, row), delimiter);
        });
        if (changelog !== "append") cells.unshift(operations[batch.kinds === null ? 0 : batch.kinds[row]]);
        const line = `${cells.join(delimiter)}\n`;
        lines.push(line);
        size += line.length;
      }
    },
    take(): readonly Uint8Array[] {
      const bytes = new TextEncoder().encode(lines.join(""));
      lines = [];
      size = 0;
      return [bytes];
    },
  };
}

/** One value as a CSV cell. */
export function csvCell(value: unknown, delimiter: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return quoteWhenNeeded(typeof value === "object" ? JSON.stringify(value) : String(value), delimiter);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return safe === "" || safe !== value ? quoted(safe) : quoteWhenNeeded(safe, delimiter);
}

function quoteWhenNeeded(text: string, delimiter: string): string {
  return text.includes('"') || text.includes("\n") || text.includes("\r") || text.includes(delimiter) ? quoted(text) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
