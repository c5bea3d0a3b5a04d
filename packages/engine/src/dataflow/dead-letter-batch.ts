import type { Batch } from "../column/batch.ts";
import type { StringColumn } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import type { DeadLetter } from "../connector/source-port.ts";

/** Dead letters as a batch with the fields `position`, `reason`, `raw`; they carry no time. */
export function deadLetterBatch(letters: readonly DeadLetter[]): Batch {
  const time = new Float64Array(letters.length).fill(Number.NaN);
  const columns = [column(letters.map((l) => l.position)), column(letters.map((l) => l.reason)), column(letters.map((l) => l.raw))];
  return { length: letters.length, selection: null, selected: letters.length, columns, time, kinds: null };
}

function column(values: readonly string[]): StringColumn {
  const dictionary = new Dictionary();
  return { kind: "string", ids: Int32Array.from(values, (value) => dictionary.intern(value)), dictionary, valid: null };
}
