import type { Batch } from "../../column/batch.ts";
import type { Column, StringColumn } from "../../column/column.ts";
import type { Dictionary } from "../../column/dictionary.ts";
import type { Kernel, Predicate } from "../kernel.ts";
import type { TypedExpression } from "../typed-expression.ts";
import { compareStrings } from "../values/code-points.ts";
import { remainderOf } from "./arithmetic-kernel.ts";
import { dictionaryMap, dictionaryPredicate } from "./dictionary-map.ts";
import type { Compiler, KernelBuilder, PredicateBuilder } from "./kernel-builder.ts";
import { liveRows, ValidityMerger } from "./live-rows.ts";
import { type Comparison, markCompared, markRange, mirrored, rangeOf, selectCompared, selectRange } from "./number-comparison.ts";
import { BooleanOutput } from "./output-column.ts";
import { selectUnitStarts, unitStartOf } from "./time-floor-kernel.ts";
import { selectRemainder } from "./whole-remainder.ts";

/** True when `left comparison right` holds for two values of one type. */
export function compareValues(comparison: Comparison, left: unknown, right: unknown): boolean {
  if (typeof left === "string" && typeof right === "string") return holds(comparison, compareStrings(left, right));
  if (comparison === "=") return left === right;
  if (comparison === "<>") return left !== right;
  return holds(comparison, Number(left) - Number(right));
}

function holds(comparison: Comparison, order: number): boolean {
  switch (comparison) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** A comparison of an open expression with a constant, whichever side it stood on. */
interface WithConstant {
  readonly comparison: Comparison;
  readonly argument: TypedExpression;
  readonly constant: number | string;
}

function withConstant(comparison: Comparison, [left, right]: readonly TypedExpression[]): WithConstant | null {
  const constantOf = (side: TypedExpression): number | string | null =>
    side.kind === "literal" && (typeof side.value === "number" || typeof side.value === "string") ? side.value : null;
  const onRight = constantOf(right);
  if (onRight !== null) return { comparison, argument: left, constant: onRight };
  const onLeft = constantOf(left);
  return onLeft === null ? null : { comparison: mirrored(comparison), argument: right, constant: onLeft };
}

/** Comparison of numbers and strings over columns; other types are lifted. */
export function comparisonKernel(comparison: Comparison): KernelBuilder {
  return (call, compiler) => {
    const [left, right] = call.args;
    const fixed = withConstant(comparison, call.args);
    if (fixed !== null) return compareWithConstant(fixed, compiler);
    const a = compiler.kernel(left);
    const b = compiler.kernel(right);
    const output = new BooleanOutput();
    const merger = new ValidityMerger();
    return left.type.kind === "string"
      ? compareStringColumns(comparison, a, b, output, merger)
      : compareNumberColumns(comparison, a, b, output, merger);
  };
}

function compareWithConstant({ comparison, argument, constant }: WithConstant, compiler: Compiler): Kernel {
  const kernel = compiler.kernel(argument);
  if (typeof constant === "string") {
    return dictionaryMap({ kind: "boolean" }, kernel, (text) => compareValues(comparison, text, constant), true);
  }
  const range = rangeOf(comparison, constant);
  const output = new BooleanOutput();
  return (batch) => {
    const column = kernel(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    markRange(batch, column.values, range, output.values);
    return { kind: "boolean", values: output.values, valid: column.valid };
  };
}

/** Numbers and, for = and <>, booleans. */
function compareNumberColumns(comparison: Comparison, left: Kernel, right: Kernel, output: BooleanOutput, merger: ValidityMerger): Kernel {
  return (batch) => {
    const a = left(batch);
    const b = right(batch);
    output.begin(batch.length);
    const valid = merger.both(a.valid, b.valid, batch);
    if (a.kind === "number" && b.kind === "number") markCompared(batch, comparison, a.values, b.values, output.values);
    else if (a.kind === "boolean" && b.kind === "boolean") markBooleans(batch, comparison, a.values, b.values, output.values);
    else return allNull(batch, output);
    return { kind: "boolean", values: output.values, valid };
  };
}

function markBooleans(batch: Batch, comparison: Comparison, a: Uint8Array, b: Uint8Array, into: Uint8Array): void {
  const rows = liveRows(batch);
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    into[i] = holds(comparison, a[i] - b[i]) ? 1 : 0;
  }
}

/** Columns of the type of a bare NULL. */
function allNull(batch: Batch, output: BooleanOutput): Column {
  const rows = liveRows(batch);
  for (let j = 0; j < batch.selected; j++) output.setNull(rows[j]);
  return output.column();
}

function compareStringColumns(comparison: Comparison, left: Kernel, right: Kernel, output: BooleanOutput, merger: ValidityMerger): Kernel {
  return (batch) => {
    const a = left(batch);
    const b = right(batch);
    output.begin(batch.length);
    if (a.kind !== "string" || b.kind !== "string") return allNull(batch, output);
    const valid = merger.both(a.valid, b.valid, batch);
    const rows = liveRows(batch);
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      if (valid === null || valid[i] !== 0) output.values[i] = compareAt(comparison, a, b, i) ? 1 : 0;
    }
    return { kind: "boolean", values: output.values, valid };
  };
}

function compareAt(comparison: Comparison, a: StringColumn, b: StringColumn, i: number): boolean {
  if (a.dictionary === b.dictionary && a.ids[i] === b.ids[i]) return holds(comparison, 0);
  return holds(comparison, compareStrings(a.dictionary.text(a.ids[i]), b.dictionary.text(b.ids[i])));
}

/** Comparisons straight to a selection; null for what goes through the kernel. */
export function comparisonPredicate(comparison: Comparison): PredicateBuilder {
  return (call, compiler) => {
    const fixed = withConstant(comparison, call.args);
    if (fixed !== null) return selectWithConstant(fixed, compiler);
    if (call.args[0].type.kind === "string" || call.args[0].type.kind === "boolean") return null;
    const unitStart = comparison === "=" ? unitStartOf(call.args) : null;
    if (unitStart !== null) {
      const time = compiler.kernel(unitStart.time);
      return (batch, into) => {
        const column = time(batch);
        return column.kind === "number" ? selectUnitStarts(batch, column, unitStart, into) : 0;
      };
    }
    const left = compiler.kernel(call.args[0]);
    const right = compiler.kernel(call.args[1]);
    return (batch, into) => {
      const a = left(batch);
      const b = right(batch);
      return a.kind === "number" && b.kind === "number" ? selectCompared(batch, comparison, a, b, into) : 0;
    };
  };
}

function selectWithConstant({ comparison, argument, constant }: WithConstant, compiler: Compiler): Predicate {
  const divided = comparison === "=" && typeof constant === "number" ? remainderOf(argument) : null;
  if (divided !== null && typeof constant === "number") {
    const { divisor } = divided;
    const dividend = compiler.kernel(divided.dividend);
    return (batch, into) => {
      const column = dividend(batch);
      return column.kind === "number" ? selectRemainder(batch, column, divisor, constant, into) : 0;
    };
  }
  const kernel = compiler.kernel(argument);
  if (typeof constant === "string") {
    if (comparison === "=" || comparison === "<>") return selectString(kernel, constant, comparison === "=");
    return dictionaryPredicate(kernel, (text) => compareValues(comparison, text, constant), true);
  }
  const range = rangeOf(comparison, constant);
  return (batch, into) => {
    const column = kernel(batch);
    return column.kind === "number" ? selectRange(batch, column, range, into) : 0;
  };
}

function selectText(batch: Batch, { ids, valid, dictionary }: StringColumn, constant: string, equal: boolean, into: Int32Array): number {
  const rows = liveRows(batch);
  let k = 0;
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    if ((valid === null || valid[i] !== 0) && (dictionary.text(ids[i]) === constant) === equal) into[k++] = i;
  }
  return k;
}

/** Rows whose string is (or is not) a constant: its id is looked up whenever strings have come, rows compare ids where strings have one each. */
function selectString(kernel: Kernel, constant: string, equal: boolean): Predicate {
  let [searched, size, sought]: [Dictionary | null, number, number] = [null, 0, -1];
  return (batch, into) => {
    const column = kernel(batch);
    if (column.kind !== "string") return 0;
    const { ids, valid, dictionary } = column;
    dictionary.idsMatter = true;
    if (!dictionary.distinct) return selectText(batch, column, constant, equal, into);
    if (dictionary !== searched || (sought === -1 && dictionary.size !== size)) {
      [searched, size, sought] = [dictionary, dictionary.size, dictionary.find(constant)];
    }
    if (sought === -1 && equal) return 0;
    const rows = liveRows(batch);
    const flip = Number(!equal);
    let k = 0;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      into[k] = i;
      k += (Number(ids[i] === sought) ^ flip) & (valid === null ? 1 : Number(valid[i] !== 0));
    }
    return k;
  };
}
