import type { Batch } from "../../column/batch.ts";
import type { Column, Validity } from "../../column/column.ts";
import type { FieldType } from "../../types/field-type.ts";
import type { Kernel } from "../kernel.ts";
import type { TypedExpression } from "../typed-expression.ts";
import { maxTimestampMs, minTimestampMs } from "../values/calendar.ts";
import type { KernelBuilder } from "./kernel-builder.ts";
import { liveRows, ValidityMerger } from "./live-rows.ts";
import { NumberOutput } from "./output-column.ts";
import { isQuickDivisor, wholeRemainders } from "./whole-remainder.ts";

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

/** The results that a type can hold; everything else (overflow, division by zero) is NULL. */
export function numberRange(type: FieldType): readonly [number, number] {
  switch (type.kind) {
    case "double":
      return [-Number.MAX_VALUE, Number.MAX_VALUE];
    case "timestamp":
      return [minTimestampMs, maxTimestampMs];
    default:
      return [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  }
}

/**
 * `+ - * / %` on number columns. The loop computes every live row; a second one looks for results outside of
 * the type's range, which become NULL. Results that are not double are whole and never -0.
 */
export function arithmetic(operator: ArithmeticOperator): KernelBuilder {
  return (call, compiler) => {
    const [left, right] = call.args;
    const whole = call.type.kind !== "double";
    const range = numberRange(call.type);
    if (right.kind === "literal" && typeof right.value === "number") {
      const divided = remainderOf(call);
      if (divided !== null) return remainder(compiler.kernel(divided.dividend), divided.divisor);
      return withConstant(operator, compiler.kernel(left), right.value, whole, range);
    }
    return ofColumns(operator, compiler.kernel(left), compiler.kernel(right), whole, range);
  };
}

/** What `x % constant` divides, where `wholeRemainders` knows the divisor; else null. */
export function remainderOf(expression: TypedExpression): { readonly dividend: TypedExpression; readonly divisor: number } | null {
  if (expression.kind !== "call" || expression.name !== "%" || expression.type.kind === "double") return null;
  const [dividend, right] = expression.args;
  const divisor = right.kind === "literal" && typeof right.value === "number" ? right.value : 0;
  return isQuickDivisor(divisor) ? { dividend, divisor } : null;
}

/** Results are whole and in the range of the type: there is nothing to look for afterwards. */
function remainder(argument: Kernel, divisor: number): Kernel {
  const output = new NumberOutput();
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    wholeRemainders(column.values, divisor, output.values, batch.selection, batch.selected);
    return { kind: "number", values: output.values, valid: column.valid };
  };
}

function withConstant(
  operator: ArithmeticOperator,
  argument: Kernel,
  constant: number,
  whole: boolean,
  range: readonly [number, number],
): Kernel {
  const output = new NumberOutput();
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    if (batch.selection === null) computeDense(operator, column.values, constant, output.values, batch.length);
    else computeSelected(operator, column.values, constant, output.values, batch.selection, batch.selected);
    return checked(batch, output, column.valid, whole && operator !== "+" && operator !== "-", operator === "/", range);
  };
}

function computeDense(operator: ArithmeticOperator, a: Float64Array, b: number, into: Float64Array, length: number): void {
  switch (operator) {
    case "+":
      for (let i = 0; i < length; i++) into[i] = a[i] + b;
      return;
    case "-":
      for (let i = 0; i < length; i++) into[i] = a[i] - b;
      return;
    case "*":
      for (let i = 0; i < length; i++) into[i] = a[i] * b;
      return;
    case "/":
      for (let i = 0; i < length; i++) into[i] = a[i] / b;
      return;
    case "%":
      for (let i = 0; i < length; i++) into[i] = a[i] % b;
  }
}

function computeSelected(
  operator: ArithmeticOperator,
  a: Float64Array,
  b: number,
  into: Float64Array,
  rows: Int32Array,
  count: number,
): void {
  switch (operator) {
    case "+":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] + b;
      return;
    case "-":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] - b;
      return;
    case "*":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] * b;
      return;
    case "/":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] / b;
      return;
    case "%":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] % b;
  }
}

function ofColumns(operator: ArithmeticOperator, left: Kernel, right: Kernel, whole: boolean, range: readonly [number, number]): Kernel {
  const output = new NumberOutput();
  const merger = new ValidityMerger();
  return (batch) => {
    const a = left(batch);
    const b = right(batch);
    output.begin(batch.length);
    if (a.kind !== "number" || b.kind !== "number") return output.column();
    computeColumns(operator, a.values, b.values, output.values, liveRows(batch), batch.selected);
    const valid = merger.both(a.valid, b.valid, batch);
    return checked(batch, output, valid, whole && operator !== "+" && operator !== "-", operator === "/", range);
  };
}

function computeColumns(
  operator: ArithmeticOperator,
  a: Float64Array,
  b: Float64Array,
  into: Float64Array,
  rows: Int32Array,
  count: number,
): void {
  switch (operator) {
    case "+":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] + b[rows[j]];
      return;
    case "-":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] - b[rows[j]];
      return;
    case "*":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] * b[rows[j]];
      return;
    case "/":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] / b[rows[j]];
      return;
    case "%":
      for (let j = 0; j < count; j++) into[rows[j]] = a[rows[j]] % b[rows[j]];
  }
}

/** Makes results whole where the type needs it, and NULL where the type cannot hold them. */
function checked(
  batch: Batch,
  output: NumberOutput,
  valid: Validity,
  toWhole: boolean,
  truncate: boolean,
  range: readonly [number, number],
): Column {
  const rows = liveRows(batch);
  const count = batch.selected;
  const into = output.values;
  if (toWhole && truncate) for (let j = 0; j < count; j++) into[rows[j]] = Math.trunc(into[rows[j]]) + 0;
  else if (toWhole) for (let j = 0; j < count; j++) into[rows[j]] += 0;
  const [least, most] = range;
  let outside = 0;
  for (let j = 0; j < count; j++) {
    const value = into[rows[j]];
    if (!(value >= least && value <= most)) outside++;
  }
  if (outside === 0) return { kind: "number", values: into, valid };
  for (let j = 0; j < count; j++) {
    const i = rows[j];
    const value = into[i];
    if (!(value >= least && value <= most) || (valid !== null && valid[i] === 0)) output.setNull(i);
  }
  return output.column();
}
