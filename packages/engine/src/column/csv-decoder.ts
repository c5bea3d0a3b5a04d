import { parse } from "csv-parse/browser/esm/sync";
import type { DeadLetter } from "../connector/source-port.ts";
import type { Field } from "../types/field-type.ts";
import type { JsonValue } from "../types/json-value.ts";
import { cellFromText, Misfit } from "./cell-value.ts";
import { rawText } from "./json-decoder.ts";
import type { DecodedRecords, RecordDecoder } from "./record-decoder.ts";
import { RowColumns } from "./row-columns.ts";
import { utf8Text } from "./utf8-strings.ts";

/** What csv-parse gives for each record when asked for its position. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Decodes CSV (RFC 4180 and its common relaxations, by csv-parse). With a header its names say which column is
 * which field; without one the columns are the fields in their order. Quoted cells may hold line breaks.
 */
export function createCsvDecoder(
  fields: readonly Field[],
  live: readonly boolean[],
  options: { readonly delimiter: string; readonly header: boolean },
): RecordDecoder {
  return new CsvDecoder(fields, live, options);
}

class CsvDecoder implements RecordDecoder {
  readonly #fields: readonly Field[];
  readonly #live: readonly boolean[];
  readonly #delimiter: string;
  readonly #columns: RowColumns;
  /** Names of the columns of the file; null while the header has not been seen. */
  #names: readonly string[] | null;
  #records: readonly ParsedRecord[] = [];
  #broken: DeadLetter[] = [];
  #next = 0;
  #firstLine = 0;

  constructor(fields: readonly Field[], live: readonly boolean[], options: { readonly delimiter: string; readonly header: boolean }) {
    this.#fields = fields;
    this.#live = live;
    this.#delimiter = options.delimiter;
    this.#columns = new RowColumns(fields, live);
    this.#names = options.header ? null : fields.map((field) => field.name);
  }

  begin(bytes: Uint8Array, firstLine: number): void {
    this.#firstLine = firstLine;
    this.#next = 0;
    this.#broken = [];
    this.#records = [];
    const text = utf8Text(bytes, 0, bytes.length) ?? this.#textOfGoodLines(bytes);
    try {
      // The overloads of csv-parse do not know that `info` changes what a record is.
      this.#records = parse(text, {
        delimiter: this.#delimiter,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        info: true,
        bom: true,
      }) as unknown as ParsedRecord[];
    } catch (cause) {
      const reason = `not CSV: ${cause instanceof Error ? cause.message : String(cause)}`;
      this.#broken.push({ position: `line ${firstLine}`, reason, raw: text.slice(0, 4096) });
    }
  }

  next(maxRows: number): DecodedRecords | null {
    const columns = this.#columns;
    columns.reset();
    const deadLetters = this.#broken;
    this.#broken = [];
    let records = deadLetters.length;
    while (records < maxRows && this.#next < this.#records.length) {
      const parsed = this.#records[this.#next++];
      if (this.#names === null) {
        this.#names = parsed.record.map((name) => name.trim());
        continue;
      }
      records++;
      const reason = this.#fill(parsed.record, this.#names);
      if (reason === null) columns.rows++;
      else {
        columns.dropRow();
        deadLetters.push({
          position: `line ${this.#firstLine + parsed.info.lines - 1}`,
          reason,
          raw: parsed.record.join(this.#delimiter).slice(0, 4096),
        });
      }
    }
    return records === 0 ? null : { batch: columns.batch(), deadLetters, records };
  }

  state(): JsonValue {
    return this.#names === null ? null : [...this.#names];
  }

  restoreState(state: JsonValue): void {
    if (Array.isArray(state)) this.#names = state.map(String);
  }

  /** The text with an empty line in place of each that is no UTF-8; those become dead letters. */
  #textOfGoodLines(bytes: Uint8Array): string {
    const lines: string[] = [];
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(0x0a, start);
      const end = found < 0 ? bytes.length : found;
      const text = utf8Text(bytes, start, end);
      if (text === null) {
        const position = `line ${this.#firstLine + lines.length}`;
        this.#broken.push({ position, reason: "not UTF-8: the line holds bytes that are no text", raw: rawText(bytes, start, end) });
      }
      lines.push(text ?? "");
      start = end + 1;
    }
    return lines.join("\n");
  }

  #fill(record: readonly string[], names: readonly string[]): string | null {
    if (record.length !== names.length) return `the record has ${record.length} cells, but there are ${names.length} columns`;
    for (let i = 0; i < this.#fields.length; i++) {
      if (!this.#live[i]) continue;
      const { name, type } = this.#fields[i];
      const at = names.indexOf(name);
      const cell = at < 0 ? null : cellFromText(name, type, record[at]);
      if (cell instanceof Misfit) return cell.reason;
      this.#columns.setCell(i, cell);
    }
    return null;
  }
}
