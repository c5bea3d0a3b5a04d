import { type DateFormat, parseDateFormat, writeDate } from "../values/date-format.ts";
import type { KernelBuilder } from "./kernel-builder.ts";
import { liveRows } from "./live-rows.ts";
import { StringOutput } from "./output-column.ts";

/** How many steps of time are remembered. */
const maxRemembered = 16_384;

/**
 * DATE_FORMAT with a constant format: the text is made once for each step of time in which it cannot change
 * (a minute for `HH:mm`), and rows look up its id.
 */
export const dateFormatKernel: KernelBuilder = (call, compiler) => {
  const [time, pattern] = call.args;
  if (pattern.kind !== "literal" || typeof pattern.value !== "string") return null;
  const parsed = parseDateFormat(pattern.value);
  if (!("format" in parsed)) return null;
  const argument = compiler.kernel(time);
  const output = new StringOutput();
  const known = new Map<number, number>();
  let dictionary = output.dictionary;
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    if (dictionary !== output.dictionary || known.size > maxRemembered) known.clear();
    dictionary = output.dictionary;
    const { values, valid } = column;
    const rows = liveRows(batch);
    let lastStep = Number.NaN;
    let lastId = -1;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      if (valid !== null && valid[i] === 0) {
        output.setNull(i);
        continue;
      }
      const step = Math.floor(values[i] / parsed.format.stepMs);
      if (step !== lastStep) {
        lastStep = step;
        lastId = idOf(step, values[i], parsed.format, known, output);
      }
      if (lastId === -1) output.setNull(i);
      else output.ids[i] = lastId;
    }
    return output.column();
  };
};

function idOf(step: number, ms: number, format: DateFormat, known: Map<number, number>, output: StringOutput): number {
  const seen = known.get(step);
  if (seen !== undefined) return seen;
  const text = writeDate(format, ms);
  const id = text === null ? -1 : output.dictionary.intern(text);
  known.set(step, id);
  return id;
}
