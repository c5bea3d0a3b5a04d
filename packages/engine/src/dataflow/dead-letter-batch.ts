import type { Batch } from "../column/batch.ts";
import { type StringColumn, valueAt } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import { deadLetterReason } from "../plan/lookup-operator.ts";

/** Dead letters as a batch with the fields `position`, `reason`, `raw`; they carry no time. */
export function deadLetterBatch(letters: readonly DeadLetter[]): Batch {
  const time = new Float64Array(letters.length).fill(Number.NaN);
  const columns = [column(letters.map((l) => l.position)), column(letters.map((l) => l.reason)), column(letters.map((l) => l.raw))];
  return { length: letters.length, selection: null, selected: letters.length, columns, time, kinds: null };
}

/** What an operator puts out on its port `dead_letter`, as a person reads it: the record as JSON, its event time and the reason. */
export function readDeadLetters(batch: Batch, step: PlanStep): readonly DeadLetter[] {
  const { fields } = step.outputs.dead_letter;
  return Array.from({ length: batch.selected }, (_, i) => {
    const row = batch.selection === null ? i : batch.selection[i];
    const record: Record<string, unknown> = Object.create(null);
    fields.forEach(({ name }, field) => {
      const column = batch.columns[field];
      if (column !== null && column !== undefined) record[name] = valueAt(column, row);
    });
    const { [deadLetterReason]: reason, ...rest } = record;
    const at = batch.time[row];
    const position = Number.isNaN(at) ? "a record without a time" : `the record of ${new Date(at).toISOString()}`;
    return { position, reason: String(reason ?? "it could not be processed"), raw: JSON.stringify(rest).slice(0, 4096) };
  });
}

function column(values: readonly string[]): StringColumn {
  const dictionary = new Dictionary();
  return { kind: "string", ids: Int32Array.from(values, (value) => dictionary.intern(value)), dictionary, valid: null };
}
