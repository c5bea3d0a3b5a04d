import type { Column } from "../../column/column.ts";
import { valueAt } from "../../column/column.ts";
import { type FieldType, isNumeric, stringType } from "../../types/field-type.ts";
import type { Implementation, TypedCall } from "../functions/function-definition.ts";
import type { Kernel } from "../kernel.ts";
import type { TypedExpression } from "../typed-expression.ts";
import { dictionaryMap } from "./dictionary-map.ts";
import type { Compiler } from "./kernel-builder.ts";
import { literalKernel } from "./literal-kernel.ts";
import { liveRows, ValidityMerger } from "./live-rows.ts";
import { NumberOutput, outputFor, StringOutput } from "./output-column.ts";

/** A function of plain values; what it gets is what the checker has ensured. */
type Evaluate = (...args: readonly unknown[]) => unknown;

/**
 * The kernel of a call from its row-at-a-time meaning: constant when all arguments are, once per distinct
 * string when there is one string argument, a plain loop over typed arrays when all are numbers, else row by row.
 */
export function liftedKernel(call: TypedCall, implementation: Implementation, compiler: Compiler): Kernel {
  // Each overload's `evaluate` takes the types of its parameters, which the checker has matched with the arguments.
  const evaluate = implementation.evaluate as unknown as Evaluate;
  const propagate = implementation.nulls === "propagate";
  const literals = call.args.map((arg) => (arg.kind === "literal" ? arg.value : undefined));
  if (propagate && literals.includes(null)) return literalKernel(call.type, null);
  const open = call.args.filter((arg) => arg.kind !== "literal");
  if (open.length === 0) return literalKernel(call.type, evaluate(...literals) ?? null);
  if (open.length === 1) {
    const at = call.args.indexOf(open[0]);
    const single = oneArgument(evaluate, literals, at);
    if (open[0].type.kind === "string") return dictionaryMap(call.type, compiler.kernel(open[0]), single, propagate);
    if (propagate && isNumberColumn(open[0].type) && call.type.kind === "string") return numberToString(compiler.kernel(open[0]), single);
    if (propagate && isNumberColumn(open[0].type) && isNumberColumn(call.type)) return unaryNumbers(compiler.kernel(open[0]), single);
  }
  const numbers = propagate && isNumberColumn(call.type) && call.args.every((arg) => isNumberColumn(arg.type));
  if (numbers && call.args.length === 2)
    return binaryNumbers(
      call.args.map((arg) => compiler.kernel(arg)),
      evaluate,
    );
  return rowByRow(
    call,
    evaluate,
    propagate,
    call.args.map((arg) => compiler.kernel(arg)),
  );
}

function isNumberColumn(type: FieldType): boolean {
  return isNumeric(type) || type.kind === "timestamp" || type.kind === "interval";
}

/** `evaluate` with all but one argument fixed; the arguments stand in an array that is reused. */
function oneArgument(evaluate: Evaluate, literals: readonly unknown[], at: number): (value: unknown) => unknown {
  if (literals.length === 1) return evaluate;
  const [first, second, third] = literals;
  if (literals.length === 2) return at === 0 ? (value) => evaluate(value, second) : (value) => evaluate(first, value);
  if (literals.length === 3 && at === 0) return (value) => evaluate(value, second, third);
  const args = [...literals];
  return (value) => {
    args[at] = value;
    return evaluate(...args);
  };
}

function unaryNumbers(argument: Kernel, evaluate: Evaluate): Kernel {
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
      const result = valid !== null && valid[i] === 0 ? null : evaluate(values[i]);
      if (typeof result === "number") into[i] = result;
      else output.setNull(i);
    }
    return output.column();
  };
}

function binaryNumbers([left, right]: readonly Kernel[], evaluate: Evaluate): Kernel {
  const output = new NumberOutput();
  const merger = new ValidityMerger();
  return (batch) => {
    const a = left(batch);
    const b = right(batch);
    output.begin(batch.length);
    if (a.kind !== "number" || b.kind !== "number") return output.column();
    const valid = merger.both(a.valid, b.valid, batch);
    const rows = liveRows(batch);
    const into = output.values;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      const result = valid !== null && valid[i] === 0 ? null : evaluate(a.values[i], b.values[i]);
      if (typeof result === "number") into[i] = result;
      else output.setNull(i);
    }
    return output.column();
  };
}

/** How many numbers a kernel remembers the text of. */
const maxRememberedNumbers = 16_384;

/** Texts of numbers: the ids of numbers seen before are remembered. */
function numberToString(argument: Kernel, evaluate: Evaluate): Kernel {
  const output = new StringOutput();
  let dictionary = output.dictionary;
  const known = new Map<number, number>();
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    if (dictionary !== output.dictionary || known.size > maxRememberedNumbers) known.clear();
    dictionary = output.dictionary;
    const rows = liveRows(batch);
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      if (column.valid !== null && column.valid[i] === 0) {
        output.setNull(i);
        continue;
      }
      const value = column.values[i];
      let id = known.get(value);
      // A Map takes -0 for 0, whose text differs.
      if (id === undefined || value === 0) {
        const text = evaluate(value);
        id = typeof text === "string" ? dictionary.intern(text) : -1;
        known.set(value, id);
      }
      if (id < 0) output.setNull(i);
      else output.ids[i] = id;
    }
    return output.column();
  };
}

function rowByRow(call: TypedCall, evaluate: Evaluate, propagate: boolean, kernels: readonly Kernel[]): Kernel {
  const output = outputFor(call.type);
  const args: unknown[] = kernels.map(() => null);
  const columns: Column[] = [];
  return (batch) => {
    kernels.forEach((kernel, k) => {
      columns[k] = kernel(batch);
    });
    output.begin(batch.length);
    const rows = liveRows(batch);
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      let anyNull = false;
      for (let k = 0; k < columns.length; k++) {
        const value = valueAt(columns[k], i);
        if (value === null) anyNull = true;
        args[k] = value;
      }
      output.set(i, propagate && anyNull ? null : evaluate(...args));
    }
    return output.column();
  };
}

/** The constant that a call of constants is; null when it is none or its value is no literal. */
export function foldedLiteral(call: TypedCall, implementation: Implementation): TypedExpression | null {
  const values: unknown[] = [];
  for (const arg of call.args) {
    if (arg.kind !== "literal") return null;
    values.push(arg.value);
  }
  const isScalar = isNumberColumn(call.type) || call.type.kind === "boolean" || call.type.kind === stringType.kind;
  if (!isScalar) return null;
  const evaluate = implementation.evaluate as unknown as Evaluate;
  const value = implementation.nulls === "propagate" && values.includes(null) ? null : (evaluate(...values) ?? null);
  if (value !== null && typeof value !== "boolean" && typeof value !== "number" && typeof value !== "string") return null;
  return { kind: "literal", type: call.type, value, span: call.span };
}
