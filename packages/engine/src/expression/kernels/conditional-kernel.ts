import { type Batch, withSelection } from "../../column/batch.ts";
import type { Column } from "../../column/column.ts";
import type { Kernel, Predicate } from "../kernel.ts";
import type { TypedExpression } from "../typed-expression.ts";
import { comparisonKernel, comparisonPredicate } from "./comparison-kernel.ts";
import type { Compiler, KernelBuilder } from "./kernel-builder.ts";
import { liveRows, SelectionBuffer, withoutRows } from "./live-rows.ts";
import { selectBoolean } from "./logic-kernel.ts";
import { type OutputColumn, outputFor } from "./output-column.ts";

/** CASE WHEN … THEN … END and IF: conditions and values in turn, then the value for the rest. */
export const caseKernel: KernelBuilder = (call, compiler) => {
  const branches: Branch[] = [];
  for (let k = 0; k + 1 < call.args.length; k += 2) {
    branches.push({ when: compiler.predicate(call.args[k]), value: compiler.kernel(call.args[k + 1]) });
  }
  const otherwise = compiler.kernel(call.args[call.args.length - 1]);
  return choose(outputFor(call.type), branches, otherwise);
};

interface Branch {
  readonly when: Predicate;
  readonly value: Kernel;
}

/** Each condition is asked only for the rows that are still open, each value computed only for its own rows. */
function choose(output: OutputColumn, branches: readonly Branch[], otherwise: Kernel): Kernel {
  const open = new SelectionBuffer();
  const matched = new SelectionBuffer();
  return (batch) => {
    output.begin(batch.length);
    const openRows = open.for(batch);
    let openCount = batch.selected;
    openRows.set(liveRows(batch).subarray(0, openCount));
    for (const { when, value } of branches) {
      if (openCount === 0) break;
      const rows = matched.for(batch);
      const count = when(withSelection(batch, openRows, openCount), rows);
      if (count === 0) continue;
      output.copyRows(value(withSelection(batch, rows, count)), rows, count);
      openCount = withoutRows(openRows, openCount, rows, count, openRows);
    }
    if (openCount > 0) output.copyRows(otherwise(withSelection(batch, openRows, openCount)), openRows, openCount);
    return output.column();
  };
}

/**
 * CASE value WHEN … THEN … END: the value is computed once. Comparisons run over a batch of two columns, the
 * value and the one that it is compared with.
 */
export const caseOfKernel: KernelBuilder = (call, compiler) => {
  const [subject] = call.args;
  const kernel = compiler.kernel(subject);
  const shared: { column: Column | null } = { column: null };
  const branches: Branch[] = [];
  for (let k = 1; k + 1 < call.args.length; k += 2) {
    branches.push({ when: equalsShared(call.args[k], subject, shared, compiler), value: compiler.kernel(call.args[k + 1]) });
  }
  const chosen = choose(outputFor(call.type), branches, compiler.kernel(call.args[call.args.length - 1]));
  return (batch) => {
    shared.column = kernel(batch);
    return chosen(batch);
  };
};

function equalsShared(when: TypedExpression, subject: TypedExpression, shared: { column: Column | null }, compiler: Compiler): Predicate {
  const field = (index: number, of: TypedExpression): TypedExpression => ({ kind: "field", type: of.type, index, name: "", span: of.span });
  const right = when.kind === "literal" ? when : field(1, when);
  const equals = {
    kind: "call" as const,
    type: { kind: "boolean" as const },
    name: "=",
    args: [field(0, subject), right],
    span: when.span,
  };
  const other = compiler.kernel(when);
  const compiled = comparisonPredicate("=")(equals, compiler) ?? selectBoolean(comparisonKernel("=")(equals, compiler) ?? other, 1, false);
  return (batch, into) => compiled(pairOf(batch, shared.column, right === when ? null : other(batch)), into);
}

function pairOf(batch: Batch, left: Column | null, right: Column | null): Batch {
  return { ...batch, columns: [left, right] };
}

/** COALESCE: the first argument that is not NULL; later ones are computed only for the rows that are still open. */
export const coalesceKernel: KernelBuilder = (call, compiler) => {
  const kernels = call.args.map((arg) => compiler.kernel(arg));
  const output = outputFor(call.type);
  const open = new SelectionBuffer();
  return (batch) => {
    output.begin(batch.length);
    const openRows = open.for(batch);
    let openCount = batch.selected;
    openRows.set(liveRows(batch).subarray(0, openCount));
    for (const kernel of kernels) {
      if (openCount === 0) break;
      openCount = takePresent(output, kernel(withSelection(batch, openRows, openCount)), openRows, openCount);
    }
    for (let j = 0; j < openCount; j++) output.setNull(openRows[j]);
    return output.column();
  };
};

/** Copies the rows that hold a value and keeps the others in `rows`; gives how many are left. */
function takePresent(output: OutputColumn, column: Column, rows: Int32Array, count: number): number {
  const { valid } = column;
  let left = 0;
  for (let j = 0; j < count; j++) {
    const i = rows[j];
    if (valid !== null && valid[i] === 0) rows[left++] = i;
    else output.copy(i, column);
  }
  return left;
}
