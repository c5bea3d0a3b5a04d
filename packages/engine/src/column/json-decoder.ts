import type { DeadLetter } from "../connector/source-port.ts";
import type { Field } from "../types/field-type.ts";
import { cellFromJson, Misfit } from "./cell-value.ts";
import { createJsonAccelerator, type JsonAccelerator } from "./json-accelerator.ts";
import { JsonScanner } from "./json-scanner.ts";
import type { DecodedRecords, RecordDecoder } from "./record-decoder.ts";
import { RowColumns } from "./row-columns.ts";
import { utf8Text } from "./utf8-strings.ts";

/** A longer record goes to the dead letters. */
export const maxRecordBytes = 1 << 20;
const deepestRecord = 64;
const lineFeed = 0x0a;
const worthwhileRows = 4;
const mostMisses = 8;
const pauseLines = 512;

/**
 * Decodes JSON lines: one object a line. Broken records become dead letters with their line number.
 * `accelerated: false` leaves WebAssembly out, with the same results.
 */
export function createJsonDecoder(
  fields: readonly Field[],
  live: readonly boolean[],
  options: { readonly accelerated?: boolean } = {},
): RecordDecoder {
  return new JsonDecoder(fields, live, options.accelerated ?? true);
}

class JsonDecoder implements RecordDecoder {
  readonly #fields: readonly Field[];
  readonly #live: readonly boolean[];
  readonly #columns: RowColumns;
  readonly #scanner: JsonScanner;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #line = 0;
  readonly #accelerator: JsonAccelerator | null;
  /** Times in a row that the accelerator was not worth its call, and lines for which it is not asked again. */
  #misses = 0;
  #pause = 0;

  constructor(fields: readonly Field[], live: readonly boolean[], accelerated: boolean) {
    this.#fields = fields;
    this.#live = live;
    this.#columns = new RowColumns(fields, live);
    this.#scanner = new JsonScanner(fields, live, this.#columns);
    this.#accelerator = accelerated ? createJsonAccelerator(fields, live, this.#columns) : null;
  }

  begin(bytes: Uint8Array, firstLine: number): void {
    this.#bytes = bytes;
    this.#scanner.begin(bytes);
    this.#accelerator?.begin(bytes);
    this.#at = firstLine === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    this.#line = firstLine;
  }

  next(maxRows: number): DecodedRecords | null {
    const columns = this.#columns;
    const deadLetters: DeadLetter[] = [];
    columns.reset();
    let records = 0;
    while (records < maxRows && this.#at < this.#bytes.length) {
      const quick = this.#accelerate(maxRows - records);
      records += quick;
      if (records >= maxRows || this.#at >= this.#bytes.length) break;
      const start = this.#at;
      const line = this.#line++;
      const next = this.#scanner.scan(start);
      if (next >= 0) {
        this.#at = next;
        columns.rows++;
        records++;
        continue;
      }
      const found = this.#bytes.indexOf(lineFeed, start);
      const end = found < 0 ? this.#bytes.length : found;
      this.#at = end + 1;
      columns.dropRow();
      if (isBlank(this.#bytes, start, end)) continue;
      records++;
      const reason = this.#decodeSlowly(start, end);
      if (reason === null) columns.rows++;
      else {
        columns.dropRow();
        deadLetters.push({ position: `line ${line}`, reason, raw: rawText(this.#bytes, start, end) });
      }
    }
    return records === 0 ? null : { batch: columns.batch(), deadLetters, records };
  }

  /** Lets the accelerator take as many lines as it can from here; returns how many it took. */
  #accelerate(most: number): number {
    const accelerator = this.#accelerator;
    if (accelerator === null) return 0;
    if (this.#pause > 0) {
      this.#pause--;
      return 0;
    }
    if (!accelerator.expects(this.#scanner)) return 0;
    const rows = accelerator.scan(this.#at, most);
    this.#at = accelerator.stop;
    this.#line += rows;
    this.#columns.rows += rows;
    this.#misses = rows < worthwhileRows ? this.#misses + 1 : 0;
    if (this.#misses > mostMisses) {
      this.#misses = 0;
      this.#pause = pauseLines;
    }
    return rows;
  }

  state(): null {
    return null;
  }

  restoreState(): void {}

  /** Fills the row through `JSON.parse`; null when it worked, else why the record cannot be used. */
  #decodeSlowly(start: number, end: number): string | null {
    if (end - start > maxRecordBytes) return `TOO_LARGE: the record is ${end - start} bytes long; the limit is ${maxRecordBytes} bytes`;
    const text = utf8Text(this.#bytes, start, end);
    if (text === null) return "not UTF-8: the record holds bytes that are no text";
    if (isDeep(text)) return `TOO_DEEP: the record is nested more than ${deepestRecord} levels deep`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      return `not JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : String(cause)}`;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "not a JSON object: a record is an object with fields";
    for (let i = 0; i < this.#fields.length; i++) {
      if (!this.#live[i]) continue;
      const { name, type } = this.#fields[i];
      const cell = cellFromJson(name, type, Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null);
      if (cell instanceof Misfit) return cell.reason;
      this.#columns.setCell(i, cell);
    }
    return null;
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0x20 && bytes[i] !== 0x09 && bytes[i] !== 0x0d) return false;
  return true;
}

/** Nested deeper than a record may be; brackets inside strings do not count. */
function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === "\\") i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{" || char === "[") {
      if (++depth > deepestRecord + 1) return true;
    } else if (char === "}" || char === "]") depth--;
  }
  return false;
}

/** The record as it came, cut to 4 KB; bytes that are no text are shown as U+FFFD. */
export function rawText(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 4096)));
}
