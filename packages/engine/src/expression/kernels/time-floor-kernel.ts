import { minTimestampMs } from "../values/calendar.ts";
import { fixedUnitOf } from "../values/time-units.ts";
import type { KernelBuilder } from "./kernel-builder.ts";
import { liveRows } from "./live-rows.ts";
import { NumberOutput } from "./output-column.ts";

/** `FLOOR(time TO unit)` for units of a fixed length; others have no faster kernel. */
export const timeFloorKernel: KernelBuilder = (call, compiler) => {
  const [time, unit] = call.args;
  const fixed = unit.kind === "literal" && typeof unit.value === "string" ? fixedUnitOf(unit.value) : null;
  if (fixed === null) return null;
  const { sizeMs, shiftMs } = fixed;
  const argument = compiler.kernel(time);
  const output = new NumberOutput();
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    const { values, valid } = column;
    const rows = liveRows(batch);
    const into = output.values;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      const floor = Math.floor((values[i] + shiftMs) / sizeMs) * sizeMs - shiftMs;
      into[i] = floor;
      if (!(floor >= minTimestampMs) || (valid !== null && valid[i] === 0)) output.setNull(i);
    }
    return output.column();
  };
};
