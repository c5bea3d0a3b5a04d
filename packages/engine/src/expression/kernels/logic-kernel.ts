import { type Batch, withSelection } from "../../column/batch.ts";
import type { Column } from "../../column/column.ts";
import type { Kernel, Predicate } from "../kernel.ts";
import type { KernelBuilder, PredicateBuilder } from "./kernel-builder.ts";
import { liveRows, mergeRows, SelectionBuffer, withoutRows } from "./live-rows.ts";
import { BooleanOutput } from "./output-column.ts";

/** AND and OR of any number of conditions, three-valued: the deciding value (FALSE, TRUE) wins over NULL. */
export function junctionKernel(deciding: boolean): KernelBuilder {
  return (call, compiler) => {
    const kernels = call.args.map((arg) => compiler.kernel(arg));
    const output = new BooleanOutput();
    const decided = deciding ? 1 : 0;
    return (batch) => {
      output.begin(batch.length);
      const rows = liveRows(batch);
      // 2 = NULL, until the end.
      for (let j = 0; j < batch.selected; j++) output.values[rows[j]] = 1 - decided;
      for (const kernel of kernels) fold(batch, kernel(batch), decided, output.values);
      for (let j = 0; j < batch.selected; j++) if (output.values[rows[j]] === 2) output.setNull(rows[j]);
      return output.column();
    };
  };
}

function fold(batch: Batch, column: Column, decided: number, into: Uint8Array): void {
  if (column.kind !== "boolean") return;
  const { values, valid } = column;
  const rows = liveRows(batch);
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    if (valid !== null && valid[i] === 0) {
      if (into[i] !== decided) into[i] = 2;
    } else if (values[i] === decided) into[i] = decided;
  }
}

/** The rows for which all conditions are TRUE: each narrows the selection of the next. */
export const conjunctionPredicate: PredicateBuilder = (call, compiler) => {
  const predicates = call.args.map((arg) => compiler.predicate(arg));
  return (batch, into) => {
    let narrowed = batch;
    for (const predicate of predicates) {
      const count = predicate(narrowed, into);
      if (count === 0) return 0;
      narrowed = withSelection(batch, into, count);
    }
    return narrowed.selected;
  };
};

/** The rows for which some condition is TRUE: each is asked only for the rows that are still open. */
export const disjunctionPredicate: PredicateBuilder = (call, compiler) => {
  const predicates = call.args.map((arg) => compiler.predicate(arg));
  const open = new SelectionBuffer();
  const matched = new SelectionBuffer();
  const gathered = [new SelectionBuffer(), new SelectionBuffer()];
  return (batch, into) => {
    const openRows = open.for(batch);
    let openCount = batch.selected;
    openRows.set(liveRows(batch).subarray(0, openCount));
    let found = gathered[0].for(batch);
    let spare = gathered[1].for(batch);
    let count = 0;
    for (const predicate of predicates) {
      if (openCount === 0) break;
      const rows = matched.for(batch);
      const added = predicate(withSelection(batch, openRows, openCount), rows);
      openCount = withoutRows(openRows, openCount, rows, added, openRows);
      count = mergeRows(found, count, rows, added, spare);
      [found, spare] = [spare, found];
    }
    into.set(found.subarray(0, count));
    return count;
  };
};

/** NOT: NULL stays NULL. */
export const negationKernel: KernelBuilder = (call, compiler) => {
  const kernel = compiler.kernel(call.args[0]);
  const output = new BooleanOutput();
  return (batch) => {
    const column = kernel(batch);
    output.begin(batch.length);
    if (column.kind !== "boolean") return output.column();
    const rows = liveRows(batch);
    for (let j = 0; j < batch.selected; j++) output.values[rows[j]] = 1 - column.values[rows[j]];
    return { kind: "boolean", values: output.values, valid: column.valid };
  };
};

export const negationPredicate: PredicateBuilder = (call, compiler) => selectBoolean(compiler.kernel(call.args[0]), 0, false);

/** The live rows where a boolean is `wanted` (0 or 1), or NULL when `orNull`. */
export function selectBoolean(kernel: Kernel, wanted: 0 | 1, orNull: boolean): Predicate {
  return (batch, into) => {
    const column = kernel(batch);
    if (column.kind !== "boolean") return 0;
    const { values, valid } = column;
    const rows = liveRows(batch);
    const ofNull = Number(orNull);
    let k = 0;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      const isNull = valid === null ? 0 : Number(valid[i] === 0);
      into[k] = i;
      k += (isNull & ofNull) | ((isNull ^ 1) & Number(values[i] === wanted));
    }
    return k;
  };
}

/** IS [NOT] TRUE and IS [NOT] FALSE: never NULL. */
export function truthKernel(wanted: 0 | 1, negated: boolean): KernelBuilder {
  return (call, compiler) => {
    const kernel = compiler.kernel(call.args[0]);
    const output = new BooleanOutput();
    return (batch) => {
      const column = kernel(batch);
      output.begin(batch.length);
      if (column.kind !== "boolean") return output.column();
      const { values, valid } = column;
      const rows = liveRows(batch);
      for (let j = 0; j < batch.selected; j++) {
        const i = rows[j];
        const holds = (valid === null || valid[i] !== 0) && values[i] === wanted;
        output.values[i] = holds === negated ? 0 : 1;
      }
      return output.column();
    };
  };
}

export function truthPredicate(wanted: 0 | 1, negated: boolean): PredicateBuilder {
  return (call, compiler) => {
    const kernel = compiler.kernel(call.args[0]);
    return negated ? selectBoolean(kernel, wanted === 1 ? 0 : 1, true) : selectBoolean(kernel, wanted, false);
  };
}

/** IS NULL, or IS NOT NULL when `negated`. */
export function nullKernel(negated: boolean): KernelBuilder {
  return (call, compiler) => {
    const kernel = compiler.kernel(call.args[0]);
    const output = new BooleanOutput();
    return (batch) => {
      const { valid } = kernel(batch);
      output.begin(batch.length);
      const rows = liveRows(batch);
      for (let j = 0; j < batch.selected; j++) {
        const i = rows[j];
        const missing = valid !== null && valid[i] === 0;
        output.values[i] = missing === negated ? 0 : 1;
      }
      return output.column();
    };
  };
}

export function nullPredicate(negated: boolean): PredicateBuilder {
  return (call, compiler) => {
    const kernel = compiler.kernel(call.args[0]);
    return (batch, into) => {
      const { valid } = kernel(batch);
      const rows = liveRows(batch);
      const flip = Number(negated);
      let k = 0;
      for (let j = 0; j < batch.selected; j++) {
        const i = rows[j];
        into[k] = i;
        k += (valid === null ? 0 : Number(valid[i] === 0)) ^ flip;
      }
      return k;
    };
  };
}
