import type { Batch } from "../../column/batch.ts";
import type { NumberColumn } from "../../column/column.ts";
import { columnKind } from "../../column/column.ts";
import type { Kernel } from "../kernel.ts";
import type { KernelBuilder } from "./kernel-builder.ts";
import { liveRows } from "./live-rows.ts";
import { NumberOutput } from "./output-column.ts";

/** LEAST (`<`) and GREATEST (`>`) of numbers: of equal ones the first, NULL when one is NULL. */
export function extremeKernel(comparison: "<" | ">"): KernelBuilder {
  return (call, compiler) => {
    if (columnKind(call.type) !== "number") return null;
    return extremeOf(
      comparison,
      call.args.map((arg) => compiler.kernel(arg)),
    );
  };
}

function extremeOf(comparison: "<" | ">", [first, ...others]: readonly Kernel[]): Kernel {
  const output = new NumberOutput();
  return (batch) => {
    output.begin(batch.length);
    const start = first(batch);
    output.copyRows(start, liveRows(batch), batch.selected);
    for (const other of others) {
      const column = other(batch);
      if (column.kind === "number") replaceBeyond(comparison, column, output, batch);
    }
    return output.column();
  };
}

/** Puts the numbers of a column in place of those that they are beyond. */
function replaceBeyond(comparison: "<" | ">", { values, valid }: NumberColumn, output: NumberOutput, batch: Batch): void {
  const into = output.values;
  const rows = liveRows(batch);
  if (valid !== null) for (let j = 0; j < batch.selected; j++) if (valid[rows[j]] === 0) output.setNull(rows[j]);
  if (comparison === "<") {
    for (let j = 0; j < batch.selected; j++) if (values[rows[j]] < into[rows[j]]) into[rows[j]] = values[rows[j]];
  } else {
    for (let j = 0; j < batch.selected; j++) if (values[rows[j]] > into[rows[j]]) into[rows[j]] = values[rows[j]];
  }
}
